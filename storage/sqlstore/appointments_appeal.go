package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/place"
)

const appealColumns = `SELECT id, appointment_id, person_id, office, why_sealed, state, made_at, decided_by, decided_at, answer_sealed FROM appeal `

func (q *queries) readAppeal(s scanner) (p appointment.Appeal, err error) {
	var why, answer []byte
	var made, decided int64
	if err := s.Scan(&p.ID, &p.Appointment, &p.Person, &p.Office, &why, &p.State, &made, &p.DecidedBy, &decided, &answer); err != nil {
		return p, err
	}
	p.MadeAt, p.DecidedAt = moment(made), moment(decided)
	if p.Why, err = q.opened("appeal", "why", p.ID, why); err != nil {
		return p, err
	}
	p.Answer, err = q.opened("appeal", "answer", p.ID, answer)
	return p, err
}

// Appeal implements appointment.Store.
func (q *queries) Appeal(ctx context.Context, id string) (appointment.Appeal, error) {
	return one(ctx, q, appointment.ErrNoAppeal, q.readAppeal, appealColumns+`WHERE id = $1`, id)
}

// AppealOf implements appointment.Store.
func (q *queries) AppealOf(ctx context.Context, a appointment.ID) (appointment.Appeal, error) {
	return one(ctx, q, appointment.ErrNoAppeal, q.readAppeal, appealColumns+`WHERE appointment_id = $1`, a)
}

// Appeals implements appointment.Store.
func (q *queries) Appeals(ctx context.Context, office place.OfficeCode, after string, most int) ([]appointment.Appeal, error) {
	return all(ctx, q, q.readAppeal, appealColumns+`WHERE office = $1 AND state = 'open' AND ($2 = '' OR id > $2) ORDER BY id LIMIT $3`,
		office, after, most)
}

// InsertAppeal implements appointment.Tx.
func (tx *Tx) InsertAppeal(ctx context.Context, p appointment.Appeal) error {
	return tx.change(ctx, appointment.ErrAppealed, `INSERT INTO appeal (id, appointment_id, person_id, office, why_sealed, state, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (appointment_id) DO NOTHING`,
		p.ID, p.Appointment, p.Person, p.Office, tx.sealed("appeal", "why", p.ID, p.Why), p.State, millis(p.MadeAt))
}

// DecideAppeal implements appointment.Tx.
func (tx *Tx) DecideAppeal(ctx context.Context, p appointment.Appeal) error {
	return tx.change(ctx, appointment.ErrAppealDecided, `UPDATE appeal SET state = $2, decided_by = $3, decided_at = $4, answer_sealed = $5
		WHERE id = $1 AND state = 'open'`, p.ID, p.State, p.DecidedBy, millis(p.DecidedAt), tx.sealed("appeal", "answer", p.ID, p.Answer))
}
