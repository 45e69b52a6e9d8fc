package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/terminal"
)

const visitColumns = `SELECT v.id, v.terminal_id, v.code_hash, v.state, v.account_id, v.person_id, v.draft, v.shown_at, v.due_at,
	v.confirmed_at, v.opened_at, v.ended_at, s.seen_at FROM terminal_visit v LEFT JOIN session s ON s.id = v.id `

func readVisit(s scanner) (v terminal.Visit, err error) {
	var hash []byte
	var shown, due, confirmed, opened, ended int64
	var seen sql.NullInt64
	err = s.Scan(&v.ID, &v.Terminal, &hash, &v.State, &v.Account, &v.Person, &v.Draft, &shown, &due, &confirmed, &opened, &ended, &seen)
	copy(v.CodeHash[:], hash)
	v.ShownAt, v.DueAt, v.ConfirmedAt, v.OpenedAt = moment(shown), moment(due), moment(confirmed), moment(opened)
	v.EndedAt, v.SeenAt = moment(ended), moment(seen.Int64)
	return v, err
}

// VisitByCode implements terminal.Reader.
func (q *queries) VisitByCode(ctx context.Context, codeHash [32]byte) (terminal.Visit, error) {
	return one(ctx, q, terminal.ErrCode, readVisit, visitColumns+`WHERE v.code_hash = $1`, codeHash[:])
}

// LiveVisit implements terminal.Reader.
func (q *queries) LiveVisit(ctx context.Context, id string) (terminal.Visit, error) {
	return one(ctx, q, terminal.ErrNobody, readVisit, visitColumns+`WHERE v.terminal_id = $1 AND v.ended_at = 0`, id)
}

// LastVisit implements terminal.Reader.
func (q *queries) LastVisit(ctx context.Context, id string) (terminal.Visit, error) {
	return one(ctx, q, terminal.ErrNobody, readVisit, visitColumns+`WHERE v.terminal_id = $1 ORDER BY v.shown_at DESC, v.id DESC LIMIT 1`, id)
}

// Visit implements terminal.Reader.
func (q *queries) Visit(ctx context.Context, id string) (terminal.Visit, error) {
	return one(ctx, q, terminal.ErrVisitOver, readVisit, visitColumns+`WHERE v.id = $1`, id)
}

// InsertVisit implements terminal.Tx.
func (tx *Tx) InsertVisit(ctx context.Context, v terminal.Visit) error {
	return tx.insert(ctx, terminal.ErrVisitOver, `INSERT INTO terminal_visit (id, terminal_id, code_hash, state, shown_at, due_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		v.ID, v.Terminal, v.CodeHash[:], v.State, millis(v.ShownAt), millis(v.DueAt))
}

// SaveVisit implements terminal.Tx.
func (tx *Tx) SaveVisit(ctx context.Context, was terminal.State, v terminal.Visit) error {
	return tx.change(ctx, terminal.ErrVisitOver, `UPDATE terminal_visit SET state = $3, account_id = $4, person_id = $5, draft = $6, due_at = $7,
		confirmed_at = $8, opened_at = $9, ended_at = $10 WHERE id = $1 AND state = $2 AND ended_at = 0`,
		v.ID, was, v.State, v.Account, v.Person, v.Draft, millis(v.DueAt), millis(v.ConfirmedAt), millis(v.OpenedAt), millis(v.EndedAt))
}

// LiveVisits implements terminal.Tx.
func (tx *Tx) LiveVisits(ctx context.Context, most int) ([]terminal.Visit, error) {
	return all(ctx, &tx.queries, readVisit, visitColumns+`WHERE v.ended_at = 0 ORDER BY v.due_at LIMIT $1`, most)
}

// EndTerminalSession implements terminal.Tx.
func (tx *Tx) EndTerminalSession(ctx context.Context, visit string) error {
	return tx.exec(ctx, `DELETE FROM session WHERE id = $1 AND terminal <> ''`, visit)
}

// HasDraft implements terminal.Tx.
func (tx *Tx) HasDraft(ctx context.Context, id string) (bool, error) {
	list, err := all(ctx, &tx.queries, scalar[string], `SELECT id FROM cases WHERE id = $1 AND state = 'draft'`, id)
	return len(list) > 0, err
}

const printColumns = `SELECT id, visit_id, terminal_id, person_id, kind, subject, state, reason, tries, asked_at, moved_at FROM terminal_print `

func readPrint(s scanner) (p terminal.Print, err error) {
	var asked, moved int64
	err = s.Scan(&p.ID, &p.Visit, &p.Terminal, &p.Person, &p.Kind, &p.Subject, &p.State, &p.Reason, &p.Tries, &asked, &moved)
	p.AskedAt, p.MovedAt = moment(asked), moment(moved)
	return p, err
}

// Print implements terminal.Reader.
func (q *queries) Print(ctx context.Context, id string) (terminal.Print, error) {
	return one(ctx, q, terminal.ErrNoPrint, readPrint, printColumns+`WHERE id = $1`, id)
}

// PrintsOf implements terminal.Reader.
func (q *queries) PrintsOf(ctx context.Context, who citizen.ID, kind terminal.Kind, subject string, since time.Time) ([]terminal.Print, error) {
	return all(ctx, q, readPrint, printColumns+`WHERE person_id = $1 AND subject = $2 AND kind = $3 AND asked_at > $4`, who, subject, kind, millis(since))
}

// InsertPrint implements terminal.Tx.
func (tx *Tx) InsertPrint(ctx context.Context, p terminal.Print) error {
	return tx.exec(ctx, `INSERT INTO terminal_print (id, visit_id, terminal_id, person_id, kind, subject, state, asked_at, moved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, p.ID, p.Visit, p.Terminal, p.Person, p.Kind, p.Subject, p.State, millis(p.AskedAt), millis(p.MovedAt))
}

// SavePrint implements terminal.Tx.
func (tx *Tx) SavePrint(ctx context.Context, was terminal.PrintState, p terminal.Print) error {
	return tx.change(ctx, terminal.ErrPrintMoved, `UPDATE terminal_print SET state = $3, reason = $4, tries = $5, moved_at = $6 WHERE id = $1 AND state = $2`,
		p.ID, was, p.State, p.Reason, p.Tries, millis(p.MovedAt))
}

// PrintsWaiting implements terminal.Tx.
func (tx *Tx) PrintsWaiting(ctx context.Context, before time.Time, most int) ([]terminal.Print, error) {
	return all(ctx, &tx.queries, readPrint, printColumns+`WHERE state IN ('asked', 'printing') AND moved_at < $1 ORDER BY moved_at LIMIT $2`, millis(before), most)
}

// PrintsAsked implements terminal.Tx.
func (tx *Tx) PrintsAsked(ctx context.Context, visit string) ([]terminal.Print, error) {
	return all(ctx, &tx.queries, readPrint, printColumns+`WHERE visit_id = $1 AND state = 'asked'`, visit)
}
