package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/rush"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var (
	_ rush.Store = Store[rush.Tx]{}
	_ rush.Tx    = (*Tx)(nil)
)

// InsertRush implements rush.Tx.
func (tx *Tx) InsertRush(ctx context.Context, r rush.Rush) error {
	return tx.change(ctx, rush.ErrClashes, `INSERT INTO rush
		(id, office, item, first_date, last_date, opens_at, ends_at, per_second, secret, made_by, made_at)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 WHERE NOT EXISTS (
			SELECT 1 FROM rush WHERE office = $2 AND item = $3 AND first_date <= $5 AND last_date >= $4
			AND ends_at > $11 AND called_off_at = 0)`,
		r.ID, r.Office, r.Item, r.First.String(), r.Last.String(), millis(r.OpensAt), millis(r.EndsAt),
		r.PerSecond, r.Secret, r.MadeBy, millis(r.MadeAt))
}

// CallOffRush implements rush.Tx.
func (tx *Tx) CallOffRush(ctx context.Context, id rush.ID, office place.OfficeCode, at time.Time) error {
	return tx.change(ctx, rush.ErrNoRush, `UPDATE rush SET called_off_at = $3
		WHERE id = $1 AND office = $2 AND called_off_at = 0 AND ends_at > $3`, id, office, millis(at))
}

// Rushes implements rush.Store.
func (q *queries) Rushes(ctx context.Context, after time.Time) ([]rush.Rush, error) {
	read := func(s scanner) (r rush.Rush, err error) {
		var first, last string
		var opens, ends, made int64
		err = s.Scan(&r.ID, &r.Office, &r.Item, &first, &last, &opens, &ends, &r.PerSecond, &r.Secret, &r.MadeBy, &made)
		if err != nil {
			return r, err
		}
		r.OpensAt, r.EndsAt, r.MadeAt = moment(opens).In(workday.Zone), moment(ends).In(workday.Zone), moment(made)
		if r.First, err = workday.ParseDate(first); err != nil {
			return r, err
		}
		r.Last, err = workday.ParseDate(last)
		return r, err
	}
	return all(ctx, q, read, `SELECT id, office, item, first_date, last_date, opens_at, ends_at, per_second, secret, made_by, made_at
		FROM rush WHERE ends_at > $1 AND called_off_at = 0 ORDER BY opens_at, id`, millis(after))
}
