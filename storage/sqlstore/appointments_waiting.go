package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
)

// InsertQuiet implements appointment.Tx.
func (tx *Tx) InsertQuiet(ctx context.Context, q appointment.Quiet) error {
	c := q.Claim
	return tx.exec(ctx, `INSERT INTO quiet_seat (id, office, window_no, from_at, to_at, channel, priority, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, q.ID, c.Office, c.Window, millis(c.From), millis(c.To), c.Channel, c.Priority, millis(q.Until))
}

// QuietOver implements appointment.Store.
func (q *queries) QuietOver(ctx context.Context, now time.Time, most int) ([]appointment.Quiet, error) {
	return all(ctx, q, readQuiet, quietColumns+`WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2`, millis(now), most)
}

const waitingColumns = `SELECT id, person_id, office, item, people, priority, from_at, to_at, state, appointment_id, offer_ends, asked_at FROM waiting `

func readWaiting(s scanner) (w appointment.Waiting, err error) {
	var from, to, ends, asked int64
	err = s.Scan(&w.ID, &w.Person, &w.Office, &w.Item, &w.People, &w.Priority, &from, &to, &w.State, &w.Appointment, &ends, &asked)
	w.From, w.To, w.OfferEnds, w.AskedAt = moment(from), moment(to), moment(ends), moment(asked)
	return w, err
}

// WaitingPlace implements appointment.Store.
func (q *queries) WaitingPlace(ctx context.Context, id appointment.WaitingID) (appointment.Waiting, error) {
	return one(ctx, q, appointment.ErrNoWaiting, readWaiting, waitingColumns+`WHERE id = $1`, id)
}

// WaitingOf implements appointment.Store.
func (q *queries) WaitingOf(ctx context.Context, who citizen.ID, after appointment.WaitingID, most int) ([]appointment.Waiting, error) {
	return all(ctx, q, readWaiting, waitingColumns+`WHERE person_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, who, after, most)
}

// OpenWaiting implements appointment.Tx.
func (q *queries) OpenWaiting(ctx context.Context, who citizen.ID) ([]appointment.Waiting, error) {
	return all(ctx, q, readWaiting, waitingColumns+`WHERE person_id = $1 AND state IN ('waiting', 'offered')`, who)
}

// WaitingOffices implements appointment.Store.
func (q *queries) WaitingOffices(ctx context.Context) ([]place.OfficeCode, error) {
	return all(ctx, q, scalar[place.OfficeCode], `SELECT DISTINCT office FROM waiting WHERE state = 'waiting' ORDER BY office`)
}

// WaitingAt implements appointment.Store.
func (q *queries) WaitingAt(ctx context.Context, office place.OfficeCode, most int) ([]appointment.Waiting, error) {
	return all(ctx, q, readWaiting, waitingColumns+`WHERE office = $1 AND state = 'waiting' ORDER BY asked_at, id LIMIT $2`, office, most)
}

// SomebodyWaits implements appointment.Tx.
func (q *queries) SomebodyWaits(ctx context.Context, office place.OfficeCode, at time.Time) (bool, error) {
	n, err := scalarCount(ctx, q, `SELECT count(*) FROM waiting WHERE office = $1 AND state = 'waiting' AND from_at <= $2 AND to_at > $2`,
		office, millis(at))
	return n > 0, err
}

// InsertWaiting implements appointment.Tx.
func (tx *Tx) InsertWaiting(ctx context.Context, w appointment.Waiting) error {
	return tx.exec(ctx, `INSERT INTO waiting (id, person_id, office, item, people, priority, from_at, to_at, state, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		w.ID, w.Person, w.Office, w.Item, w.People, w.Priority, millis(w.From), millis(w.To), w.State, millis(w.AskedAt))
}

// TurnWaiting implements appointment.Tx.
func (tx *Tx) TurnWaiting(ctx context.Context, id appointment.WaitingID, from, to appointment.WaitingState) error {
	return tx.change(ctx, appointment.ErrChanged, `UPDATE waiting SET state = $3 WHERE id = $1 AND state = $2`, id, from, to)
}

// OfferWaiting implements appointment.Tx.
func (tx *Tx) OfferWaiting(ctx context.Context, id appointment.WaitingID, offer appointment.ID, ends time.Time) error {
	return tx.change(ctx, appointment.ErrChanged, `UPDATE waiting SET state = 'offered', appointment_id = $2, offer_ends = $3
		WHERE id = $1 AND state = 'waiting'`, id, offer, millis(ends))
}

// EndWaiting implements appointment.Tx.
func (tx *Tx) EndWaiting(ctx context.Context, now time.Time) error {
	return tx.exec(ctx, `UPDATE waiting SET state = 'ended' WHERE state = 'waiting' AND to_at <= $1`, millis(now))
}
