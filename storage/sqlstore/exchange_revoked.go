package sqlstore

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/pkg/exchange"
)

// RevokeUses implements exchange.Tx. Answers are forgotten with it, lest they
// be used again; a record that was replaced meanwhile may be forgotten with it,
// and is then asked for anew.
func (tx *Tx) RevokeUses(ctx context.Context, r exchange.Revocation) (int, error) {
	ended, err := tx.run.exec(ctx, `UPDATE shared_use SET state = 'revoked', ended_at = $3
		WHERE source = $1 AND state = 'in_use' AND (ref = $2 OR $2 = '') AND at >= $4`, r.Source, r.Ref, millis(r.At), millis(r.Since))
	if err != nil {
		return 0, err
	}
	return int(ended), tx.exec(ctx, `DELETE FROM shared_fact WHERE source = $1 AND (ref = $2 OR $2 = '') AND fetched_at >= $3`,
		r.Source, r.Ref, millis(r.Since))
}

// InsertRevocation implements exchange.Tx.
func (tx *Tx) InsertRevocation(ctx context.Context, r exchange.Revocation) error {
	return tx.exec(ctx, `INSERT INTO shared_revocation (id, source, ref, since, at, by_staff, reason_sealed, uses)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, r.ID, r.Source, r.Ref, millis(r.Since), millis(r.At), r.By,
		tx.sealed("shared_revocation", "reason", r.ID, r.Reason), r.Uses)
}

// Revocations implements exchange.Store.
func (q *queries) Revocations(ctx context.Context, before string, most int) ([]exchange.Revocation, error) {
	read := func(s scanner) (r exchange.Revocation, err error) {
		var reason []byte
		var since, at int64
		if err := s.Scan(&r.ID, &r.Source, &r.Ref, &since, &at, &r.By, &reason, &r.Uses); err != nil {
			return r, err
		}
		r.Since, r.At = moment(since), moment(at)
		r.Reason, err = q.opened("shared_revocation", "reason", r.ID, reason)
		return r, err
	}
	return all(ctx, q, read, `SELECT id, source, ref, since, at, by_staff, reason_sealed, uses FROM shared_revocation
		WHERE ($1 = '' OR id < $1) ORDER BY id DESC LIMIT $2`, before, most)
}

// Mark implements exchange.Store.
func (q *queries) Mark(ctx context.Context, source string) (string, error) {
	mark, err := one(ctx, q, errNone, scalar[string], `SELECT mark FROM shared_mark WHERE source = $1`, source)
	if errors.Is(err, errNone) {
		return "", nil
	}
	return mark, err
}

// SaveMark implements exchange.Tx.
func (tx *Tx) SaveMark(ctx context.Context, source, mark string) error {
	return tx.exec(ctx, `INSERT INTO shared_mark (source, mark) VALUES ($1, $2) ON CONFLICT (source) DO UPDATE SET mark = excluded.mark`, source, mark)
}
