package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/terminal"
)

var (
	_ terminal.Store = Store[terminal.Tx]{}
	_ terminal.Tx    = (*Tx)(nil)
)

const terminalColumns = `SELECT id, office, zone, name, public_key, slip_from, slip_to, enrolled_at, enrolled_by, revoked_at, revoked_by, seen_at, printer FROM terminal `

func readTerminal(s scanner) (t terminal.Terminal, err error) {
	var key []byte
	var enrolled, revoked, seen int64
	err = s.Scan(&t.ID, &t.Office, &t.Zone, &t.Name, &key, &t.SlipFrom, &t.SlipTo, &enrolled, &t.EnrolledBy, &revoked, &t.RevokedBy, &seen, &t.Printer)
	t.Key, t.EnrolledAt, t.RevokedAt, t.SeenAt = key, moment(enrolled), moment(revoked), moment(seen)
	return t, err
}

// Device implements staff.Store.
func (q *queries) Device(ctx context.Context, tokenHash [32]byte, now time.Time) (staff.Device, error) {
	read := func(s scanner) (d staff.Device, err error) { return d, s.Scan(&d.ID, &d.Office) }
	return one(ctx, q, staff.ErrSessionEnded, read, `SELECT id, office FROM terminal WHERE token_hash = $1 AND token_ends_at > $2`, tokenHash[:], millis(now))
}

// Terminal implements terminal.Reader.
func (q *queries) Terminal(ctx context.Context, id string) (terminal.Terminal, error) {
	return one(ctx, q, terminal.ErrNoTerminal, readTerminal, terminalColumns+`WHERE id = $1 AND revoked_at = 0`, id)
}

// Terminals implements terminal.Store.
func (q *queries) Terminals(ctx context.Context, office place.OfficeCode) ([]terminal.Terminal, error) {
	return all(ctx, q, readTerminal, terminalColumns+`WHERE office = $1 ORDER BY CASE WHEN revoked_at = 0 THEN 0 ELSE 1 END, enrolled_at DESC, id`, office)
}

// InsertTerminalInvitation implements terminal.Tx.
func (tx *Tx) InsertTerminalInvitation(ctx context.Context, i terminal.Invitation) error {
	return tx.exec(ctx, `INSERT INTO terminal_invitation (code_hash, office, zone, name, slip_from, slip_to, made_by, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, i.CodeHash[:], i.Office, i.Zone, i.Name, i.SlipFrom, i.SlipTo, i.MadeBy, millis(i.EndsAt))
}

// UseTerminalInvitation implements terminal.Tx.
func (tx *Tx) UseTerminalInvitation(ctx context.Context, codeHash [32]byte, now time.Time) (terminal.Invitation, error) {
	read := func(s scanner) (i terminal.Invitation, err error) {
		i.CodeHash = codeHash
		return i, s.Scan(&i.Office, &i.Zone, &i.Name, &i.SlipFrom, &i.SlipTo, &i.MadeBy)
	}
	return one(ctx, &tx.queries, terminal.ErrInvitation, read, `UPDATE terminal_invitation SET used_at = $2
		WHERE code_hash = $1 AND used_at = 0 AND ends_at > $2 RETURNING office, zone, name, slip_from, slip_to, made_by`, codeHash[:], millis(now))
}

// SlipBlocks implements terminal.Tx.
func (tx *Tx) SlipBlocks(ctx context.Context, office place.OfficeCode, now time.Time) ([]terminal.Post, error) {
	read := func(s scanner) (p terminal.Post, err error) { return p, s.Scan(&p.SlipFrom, &p.SlipTo) }
	return all(ctx, &tx.queries, read, `SELECT slip_from, slip_to FROM terminal WHERE office = $1 AND revoked_at = 0 AND slip_from > 0
		UNION ALL SELECT slip_from, slip_to FROM terminal_invitation WHERE office = $1 AND used_at = 0 AND ends_at > $2 AND slip_from > 0`, office, millis(now))
}

// InsertTerminal implements terminal.Tx.
func (tx *Tx) InsertTerminal(ctx context.Context, t terminal.Terminal) error {
	return tx.insert(ctx, terminal.ErrEnrolled, `INSERT INTO terminal (id, office, zone, name, public_key, slip_from, slip_to, enrolled_at, enrolled_by, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, t.ID, t.Office, t.Zone, t.Name, []byte(t.Key), t.SlipFrom, t.SlipTo,
		millis(t.EnrolledAt), t.EnrolledBy, millis(t.SeenAt))
}

// RevokeTerminal implements terminal.Tx.
func (tx *Tx) RevokeTerminal(ctx context.Context, t terminal.Terminal) error {
	return tx.change(ctx, terminal.ErrNoTerminal, `UPDATE terminal SET revoked_at = $2, revoked_by = $3, token_hash = NULL, token_ends_at = 0
		WHERE id = $1 AND revoked_at = 0`, t.ID, millis(t.RevokedAt), t.RevokedBy)
}

// SaveDeviceSession implements terminal.Tx.
func (tx *Tx) SaveDeviceSession(ctx context.Context, id string, tokenHash [32]byte, now, ends time.Time) error {
	return tx.change(ctx, terminal.ErrNoTerminal, `UPDATE terminal SET token_hash = $2, token_ends_at = $4, seen_at = $3
		WHERE id = $1 AND revoked_at = 0`, id, tokenHash[:], millis(now), millis(ends))
}

// SavePrinter implements terminal.Tx.
func (tx *Tx) SavePrinter(ctx context.Context, id string, p terminal.Printer, now time.Time) error {
	return tx.change(ctx, terminal.ErrNoTerminal, `UPDATE terminal SET printer = $2, seen_at = $3 WHERE id = $1 AND revoked_at = 0`, id, p, millis(now))
}

// InsertChallenge implements terminal.Tx.
func (tx *Tx) InsertChallenge(ctx context.Context, id string, hash [32]byte, ends time.Time) error {
	return tx.exec(ctx, `INSERT INTO terminal_challenge (hash, terminal_id, ends_at) VALUES ($1, $2, $3)`, hash[:], id, millis(ends))
}

// UseChallenge implements terminal.Tx.
func (tx *Tx) UseChallenge(ctx context.Context, id string, hash [32]byte, now time.Time) error {
	return tx.change(ctx, terminal.ErrChallenge, `DELETE FROM terminal_challenge WHERE hash = $1 AND terminal_id = $2 AND ends_at > $3`, hash[:], id, millis(now))
}

// ForgetChallenges implements terminal.Tx.
func (tx *Tx) ForgetChallenges(ctx context.Context, now time.Time) error {
	return tx.exec(ctx, `DELETE FROM terminal_challenge WHERE ends_at <= $1`, millis(now))
}
