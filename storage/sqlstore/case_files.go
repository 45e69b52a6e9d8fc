package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/casework"
)

const fileColumns = `SELECT f.id, f.case_id, f.material, f.name_sealed, f.media, f.bytes, f.sha256, f.added_at, coalesce(m.state, '')
	FROM case_file f LEFT JOIN media_check m ON m.file_id = f.id `

func (q *queries) readFile(s scanner) (f casework.File, err error) {
	var name []byte
	var at int64
	if err := s.Scan(&f.ID, &f.Case, &f.Material, &name, &f.Media, &f.Bytes, &f.SHA256, &at, &f.Check); err != nil {
		return f, err
	}
	f.AddedAt = moment(at)
	f.Name, err = q.opened("case_file", "name", f.ID, name)
	return f, err
}

// Files implements casework.Store.
func (q *queries) Files(ctx context.Context, id casework.ID) ([]casework.File, error) {
	return all(ctx, q, q.readFile, fileColumns+`WHERE f.case_id = $1 ORDER BY f.id`, id)
}

// File implements casework.Store.
func (q *queries) File(ctx context.Context, id casework.ID, file string) (casework.File, error) {
	return one(ctx, q, casework.ErrNoFile, q.readFile, fileColumns+`WHERE f.id = $2 AND f.case_id = $1`, id, file)
}

// CountFiles implements casework.Tx.
func (q *queries) CountFiles(ctx context.Context, id casework.ID) (int, error) {
	return scalarCount(ctx, q, `SELECT count(*) FROM case_file WHERE case_id = $1`, id)
}

// InsertFile implements casework.Tx.
func (tx *Tx) InsertFile(ctx context.Context, f casework.File) error {
	return tx.insert(ctx, casework.ErrHasFile, `INSERT INTO case_file (id, case_id, material, name_sealed, media, bytes, sha256, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, f.ID, f.Case, f.Material,
		tx.sealed("case_file", "name", f.ID, f.Name), f.Media, f.Bytes, f.SHA256, millis(f.AddedAt))
}

// InsertCommitment implements casework.Tx. Signing again, after the list of
// what is owed has changed, replaces the unsubmitted one.
func (tx *Tx) InsertCommitment(ctx context.Context, c casework.Commitment) error {
	id := string(c.Case)
	return tx.exec(ctx, `INSERT INTO commitment (case_id, text_sealed, digest, signed_by, level, signed_at, witness, signature_sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (case_id) DO UPDATE SET text_sealed = excluded.text_sealed,
		digest = excluded.digest, signed_by = excluded.signed_by, level = excluded.level, signed_at = excluded.signed_at,
		witness = excluded.witness, signature_sealed = excluded.signature_sealed`,
		id, tx.sealed("commitment", "text", id, c.Text), c.Digest, c.SignedBy, c.Level, millis(c.SignedAt),
		c.Witness, tx.sealed("commitment", "signature", id, string(c.Signature)))
}
