package sqlstore

import (
	"context"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var (
	_ appointment.Store = Store[appointment.Tx]{}
	_ appointment.Tx    = (*Tx)(nil)
)

const appointmentColumns = `SELECT id, code, person_id, office, item, starts_at, ends_at, people,
	state, lapses_at, made_at, checked_at, more_items, window_no, channel, priority, priority_seen, made_by,
	waiting_id, displaced_by, remind_at, excused_at FROM appointment `

func readAppointment(s scanner) (a appointment.Appointment, err error) {
	var starts, ends, lapses, made, checked, remind, excused int64
	var more string
	err = s.Scan(&a.ID, &a.Code, &a.Person, &a.Office, &a.Item, &starts, &ends, &a.People,
		&a.State, &lapses, &made, &checked, &more, &a.Window, &a.Channel, &a.Priority, &a.Seen, &a.MadeBy,
		&a.Waiting, &a.DisplacedBy, &remind, &excused)
	for item := range strings.SplitSeq(more, " ") {
		if item != "" {
			a.More = append(a.More, catalog.ItemCode(item))
		}
	}
	a.RemindAt, a.ExcusedAt = moment(remind), moment(excused)
	a.StartsAt, a.EndsAt = moment(starts).In(workday.Zone), moment(ends).In(workday.Zone)
	a.LapsesAt, a.MadeAt, a.CheckedAt = moment(lapses), moment(made), moment(checked)
	return a, err
}

// Appointment implements appointment.Store.
func (q *queries) Appointment(ctx context.Context, id appointment.ID) (appointment.Appointment, error) {
	return one(ctx, q, appointment.ErrNoAppointment, readAppointment, appointmentColumns+`WHERE id = $1`, id)
}

// AppointmentByCode implements appointment.Tx.
func (q *queries) AppointmentByCode(ctx context.Context, code appointment.Code) (appointment.Appointment, error) {
	return one(ctx, q, appointment.ErrNoCode, readAppointment, appointmentColumns+`WHERE code = $1`, code)
}

// openAppointments are few, however many a person has held and let lapse.
const openAppointments = appointmentColumns + `WHERE person_id = $1 AND state IN ('held', 'booked', 'checked_in')`

// OpenAppointments implements appointment.Tx.
func (q *queries) OpenAppointments(ctx context.Context, who citizen.ID) ([]appointment.Appointment, error) {
	return all(ctx, q, readAppointment, openAppointments, who)
}

// AppointmentsOf implements appointment.Store.
func (q *queries) AppointmentsOf(ctx context.Context, who citizen.ID, now time.Time, after appointment.Mark, most int) ([]appointment.Appointment, error) {
	return all(ctx, q, readAppointment, appointmentColumns+`WHERE person_id = $1 AND state <> 'lapsed'
		AND NOT (state = 'held' AND lapses_at <= $2) AND ($4 = '' OR (starts_at, id) < ($3, $4))
		ORDER BY starts_at DESC, id DESC LIMIT $5`, who, millis(now), millis(after.StartsAt), after.ID, most)
}

// AppointmentsAt implements appointment.Store.
func (q *queries) AppointmentsAt(ctx context.Context, office place.OfficeCode, from, to time.Time, after appointment.Mark, most int) ([]appointment.Appointment, error) {
	return all(ctx, q, readAppointment, appointmentColumns+`WHERE office = $1 AND starts_at >= $2 AND starts_at < $3
		AND state IN ('booked', 'checked_in', 'served', 'no_show') AND ($5 = '' OR (starts_at, id) > ($4, $5))
		ORDER BY starts_at, id LIMIT $6`, office, millis(from), millis(to), millis(after.StartsAt), after.ID, most)
}

// Ended implements appointment.Store.
func (q *queries) Ended(ctx context.Context, now time.Time, most int) ([]appointment.Appointment, error) {
	return all(ctx, q, readAppointment, appointmentColumns+`WHERE state IN ('held', 'booked', 'checked_in') AND lapses_at <= $1
		ORDER BY lapses_at LIMIT $2`, millis(now), most)
}

// endedHoldsAt must be found by what time has ended, which is little, and not
// among all that an office ever had: || and + keep that index out of it.
const endedHoldsAt = appointmentColumns + `WHERE state IN ('held', 'booked', 'checked_in') AND lapses_at <= $4
	AND state = 'held' AND waiting_id = '' AND office || '' = $1 AND starts_at + 0 < $3 AND ends_at > $2`

// EndedHoldsAt implements appointment.Store.
func (q *queries) EndedHoldsAt(ctx context.Context, office place.OfficeCode, from, to, now time.Time) ([]appointment.Appointment, error) {
	return all(ctx, q, readAppointment, endedHoldsAt, office, millis(from), millis(to), millis(now))
}

// OpenByAgent implements appointment.Tx.
func (q *queries) OpenByAgent(ctx context.Context, agent citizen.ID, now time.Time) (int, error) {
	return scalarCount(ctx, q, `SELECT count(*) FROM appointment WHERE made_by = $1 AND made_by <> '' AND state IN ('held', 'booked', 'checked_in')
		AND NOT (state = 'held' AND lapses_at <= $2)`, agent, millis(now))
}

// InsertAppointment implements appointment.Tx.
func (tx *Tx) InsertAppointment(ctx context.Context, a appointment.Appointment) error {
	return tx.change(ctx, appointment.ErrCodeTaken, `INSERT INTO appointment
		(id, code, person_id, office, item, starts_at, ends_at, people, state, lapses_at, made_at,
		more_items, window_no, channel, priority, made_by, waiting_id, remind_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (code) DO NOTHING`,
		a.ID, a.Code, a.Person, a.Office, a.Item, millis(a.StartsAt), millis(a.EndsAt), a.People,
		a.State, millis(a.LapsesAt), millis(a.MadeAt), itemList(a.More), a.Window, a.Channel, a.Priority, a.MadeBy, a.Waiting, millis(a.RemindAt))
}

func itemList(items []catalog.ItemCode) string {
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = string(item)
	}
	return strings.Join(list, " ")
}

