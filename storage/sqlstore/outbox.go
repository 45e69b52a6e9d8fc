package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/storage/jobs"
)

var _ jobs.Store = Outbox{}

// Outbox shows the messages that wait as jobs, so that a notice is one row and
// not two: that row is what the change pays for.
type Outbox struct{ *DB }

// Claim implements jobs.Store.
func (o Outbox) Claim(ctx context.Context, now, again time.Time, most int) (list []jobs.Claimed, err error) {
	due, err := scalarCount(ctx, &o.queries, `SELECT count(*) FROM (SELECT 1 FROM message WHERE due_at > 0 AND due_at <= $1 LIMIT 1) AS due`, millis(now))
	if err != nil || due == 0 {
		return nil, err
	}
	read := func(s scanner) (c jobs.Claimed, err error) {
		err = s.Scan(&c.ID, &c.Attempt)
		c.Kind, c.Subject = notify.SendMessage, c.ID
		return c, err
	}
	err = o.write(ctx, func(tx *Tx) error {
		list, err = all(ctx, &tx.queries, read, `UPDATE message SET tries = tries + 1, due_at = $2
			WHERE due_at > 0 AND due_at <= $1 AND id IN (SELECT id FROM message WHERE due_at > 0 AND due_at <= $1 ORDER BY due_at LIMIT $3)
			RETURNING id, tries`, millis(now), millis(again), most)
		return err
	})
	return list, err
}

// Done implements jobs.Store: the message is sent.
func (o Outbox) Done(ctx context.Context, c jobs.Claimed) error {
	return o.write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `UPDATE message SET sent_at = $3, due_at = 0, last_error = '' WHERE id = $1 AND tries = $2 AND due_at > 0`,
			c.ID, c.Attempt, millis(o.now()))
	})
}

// Failed implements jobs.Store. A message that was given up is still read in
// the mini-program.
func (o Outbox) Failed(ctx context.Context, c jobs.Claimed, why string, again time.Time, dead bool) error {
	if dead {
		again = time.Time{}
	}
	return o.write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `UPDATE message SET due_at = $3, last_error = $4 WHERE id = $1 AND tries = $2 AND due_at > 0`,
			c.ID, c.Attempt, millis(again), why)
	})
}

// Adopt puts a message into the outbox that a binary of before left as a job.
func (o Outbox) Adopt(ctx context.Context, id string) error {
	return o.write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `UPDATE message SET due_at = made_at WHERE id = $1 AND sent_at = 0 AND due_at = 0`, id)
	})
}
