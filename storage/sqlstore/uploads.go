package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/scan"
)

var (
	_ scan.Store = Store[scan.Tx]{}
	_ scan.Tx    = (*Tx)(nil)
)

const uploadColumns = `SELECT id, case_id, person_id, material, name_sealed, bytes, sha256, direct, made_at, ends_at FROM upload `

func (q *queries) readUpload(s scanner) (u scan.Upload, err error) {
	var name []byte
	var made, ends int64
	if err := s.Scan(&u.ID, &u.Case, &u.Person, &u.Material, &name, &u.Bytes, &u.SHA256, &u.Direct, &made, &ends); err != nil {
		return u, err
	}
	u.MadeAt, u.Until = moment(made), moment(ends)
	u.Name, err = q.opened("upload", "name", u.ID, name)
	return u, err
}

// Upload implements scan.Store.
func (q *queries) Upload(ctx context.Context, id string, now time.Time) (scan.Upload, error) {
	u, err := one(ctx, q, scan.ErrNoUpload, q.readUpload, uploadColumns+`WHERE id = $1 AND ends_at > $2`, id, millis(now))
	if err != nil {
		return u, err
	}
	u.Have, err = all(ctx, q, scalar[int], `SELECT n FROM upload_part WHERE upload_id = $1 ORDER BY n`, id)
	return u, err
}

// EndedUploads implements scan.Store.
func (q *queries) EndedUploads(ctx context.Context, now time.Time, most int) ([]scan.Upload, error) {
	return all(ctx, q, q.readUpload, uploadColumns+`WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2`, millis(now), most)
}

// CountUploads implements scan.Tx.
func (q *queries) CountUploads(ctx context.Context, who string, now time.Time) (int, error) {
	return scalarCount(ctx, q, `SELECT count(*) FROM upload u WHERE u.person_id = $1 AND u.ends_at > $2
		AND NOT EXISTS (SELECT 1 FROM case_file f WHERE f.id = u.id)`, who, millis(now))
}

// InsertUpload implements scan.Tx.
func (tx *Tx) InsertUpload(ctx context.Context, u scan.Upload) error {
	return tx.exec(ctx, `INSERT INTO upload (id, case_id, person_id, material, name_sealed, bytes, sha256, direct, made_at, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, u.ID, u.Case, u.Person, u.Material,
		tx.sealed("upload", "name", u.ID, u.Name), u.Bytes, u.SHA256, u.Direct, millis(u.MadeAt), millis(u.Until))
}

// InsertPart implements scan.Tx.
func (tx *Tx) InsertPart(ctx context.Context, id string, n int, now time.Time) error {
	return tx.change(ctx, scan.ErrNoUpload, `INSERT INTO upload_part (upload_id, n) SELECT id, $2 FROM upload WHERE id = $1 AND ends_at > $3
		ON CONFLICT (upload_id, n) DO UPDATE SET n = excluded.n`, id, n, millis(now))
}

// EndUpload implements scan.Tx.
func (tx *Tx) EndUpload(ctx context.Context, id string, at time.Time) error {
	return tx.exec(ctx, `UPDATE upload SET ends_at = $2 WHERE id = $1 AND ends_at > $2`, id, millis(at))
}

// DeleteUpload implements scan.Tx.
func (tx *Tx) DeleteUpload(ctx context.Context, id string) error {
	if err := tx.exec(ctx, `DELETE FROM upload_part WHERE upload_id = $1`, id); err != nil {
		return err
	}
	return tx.exec(ctx, `DELETE FROM upload WHERE id = $1`, id)
}