// UpdateAppointment implements appointment.Tx. A change of state alone names
// no column that the indexes of time and place would have to follow.
func (tx *Tx) UpdateAppointment(ctx context.Context, was, a appointment.Appointment) error {
	if a.Office == was.Office && a.Window == was.Window && a.StartsAt.Equal(was.StartsAt) && a.EndsAt.Equal(was.EndsAt) &&
		a.DisplacedBy == was.DisplacedBy {
		return tx.change(ctx, appointment.ErrChanged, `UPDATE appointment SET state = $7, lapses_at = $8, checked_at = $9,
				priority_seen = $10, remind_at = $11, excused_at = $12
			WHERE id = $1 AND state = $2 AND office = $3 AND starts_at = $4 AND ends_at = $5 AND window_no = $6`,
			a.ID, was.State, was.Office, millis(was.StartsAt), millis(was.EndsAt), was.Window,
			a.State, millis(a.LapsesAt), millis(a.CheckedAt), a.Seen, millis(a.RemindAt), millis(a.ExcusedAt))
	}
	return tx.change(ctx, appointment.ErrChanged, `UPDATE appointment
		SET state = $7, lapses_at = $8, checked_at = $9, office = $10, starts_at = $11, ends_at = $12, window_no = $13,
			displaced_by = $14, remind_at = $15
		WHERE id = $1 AND state = $2 AND office = $3 AND starts_at = $4 AND ends_at = $5 AND window_no = $6`,
		a.ID, was.State, was.Office, millis(was.StartsAt), millis(was.EndsAt), was.Window,
		a.State, millis(a.LapsesAt), millis(a.CheckedAt), a.Office, millis(a.StartsAt), millis(a.EndsAt), a.Window,
		a.DisplacedBy, millis(a.RemindAt))
}
