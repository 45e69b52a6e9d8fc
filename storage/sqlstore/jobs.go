package sqlstore

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/storage/jobs"
)

var _ jobs.Store = (*DB)(nil)

// Enqueue asks for a job with the change that needs it. One that already
// waits for the same subject is the same job; one that is being done right now
// will be done once more, since it may have looked before this change.
func (tx *Tx) Enqueue(ctx context.Context, j notify.Job) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return tx.exec(ctx, `INSERT INTO job (id, kind, subject, run_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, subject) DO UPDATE SET run_at = excluded.run_at, state = 'ready', attempt = job.attempt + 1`, id.String(), j.Kind, j.Subject, millis(j.At))
}

// Claim implements jobs.Store.
func (db *DB) Claim(ctx context.Context, now, again time.Time, most int) (list []jobs.Claimed, err error) {
	due, err := scalarCount(ctx, &db.queries, `SELECT count(*) FROM job WHERE state = 'ready' AND run_at <= $1`, millis(now))
	if err != nil || due == 0 {
		return nil, err
	}
	read := func(s scanner) (c jobs.Claimed, err error) {
		return c, s.Scan(&c.ID, &c.Kind, &c.Subject, &c.Attempt)
	}
	err = db.write(ctx, func(tx *Tx) error {
		list, err = all(ctx, &tx.queries, read, `UPDATE job SET attempt = attempt + 1, run_at = $2
			WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND run_at <= $1 ORDER BY run_at LIMIT $3)
			RETURNING id, kind, subject, attempt`, millis(now), millis(again), most)
		return err
	})
	return list, err
}

// Done implements jobs.Store.
func (db *DB) Done(ctx context.Context, c jobs.Claimed) error {
	return db.write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `DELETE FROM job WHERE id = $1 AND attempt = $2`, c.ID, c.Attempt)
	})
}

// Failed implements jobs.Store.
func (db *DB) Failed(ctx context.Context, c jobs.Claimed, why string, again time.Time, dead bool) error {
	state := "ready"
	if dead {
		state = "dead"
	}
	return db.write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `UPDATE job SET state = $3, last_error = $4, run_at = $5 WHERE id = $1 AND attempt = $2`,
			c.ID, c.Attempt, state, why, millis(again))
	})
}

func scalarCount(ctx context.Context, q *queries, query string, args ...any) (int, error) {
	return one(ctx, q, errNone, scalar[int], query, args...)
}
