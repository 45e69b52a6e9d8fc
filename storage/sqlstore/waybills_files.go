package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/staff"
)

const proofColumns = `SELECT courier, id, waybill_id, kind, file, media, bytes, sha256, added_at FROM proof_file `

func readProof(s scanner) (f delivery.ProofFile, err error) {
	var sum []byte
	var at int64
	err = s.Scan(&f.Courier, &f.ID, &f.Waybill, &f.Kind, &f.File, &f.Media, &f.Bytes, &sum, &at)
	copy(f.SHA256[:], sum)
	f.AddedAt = moment(at)
	return f, err
}

// ProofFile implements delivery.Files.
func (q *queries) ProofFile(ctx context.Context, courier staff.ID, id string) (delivery.ProofFile, error) {
	return one(ctx, q, delivery.ErrNoEvidence, readProof, proofColumns+`WHERE courier = $1 AND id = $2`, courier, id)
}

// ProofFiles implements delivery.Files.
func (q *queries) ProofFiles(ctx context.Context, waybill string) ([]delivery.ProofFile, error) {
	return all(ctx, q, readProof, proofColumns+`WHERE waybill_id = $1 ORDER BY added_at, id`, waybill)
}

// InsertProofFile implements delivery.Files.
func (tx *Tx) InsertProofFile(ctx context.Context, f delivery.ProofFile) error {
	return tx.insert(ctx, delivery.ErrEvidenceID, `INSERT INTO proof_file (courier, id, waybill_id, kind, file, media, bytes, sha256, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		f.Courier, f.ID, f.Waybill, f.Kind, f.File, f.Media, f.Bytes, f.SHA256[:], millis(f.AddedAt))
}

// AgentsFor implements delivery.Tx.
func (q *queries) AgentsFor(ctx context.Context, person citizen.ID, item catalog.ItemCode, at time.Time) ([]citizen.Person, error) {
	return all(ctx, q, q.readPerson, personColumns+`WHERE p.closed_at = 0 AND (p.id IN (SELECT r.representative_id FROM representative r WHERE r.person_id = $1)
		OR p.id IN (SELECT g.agent_id FROM agency g WHERE g.principal_id = $1 AND g.state = 'active' AND g.ends_at > $2
			AND (g.every_item OR EXISTS (SELECT 1 FROM agency_item i WHERE i.agency_id = g.id AND i.item = $3))))
		ORDER BY p.id`, person, millis(at), item)
}
