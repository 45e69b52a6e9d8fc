package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
)

var _ notify.Store = (*DB)(nil)

// Tell stores a notice for its person; the row is due to be sent.
func (tx *Tx) Tell(ctx context.Context, n notify.Notice) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return tx.exec(ctx, `INSERT INTO message (id, person_id, kind, subject, text_sealed, made_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		id.String(), n.To, n.Kind, n.Subject, tx.sealed("message", "text", id.String(), n.Text), millis(n.At))
}

func (q *queries) readNotice(s scanner) (n notify.Notice, err error) {
	var text []byte
	var at int64
	if err := s.Scan(&n.ID, &n.To, &n.Kind, &n.Subject, &text, &at); err != nil {
		return n, err
	}
	n.At = moment(at)
	n.Text, err = q.opened("message", "text", n.ID, text)
	return n, err
}

const noticeColumns = `SELECT id, person_id, kind, subject, text_sealed, made_at FROM message `

// Notice implements notify.Store.
func (q *queries) Notice(ctx context.Context, id string) (notify.Notice, error) {
	return one(ctx, q, notify.ErrNoNotice, q.readNotice, noticeColumns+`WHERE id = $1`, id)
}

// Notices implements notify.Store.
func (q *queries) Notices(ctx context.Context, who citizen.ID, before string, most int) ([]notify.Notice, error) {
	return all(ctx, q, q.readNotice, noticeColumns+`WHERE person_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, who, before, most)
}

// BeginCall implements notify.Store.
func (db *DB) BeginCall(ctx context.Context, notice string, to citizen.AccountID) (fresh bool, err error) {
	err = db.write(ctx, func(tx *Tx) error {
		n, err := tx.run.exec(ctx, `INSERT INTO message_call (message_id, account_id, called_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
			notice, to, millis(db.now()))
		fresh = n == 1
		return err
	})
	return fresh, err
}

// UndoCall implements notify.Store.
func (db *DB) UndoCall(ctx context.Context, notice string, to citizen.AccountID) error {
	return db.write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `DELETE FROM message_call WHERE message_id = $1 AND account_id = $2`, notice, to)
	})
}
