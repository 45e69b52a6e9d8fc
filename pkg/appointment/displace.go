package appointment

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ByCalendar stands for the entry where a new arrangement of holidays has
// displaced an appointment.
const ByCalendar = "calendar"

// displace finds the appointments of an office that the timetable in force
// leaves no time for. Holds end; people with an appointment are told.
func (d *Desk) displace(ctx context.Context, tx Tx, c *city.Edition, office place.OfficeCode, from, to, now time.Time) (hit []Appointment, err error) {
	_, plan, list, err := d.standing(ctx, tx, c, office, from, to, now)
	if err != nil {
		return nil, err
	}
	for _, was := range list {
		by := plan.hits[was.ID]
		if by == "" || was.DisplacedBy != "" {
			continue
		}
		a := was
		if was.State == Held {
			err = lapse(ctx, tx, was)
		} else {
			a.DisplacedBy, a.RemindAt, a.LapsesAt = by, time.Time{}, dayEnds(a.StartsAt).Add(d.Rules.MoveLife)
			err = cmp.Or(tx.UpdateAppointment(ctx, was, a), tx.Tell(ctx, NoticeDisplaced.about(a, c, now)))
		}
		if err != nil {
			return nil, err
		}
		hit = append(hit, a)
	}
	return hit, nil
}

// restore lets the appointments stand again that an entry had displaced,
// unless something else does.
func (d *Desk) restore(ctx context.Context, tx Tx, c *city.Edition, e place.Entry, now time.Time) (again []Appointment, err error) {
	list, err := tx.DisplacedBy(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	_, plan, _, err := d.standing(ctx, tx, c, e.Office, e.From, e.To, now)
	if err != nil {
		return nil, err
	}
	for _, was := range list {
		a := was
		if a.DisplacedBy = plan.hits[was.ID]; a.DisplacedBy == "" {
			a.RemindAt, a.LapsesAt = nextReminder(was.StartsAt, now), dayEnds(a.StartsAt)
		}
		if err := tx.UpdateAppointment(ctx, was, a); err != nil {
			return nil, err
		}
		if a.DisplacedBy != "" || !now.Before(a.StartsAt) {
			continue
		}
		if err := tx.Tell(ctx, NoticeRestored.about(a, c, now)); err != nil {
			return nil, err
		}
		again = append(again, a)
	}
	return again, nil
}

// verdicts are the entries that hit appointments.
type verdicts struct{ hits map[ID]string }

// standing judges the appointments of an office from one time to before
// another, and those beside them on the same days.
func (d *Desk) standing(ctx context.Context, tx Tx, c *city.Edition, office place.OfficeCode, from, to, now time.Time) (o *place.Office, v verdicts, list []Appointment, err error) {
	v.hits = map[ID]string{}
	if from.Before(now) {
		from = now
	}
	if o, err = c.Places.Office(office); errors.Is(err, place.ErrNoOffice) {
		return nil, v, nil, nil
	}
	plan, err := tx.Plan(ctx, office, now.AddDate(0, 0, -1))
	if err != nil {
		return nil, v, nil, err
	}
	first, last := workday.DateOf(from).Time(), workday.DateOf(to.Add(-1)).AddDays(1).Time()
	if list, err = tx.StandingAt(ctx, office, first, last); err != nil {
		return nil, v, nil, err
	}
	list = slices.DeleteFunc(list, func(a Appointment) bool {
		return a.State == CheckedIn || a.expired(now) || !now.Before(a.EndsAt) && !a.Displaced()
	})
	for _, a := range list {
		if by := d.shutOut(&plan, o, a); by != "" {
			v.hits[a.ID] = by
		}
	}
	for _, a := range unseated(list, v.hits, &plan.Times, o.Windows) {
		v.hits[a.ID] = closureOver(&plan.Times, a)
	}
	return o, v, list, nil
}

// shutOut names the entry that leaves an appointment no time: its office, its
// item or its own window is closed, or its day has other sessions.
func (d *Desk) shutOut(plan *Plan, o *place.Office, a Appointment) string {
	date, t := workday.DateOf(a.StartsAt), &plan.Times
	for _, e := range t.Entries {
		if e.Kind == place.Closure && e.Covers(a.StartsAt, a.EndsAt) && (e.Window == 0 || e.Window == a.Window) && a.isFor(e.Item) {
			return e.ID
		}
	}
	if e, ok := t.ExceptionOn(date); ok {
		if !within(e.Sessions, a, date) {
			return e.ID
		}
		return ""
	}
	if day := d.Calendar.Day(date); day.Kind == workday.Holiday {
		return ByCalendar
	}
	return ""
}

func (a Appointment) isFor(item string) bool {
	return item == "" || slices.ContainsFunc(a.codes(), func(code string) bool { return code == item })
}

func (a Appointment) codes() (list []string) {
	for _, i := range a.items() {
		list = append(list, string(i))
	}
	return list
}

func within(sessions []place.Session, a Appointment, date workday.Date) bool {
	return slices.ContainsFunc(sessions, func(s place.Session) bool {
		from, to := s.At(date)
		return !a.StartsAt.Before(from) && !a.EndsAt.After(to)
	})
}

// closureOver is the latest closure of a window beside an appointment.
func closureOver(t *place.Timetable, a Appointment) (id string) {
	for _, e := range t.Entries {
		if e.Kind == place.Closure && e.Window != 0 && e.Covers(a.StartsAt, a.EndsAt) {
			id = e.ID
		}
	}
	return id
}
