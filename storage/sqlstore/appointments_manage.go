package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// SetDuties implements appointment.Tx.
func (tx *Tx) SetDuties(ctx context.Context, office place.OfficeCode, from, to time.Time, list []place.Duty) error {
	if err := tx.exec(ctx, `DELETE FROM duty WHERE office = $1 AND from_at >= $2 AND from_at < $3`, office, millis(from), millis(to)); err != nil {
		return err
	}
	for _, d := range list {
		if err := tx.exec(ctx, `INSERT INTO duty (office, window_no, from_at, to_at, staff_id) VALUES ($1, $2, $3, $4, $5)`,
			office, d.Window, millis(d.From), millis(d.To), d.Staff); err != nil {
			return err
		}
	}
	return nil
}

// SaveRule implements appointment.Tx.
func (tx *Tx) SaveRule(ctx context.Context, r appointment.Rule) error {
	if err := tx.exec(ctx, `DELETE FROM booking_rule WHERE office = $1 AND item = $2`, r.Office, r.Item); err != nil || r.Silent() {
		return err
	}
	return tx.exec(ctx, `INSERT INTO booking_rule (office, item, lead, horizon, released, quiet, walk_in, priority, agents, online)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		r.Office, r.Item, r.Lead, r.Horizon, r.Release, r.Quiet, r.WalkIn, r.Priority, r.Agents, r.Online)
}

// NameWindows implements appointment.Tx: what holds before that time stays.
func (tx *Tx) NameWindows(ctx context.Context, office place.OfficeCode, from time.Time, list []place.NamedWindow) error {
	if err := tx.exec(ctx, `DELETE FROM named_window WHERE office = $1 AND from_at >= $2`, office, millis(from)); err != nil {
		return err
	}
	if err := tx.exec(ctx, `UPDATE named_window SET to_at = $2 WHERE office = $1 AND (to_at = 0 OR to_at > $2)`, office, millis(from)); err != nil {
		return err
	}
	for _, n := range list {
		if err := tx.exec(ctx, `INSERT INTO named_window (office, window_no, name, from_at) VALUES ($1, $2, $3, $4)`,
			office, n.Number, n.Name, millis(from)); err != nil {
			return err
		}
	}
	return nil
}

// LastSeat implements appointment.Tx.
func (q *queries) LastSeat(ctx context.Context, office place.OfficeCode) (time.Time, error) {
	last, err := one(ctx, q, errNone, scalar[sql.NullInt64], `SELECT max(at) FROM (
		SELECT max(ends_at) AS at FROM appointment WHERE office = $1 AND state IN ('held', 'booked', 'checked_in')
		UNION ALL SELECT max(to_at) AS at FROM quiet_seat WHERE office = $1) AS ends`, office)
	return moment(last.Int64), err
}

// RemindersDue implements appointment.Store.
func (q *queries) RemindersDue(ctx context.Context, now time.Time, most int) ([]appointment.Appointment, error) {
	return all(ctx, q, readAppointment, appointmentColumns+`WHERE remind_at > 0 AND remind_at <= $1 AND state = 'booked'
		ORDER BY remind_at LIMIT $2`, millis(now), most)
}

// Reminded implements appointment.Tx.
func (tx *Tx) Reminded(ctx context.Context, a appointment.Appointment, next time.Time) error {
	return tx.change(ctx, appointment.ErrChanged, `UPDATE appointment SET remind_at = $3 WHERE id = $1 AND remind_at = $2 AND state = 'booked'`,
		a.ID, millis(a.RemindAt), millis(next))
}

// Missed implements appointment.Tx.
func (q *queries) Missed(ctx context.Context, who citizen.ID, since time.Time) ([]time.Time, error) {
	read := func(s scanner) (time.Time, error) {
		at, err := scalar[int64](s)
		return moment(at), err
	}
	return all(ctx, q, read, `SELECT starts_at FROM appointment WHERE person_id = $1 AND state = 'no_show' AND starts_at >= $2
		AND excused_at = 0 ORDER BY starts_at`, who, millis(since))
}

// SaveArrangement implements appointment.Tx.
func (tx *Tx) SaveArrangement(ctx context.Context, entries []workday.Entry) error {
	for _, y := range appointment.ArrangedYears(entries) {
		first, last := workday.Date{Year: y, Month: time.January, Day: 1}, workday.Date{Year: y, Month: time.December, Day: 31}
		if err := tx.exec(ctx, `DELETE FROM workday_entry WHERE on_date >= $1 AND on_date <= $2`, first.String(), last.String()); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if err := tx.exec(ctx, `INSERT INTO workday_entry (on_date, kind, name) VALUES ($1, $2, $3)
			ON CONFLICT (on_date) DO UPDATE SET kind = excluded.kind, name = excluded.name`, e.Date.String(), e.Kind, e.Name); err != nil {
			return err
		}
	}
	return nil
}

// OfficesOn implements appointment.Tx.
func (q *queries) OfficesOn(ctx context.Context, from, to time.Time) ([]place.OfficeCode, error) {
	return all(ctx, q, scalar[place.OfficeCode], `SELECT DISTINCT office FROM appointment WHERE starts_at >= $1 AND starts_at < $2
		AND state IN ('held', 'booked') ORDER BY office`, millis(from), millis(to))
}
