package appointment

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Errors about what is asked for.
var (
	ErrNotHere     = fault.New(fault.Conflict, "appointment.not_here", "这个网点不受理该事项，请换一个可以受理的网点")
	ErrPeople      = fault.New(fault.Invalid, "appointment.people", "一次预约的人数超出范围，请减少人数或分开预约")
	ErrItems       = fault.New(fault.Invalid, "appointment.items", "一次最多预约5个不同的事项，请减少事项或分开预约")
	ErrNoWindow    = fault.New(fault.Conflict, "appointment.no_window", "这个窗口当天不能指定预约，请改选“任意窗口”或其他可指定的窗口")
	ErrClosed      = fault.New(fault.Conflict, "appointment.closed", "网点当天不开放，请换一天")
	ErrTooSoon     = fault.New(fault.Conflict, "appointment.too_soon", "这个时段已经开始或即将开始，请选择稍后的时段")
	ErrNotReleased = fault.New(fault.Conflict, "appointment.not_released", "这一天尚未放号，请在放号后再预约")
	ErrNotOffered  = fault.New(fault.Invalid, "appointment.not_offered", "没有这个时段，请从可预约的时段中选择")
)

// itemsMost are the items of one visit.
const itemsMost = 5

// Wish is what somebody wants to come for. It has no length: that is the
// items'.
type Wish struct {
	Office   place.OfficeCode
	Item     catalog.ItemCode
	More     []catalog.ItemCode // further items, done in the same visit
	People   int
	Window   int // 0 = any
	Priority Priority
}

// visit is a wish checked against the edition in force: how long it takes, and
// what its office says of its time.
type visit struct {
	office  *place.Office
	items   []string
	need    int // cells
	people  int
	window  int
	prefers int  // a window, if it is free
	adds    Seat // to each cell
	plan    *Plan
	rules   Rules
	claimed Claim
	limits  []itemLimit
}

// errStale tells that the timetable has changed since it was read.
var errStale = errors.New("appointment: timetable changed")

// plan gives what holds for an office. It is kept until its version changes.
func (d *Desk) plan(ctx context.Context, office place.OfficeCode) (*Plan, error) {
	version, err := d.Store.PlanVersion(ctx, office)
	if err != nil {
		return nil, err
	}
	if kept, ok := d.plans.Load(office); ok && kept.(*Plan).Times.Version == version {
		return kept.(*Plan), nil
	}
	p, err := d.Store.Plan(ctx, office, d.Now().AddDate(0, 0, -1))
	if err != nil {
		return nil, err
	}
	if len(p.Days) > 0 {
		d.Calendar.Arrange(p.Days...)
	}
	d.plans.Store(office, &p)
	return &p, nil
}

// visit looks up what is asked for. Errors: place.ErrNoOffice,
// catalog.ErrNoItem, ErrPeople, ErrItems, ErrNotHere.
func (d *Desk) visit(ctx context.Context, w Wish, by Channel) (v visit, err error) {
	edition, err := d.City.Current(ctx)
	if err != nil {
		return v, err
	}
	if v.office, err = edition.Places.Office(w.Office); err != nil {
		return v, err
	}
	minutes, codes := 0, append([]catalog.ItemCode{w.Item}, w.More...)
	for i, code := range codes {
		item, err := edition.Catalogue.Item(code)
		switch {
		case err != nil:
			return v, err
		case i >= itemsMost || slices.Contains(codes[:i], code):
			return v, ErrItems
		case !edition.Takes(item, v.office, ""):
			return v, ErrNotHere
		}
		if windows, limited := edition.WindowsFor(code, v.office.Code); limited && windows < v.office.Windows {
			v.limits = append(v.limits, itemLimit{code, windows})
		}
		minutes += item.WindowMinutes
		v.items = append(v.items, string(code))
	}
	if w.People < 1 || w.People > d.Rules.PeopleMost {
		return v, ErrPeople
	}
	if v.plan, err = d.plan(ctx, w.Office); err != nil {
		return v, err
	}
	v.people, v.window, v.need = w.People, w.Window, cells(minutes, w.People)
	v.rules = v.plan.rules(d.Rules, codes...)
	v.claimed = Claim{Office: w.Office, Window: w.Window, Channel: by, Priority: w.Priority}
	v.adds = v.claimed.Seat()
	return v, nil
}

// length is how long the visit takes.
func (v visit) length() time.Duration { return time.Duration(v.need) * Cell }

// sessions of the visit's office on a date, or why there are none.
func (d *Desk) sessions(v visit, date workday.Date) (sessions []place.Session, why string) {
	return v.plan.Times.Opening(v.office.Hours, d.Calendar.Day(date), v.items...)
}

// quota is how many visits an office can have at once in a session.
func (v visit) quota(s place.Session, date workday.Date) Quota {
	from, to := s.At(date)
	steady, t := v.office.Windows, &v.plan.Times
	if len(t.Entries)+len(t.Duties)+len(t.Named) > 0 {
		steady = t.Steady(v.office.Windows, from, to)
	}
	named := len(v.named(from, from))
	all := max(0, v.rules.Capacity(steady+named)-named)
	if v.window != 0 {
		all = 0 // whoever asks for a window gets that one
	}
	return v.rules.quota(all)
}

// named are the windows that a visit at that time may be given for good: the
// one that it asks for, or all that can be asked for.
func (v visit) named(from, to time.Time) (list []int) {
	t := &v.plan.Times
	for _, n := range t.NamedAt(from) {
		if (v.window == 0 || v.window == n.Number) && t.Staffed(n.Number, v.office.Windows, from, to) {
			list = append(list, n.Number)
		}
	}
	return list
}

// offered says whether the visit can start at that time, seats aside. The
// order is that of what the person should be told first.
// Errors: ErrTooSoon, ErrNotReleased, ErrClosed, ErrNotOffered, ErrNoWindow.
func (d *Desk) offered(v visit, at, now time.Time) error {
	if at.Before(now.Add(v.rules.Lead)) {
		return ErrTooSoon
	}
	date := workday.DateOf(at)
	if date.After(v.rules.last(now)) {
		return ErrNotReleased.Saying(v.notReleased(date))
	}
	sessions, why := d.sessions(v, date)
	if why != "" {
		return ErrClosed.Saying("网点" + dateWords(at) + "不能预约：" + why + "，请换一天")
	}
	if _, ok := sessionOf(sessions, v.need, at.Sub(date.Time())); !ok {
		return ErrNotOffered
	}
	if v.window != 0 && len(v.named(at, at.Add(v.length()))) == 0 {
		return ErrNoWindow
	}
	return nil
}

func (v visit) notReleased(date workday.Date) string {
	return "这一天尚未放号，" + timeWords(v.rules.releasedAt(date)) + "放号，请届时再预约"
}
