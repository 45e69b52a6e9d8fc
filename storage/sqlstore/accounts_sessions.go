package sqlstore

import (
	"context"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

const sessionColumns = `s.id, s.token_hash, s.account_id, s.device, s.made_at, s.seen_at, s.ends_at, s.raised_at, s.terminal`

// sessionRow is a session as it stands in a row.
type sessionRow struct {
	s                        citizen.Session
	hash                     []byte
	made, seen, ends, raised int64
}

func (r *sessionRow) fields() []any {
	return []any{&r.s.ID, &r.hash, &r.s.Account, &r.s.Device, &r.made, &r.seen, &r.ends, &r.raised, &r.s.Terminal}
}

func (r *sessionRow) session() citizen.Session {
	s := r.s
	copy(s.TokenHash[:], r.hash)
	s.MadeAt, s.SeenAt, s.EndsAt, s.RaisedAt = moment(r.made), moment(r.seen), moment(r.ends), moment(r.raised)
	return s
}

func readSession(s scanner) (citizen.Session, error) {
	var r sessionRow
	err := s.Scan(r.fields()...)
	return r.session(), err
}

// idle is the moment before which a session must have been seen to be alive.
func idle(now time.Time) int64 { return millis(now.Add(-citizen.SessionIdle)) }

// Sessions implements citizen.Reader.
func (q *queries) Sessions(ctx context.Context, who citizen.AccountID, person citizen.ID, now time.Time) ([]citizen.Session, error) {
	list, err := all(ctx, q, readSession, `SELECT `+sessionColumns+` FROM session s
		WHERE (s.account_id = $1 OR s.account_id IN (SELECT a.id FROM account a WHERE a.person_id = $2))
		AND s.ends_at > $3 AND s.seen_at > $4 ORDER BY s.made_at DESC, s.id DESC`, who, person, millis(now), idle(now))
	return slices.DeleteFunc(list, func(s citizen.Session) bool { return !s.Alive(now) }), err
}

// InsertSession implements citizen.Tx.
func (tx *Tx) InsertSession(ctx context.Context, s citizen.Session) error {
	return tx.exec(ctx, `INSERT INTO session (token_hash, id, account_id, device, made_at, seen_at, ends_at, terminal)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.TokenHash[:], s.ID, s.Account, s.Device, millis(s.MadeAt), millis(s.SeenAt), millis(s.EndsAt), s.Terminal)
}

// DeleteSession implements citizen.Tx.
func (tx *Tx) DeleteSession(ctx context.Context, who citizen.AccountID, tokenHash [32]byte) error {
	return tx.exec(ctx, `DELETE FROM session WHERE token_hash = $1 AND account_id = $2`, tokenHash[:], who)
}

// TouchSession implements staff.Tx.
func (tx *Tx) TouchSession(ctx context.Context, id string, at time.Time) error {
	return tx.exec(ctx, `UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, id, millis(at))
}

// RaiseSession implements staff.Tx.
func (tx *Tx) RaiseSession(ctx context.Context, id string, at time.Time) error {
	return tx.exec(ctx, `UPDATE session SET raised_at = $2 WHERE id = $1`, id, millis(at))
}
