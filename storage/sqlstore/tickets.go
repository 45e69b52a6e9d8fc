package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var (
	_ queue.Store = Store[queue.Tx]{}
	_ queue.Tx    = (*Tx)(nil)
)

const ticketColumns = `SELECT id, office, day, series, number, lane, item, minutes, person_id, appointment_id, origin, priority, carries,
	state, version, due_at, place_at, only_window, window_number, clerk, calls, returns, told, taken_at, called_at, served_at, ended_at
	FROM ticket `

func readTicket(s scanner) (t queue.Ticket, err error) {
	var day string
	var due, place, taken, called, served, ended int64
	err = s.Scan(&t.ID, &t.Office, &day, &t.Series, &t.Number, &t.Lane, &t.Item, &t.Minutes, &t.Person, &t.Appointment, &t.Origin,
		&t.Priority, &t.Carries, &t.State, &t.Version, &due, &place, &t.OnlyWindow, &t.Window, &t.Clerk, &t.Calls, &t.Returns, &t.Told,
		&taken, &called, &served, &ended)
	if err != nil {
		return t, err
	}
	t.Due, t.Place = moment(due), moment(place)
	t.TakenAt, t.CalledAt, t.ServedAt, t.EndedAt = moment(taken), moment(called), moment(served), moment(ended)
	t.Day, err = workday.ParseDate(day)
	return t, err
}

// Ticket implements queue.Reader.
func (q *queries) Ticket(ctx context.Context, id queue.ID) (queue.Ticket, error) {
	return one(ctx, q, queue.ErrNoTicket, readTicket, ticketColumns+`WHERE id = $1`, id)
}

// Numbered implements queue.Reader.
func (q *queries) Numbered(ctx context.Context, office place.OfficeCode, day workday.Date, s queue.Series, number int) (queue.Ticket, error) {
	return one(ctx, q, queue.ErrNoTicket, readTicket, ticketColumns+`WHERE office = $1 AND day = $2 AND series = $3 AND number = $4`,
		office, day.String(), s, number)
}

// TicketOf implements queue.Reader.
func (q *queries) TicketOf(ctx context.Context, a appointment.ID) (queue.Ticket, error) {
	return one(ctx, q, queue.ErrNoTicket, readTicket, ticketColumns+`WHERE appointment_id = $1 AND appointment_id <> ''`, a)
}

// Live implements queue.Reader.
func (q *queries) Live(ctx context.Context, office place.OfficeCode, day workday.Date) ([]queue.Ticket, error) {
	return all(ctx, q, readTicket, ticketColumns+`WHERE office = $1 AND day = $2
		AND state IN ('waiting', 'called', 'serving', 'missed', 'parked') ORDER BY place_at, taken_at, id`, office, day.String())
}

// Recent implements queue.Store.
func (q *queries) Recent(ctx context.Context, office place.OfficeCode, day workday.Date, most int) ([]queue.Ticket, error) {
	return all(ctx, q, readTicket, ticketColumns+`WHERE office = $1 AND day = $2 AND window_number > 0
		ORDER BY called_at DESC, id DESC LIMIT $3`, office, day.String(), most)
}

// TicketsOf implements queue.Store.
func (q *queries) TicketsOf(ctx context.Context, who citizen.ID, since workday.Date, most int) ([]queue.Ticket, error) {
	return all(ctx, q, readTicket, ticketColumns+`WHERE person_id = $1 AND person_id <> '' AND day >= $2
		ORDER BY day DESC, taken_at DESC, id DESC LIMIT $3`, who, since.String(), most)
}

// Undone implements queue.Reader.
func (q *queries) Undone(ctx context.Context, office place.OfficeCode, who citizen.ID, since workday.Date) (queue.Ticket, error) {
	return one(ctx, q, queue.ErrNoTicket, readTicket, ticketColumns+`WHERE person_id = $1 AND person_id <> '' AND office = $2 AND day >= $3
		AND state = 'closed' AND NOT EXISTS (SELECT 1 FROM ticket later WHERE later.carries = ticket.id AND later.carries <> '')
		ORDER BY day DESC, taken_at DESC, id DESC LIMIT 1`, who, office, since.String())
}

// CarriedBy implements queue.Reader.
func (q *queries) CarriedBy(ctx context.Context, id queue.ID) (bool, error) {
	n, err := scalarCount(ctx, q, `SELECT count(*) FROM ticket WHERE carries = $1 AND carries <> ''`, id)
	return n > 0, err
}

// Pace implements queue.Reader.
func (q *queries) Pace(ctx context.Context, office place.OfficeCode, day workday.Date) (queue.Pace, error) {
	rows, err := all(ctx, q, readSpent, `SELECT item, count(*), CAST(sum(ended_at - served_at) AS BIGINT) FROM ticket
		WHERE office = $1 AND day = $2 AND state = 'finished' GROUP BY item`, office, day.String())
	pace := queue.Pace{}
	for _, r := range rows {
		pace[r.item] = r.Spent
	}
	return pace, err
}

// InsertTicket implements queue.Tx.
func (tx *Tx) InsertTicket(ctx context.Context, t queue.Ticket) error {
	return tx.insert(ctx, queue.ErrChanged, `INSERT INTO ticket (id, office, day, series, number, lane, item, minutes, person_id, appointment_id,
		origin, priority, carries, state, version, due_at, place_at, only_window, window_number, clerk, calls, returns, told,
		taken_at, called_at, served_at, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)`,
		t.ID, t.Office, t.Day.String(), t.Series, t.Number, t.Lane, t.Item, t.Minutes, t.Person, t.Appointment,
		t.Origin, t.Priority, t.Carries, t.State, t.Version, millis(t.Due), millis(t.Place), t.OnlyWindow, t.Window, t.Clerk, t.Calls,
		t.Returns, t.Told, millis(t.TakenAt), millis(t.CalledAt), millis(t.ServedAt), millis(t.EndedAt))
}

// UpdateTicket implements queue.Tx.
func (tx *Tx) UpdateTicket(ctx context.Context, version int, t queue.Ticket) error {
	err := tx.change(ctx, queue.ErrChanged, `UPDATE ticket SET lane = $3, item = $4, minutes = $5, state = $6, version = $7, due_at = $8,
		place_at = $9, only_window = $10, window_number = $11, clerk = $12, calls = $13, returns = $14, told = $15,
		called_at = $16, served_at = $17, ended_at = $18 WHERE id = $1 AND version = $2`,
		t.ID, version, t.Lane, t.Item, t.Minutes, t.State, t.Version, millis(t.Due), millis(t.Place), t.OnlyWindow, t.Window, t.Clerk,
		t.Calls, t.Returns, t.Told, millis(t.CalledAt), millis(t.ServedAt), millis(t.EndedAt))
	if isDuplicate(err) {
		return queue.ErrHandFull
	}
	return err
}
