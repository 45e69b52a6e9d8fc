package appointment

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Errors of what an office's manager sets.
var (
	ErrDuty     = fault.New(fault.Invalid, "appointment.duty", "值班安排有误：窗口须是本网点的，时段须在当天之内且同一窗口不重叠，请修改")
	ErrRule     = fault.New(fault.Invalid, "appointment.rule", "预约规则有误：至少写一项，数字须在允许范围内，请修改")
	ErrDutyPast = fault.New(fault.Conflict, "appointment.duty_past", "过去的值班安排不能更改，请选择今天或以后的日期")
)

// SetDuty writes who is on duty at a member's office on a date, in place of
// what was there. Without any entry somebody is at every window. Appointments
// keep their time; new ones are taken for the windows on duty.
// Errors: ErrDuty, ErrDutyPast.
func (d *Desk) SetDuty(ctx context.Context, m staff.Member, date workday.Date, list []place.Duty) error {
	edition, err := d.City.Current(ctx)
	if err != nil {
		return err
	}
	o, err := edition.Places.Office(m.Office)
	if err != nil {
		return err
	}
	from, to := date.Time(), date.AddDays(1).Time()
	if date.Before(workday.DateOf(d.Now())) {
		return ErrDutyPast
	}
	for i, duty := range list {
		if duty.Window < 1 || duty.Window > o.Windows || duty.From.Before(from) || duty.To.After(to) || !duty.From.Before(duty.To) {
			return ErrDuty
		}
		for _, other := range list[:i] {
			if other.Window == duty.Window && other.From.Before(duty.To) && duty.From.Before(other.To) {
				return ErrDuty
			}
		}
	}
	return d.changePlan(ctx, m.Office, func(tx Tx) error { return tx.SetDuties(ctx, m.Office, from, to, list) })
}

// Duty returns who is on duty at a member's office on a date.
func (d *Desk) Duty(ctx context.Context, m staff.Member, date workday.Date) ([]place.Duty, error) {
	return d.Store.Duties(ctx, m.Office, date.Time(), date.AddDays(1).Time())
}

// SetRule writes a rule in place of the one for the same office and item; one
// that says nothing is taken back. Errors: ErrRule, catalog.ErrNoItem.
func (d *Desk) SetRule(ctx context.Context, r Rule) error {
	if !r.sound() {
		return ErrRule
	}
	edition, err := d.City.Current(ctx)
	if err != nil {
		return err
	}
	if r.Item != "" {
		if _, err := edition.Catalogue.Item(r.Item); err != nil {
			return err
		}
	}
	return d.changePlan(ctx, r.Office, func(tx Tx) error { return tx.SaveRule(ctx, r) })
}

// BookingRules returns the rules said for an office, and the city's.
func (d *Desk) BookingRules(ctx context.Context, office place.OfficeCode) ([]Rule, error) {
	return d.Store.BookingRules(ctx, office)
}

// NameWindows says which windows of a member's office can be asked for by
// number, from the first day on which nobody is booked there yet: so none of
// them serves whoever comes and those who ask for it at once. It returns that
// day. Error: ErrEntryWindow.
func (d *Desk) NameWindows(ctx context.Context, m staff.Member, list []place.NamedWindow) (from workday.Date, err error) {
	edition, err := d.City.Current(ctx)
	if err != nil {
		return from, err
	}
	o, err := edition.Places.Office(m.Office)
	if err != nil {
		return from, err
	}
	seen := map[int]bool{}
	for _, n := range list {
		if n.Number < 1 || n.Number > o.Windows || seen[n.Number] {
			return from, ErrEntryWindow
		}
		seen[n.Number] = true
	}
	err = d.changePlan(ctx, m.Office, func(tx Tx) error {
		last, err := tx.LastSeat(ctx, m.Office)
		if err != nil {
			return err
		}
		from = workday.DateOf(d.Now()) // with nobody booked, today
		if last.After(d.Now()) {
			from = workday.DateOf(last.Add(-time.Millisecond)).AddDays(1)
		}
		return tx.NameWindows(ctx, m.Office, from.Time(), list)
	})
	return from, err
}

// NamedWindows returns the windows of an office that can be asked for, now or
// later. Error: place.ErrNoOffice.
func (d *Desk) NamedWindows(ctx context.Context, office place.OfficeCode) ([]place.NamedWindow, error) {
	edition, err := d.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := edition.Places.Office(office); err != nil {
		return nil, err
	}
	p, err := d.plan(ctx, office)
	if err != nil {
		return nil, err
	}
	return p.Times.Named, nil
}

// changePlan makes a change of a plan known to whoever takes a seat.
func (d *Desk) changePlan(ctx context.Context, office place.OfficeCode, change func(Tx) error) error {
	defer d.crowd.freed(office)
	return d.Store.InTx(ctx, func(tx Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		return tx.BumpPlan(ctx, office)
	})
}

// sound says whether each number said makes sense.
func (r Rule) sound() bool {
	for _, c := range []struct{ n, least, most int }{
		{r.Lead, 0, 30 * 24 * 60}, {r.Horizon, 1, 366}, {r.Release, 0, 24*60 - 1}, {r.Quiet, 0, 24 * 60},
		{r.WalkIn, 0, 1000}, {r.Priority, 0, 1000}, {r.Agents, 0, 1000}, {r.Online, 0, 1000},
	} {
		if c.n != Unsaid && (c.n < c.least || c.n > c.most) {
			return false
		}
	}
	return true
}

// Silent says that a rule says nothing.
func (r Rule) Silent() bool {
	return r == Rule{r.Office, r.Item, Unsaid, Unsaid, Unsaid, Unsaid, Unsaid, Unsaid, Unsaid, Unsaid}
}
