package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// PlanVersion implements appointment.Store: both counters only ever grow.
func (q *queries) PlanVersion(ctx context.Context, office place.OfficeCode) (int64, error) {
	return one(ctx, q, errNone, scalar[int64], `SELECT coalesce((SELECT version FROM timetable WHERE office = $1), 0)
		+ coalesce((SELECT version FROM timetable WHERE office = ''), 0)`, office)
}

// PlansVersion implements appointment.Store.
func (q *queries) PlansVersion(ctx context.Context) (int64, error) {
	return one(ctx, q, errNone, scalar[int64], `SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM timetable`)
}

// BumpPlan implements appointment.Tx.
func (tx *Tx) BumpPlan(ctx context.Context, office place.OfficeCode) error {
	return tx.exec(ctx, `INSERT INTO timetable (office, version) VALUES ($1, 1)
		ON CONFLICT (office) DO UPDATE SET version = timetable.version + 1`, office)
}

// Plan implements appointment.Store.
func (q *queries) Plan(ctx context.Context, office place.OfficeCode, from time.Time) (p appointment.Plan, err error) {
	if p.Times.Version, err = q.PlanVersion(ctx, office); err != nil || p.Times.Version == 0 {
		return p, err
	}
	if p.Times.Entries, err = all(ctx, q, readTimes, timesColumns+`WHERE office IN ($1, '') AND to_at > $2 AND undone_at = 0
		ORDER BY made_at, id`, office, millis(from)); err != nil {
		return p, err
	}
	if p.Times.Duties, err = q.Duties(ctx, office, from, from.AddDate(1, 0, 0)); err != nil {
		return p, err
	}
	if p.Times.Named, err = all(ctx, q, readNamed, `SELECT window_no, name, from_at, to_at FROM named_window
		WHERE office = $1 AND (to_at = 0 OR to_at > $2) ORDER BY window_no, from_at`, office, millis(from)); err != nil {
		return p, err
	}
	if p.Rules, err = q.BookingRules(ctx, office); err != nil {
		return p, err
	}
	p.Days, err = q.Arrangement(ctx)
	return p, err
}

const timesColumns = `SELECT id, office, kind, from_at, to_at, window_no, item, hours, reason, made_by, made_at, undone_at FROM timetable_entry `

func readTimes(s scanner) (e place.Entry, err error) {
	var from, to, made, undone int64
	var hours string
	if err := s.Scan(&e.ID, &e.Office, &e.Kind, &from, &to, &e.Window, &e.Item, &hours, &e.Reason, &e.MadeBy, &made, &undone); err != nil {
		return e, err
	}
	e.From, e.To = moment(from).In(workday.Zone), moment(to).In(workday.Zone)
	e.MadeAt, e.UndoneAt = moment(made), moment(undone)
	switch e.Kind {
	case place.Exception:
		e.Sessions, err = place.ParseSessions(hours)
	case place.Series:
		e.Weekly, err = place.ParseHours(hours)
	}
	if err != nil {
		return e, fmt.Errorf("timetable entry %s: %w", e.ID, err)
	}
	return e, nil
}

func hoursOf(e place.Entry) string {
	if e.Kind == place.Series {
		return e.Weekly.String()
	}
	return place.SessionsText(e.Sessions)
}

// InsertEntry implements appointment.Tx.
func (tx *Tx) InsertEntry(ctx context.Context, e place.Entry) error {
	return tx.exec(ctx, `INSERT INTO timetable_entry (id, office, kind, from_at, to_at, window_no, item, hours, reason, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.ID, e.Office, e.Kind, millis(e.From), millis(e.To), e.Window, e.Item, hoursOf(e), e.Reason, e.MadeBy, millis(e.MadeAt))
}

// UndoEntry implements appointment.Tx.
func (tx *Tx) UndoEntry(ctx context.Context, id, by string, at time.Time) error {
	return tx.change(ctx, appointment.ErrUndone, `UPDATE timetable_entry SET undone_at = $3, undone_by = $2 WHERE id = $1 AND undone_at = 0`,
		id, by, millis(at))
}

// TimetableEntry implements appointment.Store.
func (q *queries) TimetableEntry(ctx context.Context, id string) (place.Entry, error) {
	return one(ctx, q, appointment.ErrNoEntry, readTimes, timesColumns+`WHERE id = $1`, id)
}

// TimetableEntries implements appointment.Store.
func (q *queries) TimetableEntries(ctx context.Context, office place.OfficeCode, from time.Time, after string, most int) ([]place.Entry, error) {
	return all(ctx, q, readTimes, timesColumns+`WHERE office = $1 AND to_at > $2 AND ($3 = '' OR id > $3) ORDER BY id LIMIT $4`,
		office, millis(from), after, most)
}

// Duties implements appointment.Store.
func (q *queries) Duties(ctx context.Context, office place.OfficeCode, from, to time.Time) ([]place.Duty, error) {
	read := func(s scanner) (d place.Duty, err error) {
		var from, to int64
		err = s.Scan(&d.Window, &from, &to, &d.Staff)
		d.From, d.To = moment(from).In(workday.Zone), moment(to).In(workday.Zone)
		return d, err
	}
	return all(ctx, q, read, `SELECT window_no, from_at, to_at, staff_id FROM duty
		WHERE office = $1 AND to_at > $2 AND from_at < $3 ORDER BY from_at, window_no`, office, millis(from), millis(to))
}

func readNamed(s scanner) (n place.NamedWindow, err error) {
	var from, to int64
	err = s.Scan(&n.Number, &n.Name, &from, &to)
	n.From, n.To = moment(from), moment(to)
	return n, err
}

// BookingRules implements appointment.Store.
func (q *queries) BookingRules(ctx context.Context, office place.OfficeCode) ([]appointment.Rule, error) {
	read := func(s scanner) (r appointment.Rule, err error) {
		return r, s.Scan(&r.Office, &r.Item, &r.Lead, &r.Horizon, &r.Release, &r.Quiet, &r.WalkIn, &r.Priority, &r.Agents, &r.Online)
	}
	return all(ctx, q, read, `SELECT office, item, lead, horizon, released, quiet, walk_in, priority, agents, online FROM booking_rule
		WHERE office IN ($1, '') ORDER BY office, item`, office)
}

// Arrangement implements appointment.Store.
func (q *queries) Arrangement(ctx context.Context) ([]workday.Entry, error) {
	read := func(s scanner) (e workday.Entry, err error) {
		var date string
		if err := s.Scan(&date, &e.Kind, &e.Name); err != nil {
			return e, err
		}
		e.Date, err = workday.ParseDate(date)
		return e, err
	}
	return all(ctx, q, read, `SELECT on_date, kind, name FROM workday_entry ORDER BY on_date`)
}

// StandingAt implements appointment.Tx.
func (q *queries) StandingAt(ctx context.Context, office place.OfficeCode, from, to time.Time) ([]appointment.Appointment, error) {
	return all(ctx, q, readAppointment, appointmentColumns+`WHERE office = $1 AND starts_at < $3 AND ends_at > $2
		AND state IN ('held', 'booked', 'checked_in') ORDER BY starts_at, made_at, id`, office, millis(from), millis(to))
}

// DisplacedBy implements appointment.Tx.
func (q *queries) DisplacedBy(ctx context.Context, entry string) ([]appointment.Appointment, error) {
	return all(ctx, q, readAppointment, appointmentColumns+`WHERE displaced_by = $1 AND displaced_by <> '' AND state = 'booked'`, entry)
}
