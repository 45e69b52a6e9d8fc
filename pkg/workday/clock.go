package workday

import "github.com/yimen-gov/yimen/pkg/fault"

// The faults of extending a clock (行政许可法 Art. 42: once, and in time).
var (
	ErrExtended = fault.New(fault.Conflict, "workday.already_extended", "办理期限已延长过一次，不能再次延长，请在期限内办结")
	ErrTimeOver = fault.New(fault.Conflict, "workday.time_over", "办理期限已满或已办结，不能再延长，请尽快按规定处理")
)

// Unit is what a clock counts.
type Unit string

// The units, as the catalogue writes them.
const (
	WorkingDays  Unit = "working"  // 工作日
	CalendarDays Unit = "calendar" // 日（自然日）
	Months       Unit = "months"   // 月
)

// Clock is the time that an office has for a decision (办理期限). The day of
// the event does not count: day 1 is the next day that counts. Days that a
// pause touches do not count either. A clock of months runs to the day of the
// same number, and each paused day moves its end by a day. A last calendar day
// is not moved off a holiday: that would favour the office.
//
// It is a value: changing a copy changes nothing else.
type Clock struct {
	Start     Date // the day of the event, such as acceptance
	Unit      Unit
	Days      int // in Unit; 0 = to be done on the day itself
	Extension int // in Unit; 0 = not extended
	Pauses    []Pause
	Stopped   Date // the day of the decision, which still counts; zero = not yet
}

// State is how a clock stands.
type State string

// The states of a clock.
const (
	Running State = "running" // 计时中
	Paused  State = "paused"  // 暂停计时
	Overdue State = "overdue" // 已超期
	Stopped State = "stopped" // 已办结
)

// Due gives the last day in time. It is the zero Date while an open pause
// keeps it unknown.
func (c Clock) Due(cal *Calendar) Date {
	total := c.total()
	if total <= 0 {
		return c.Start
	}
	start, r := c.Start.number(), c.ruler(cal)
	last := r.rank(start) + total // rank of the last day, if nothing were paused from here on
	for _, p := range c.spans() {
		if p.to <= start {
			continue
		}
		from := max(p.from, start+1)
		before := r.rank(from - 1)
		if last <= before {
			break
		}
		if p.open() {
			return Date{}
		}
		last += r.rank(p.to) - before
	}
	return dateAt(r.find(last))
}

// Used counts the days used up by the end of asOf, in working days or, for the
// other units, in calendar days. It goes on after the clock has run out.
func (c Clock) Used(asOf Date, cal *Calendar) int {
	start, end, r := c.Start.number(), c.lastCounted(asOf).number(), c.ruler(cal)
	if end <= start {
		return 0
	}
	zero := r.rank(start)
	paused := 0
	for _, p := range c.spans() {
		from, to := max(p.from, start+1), min(p.to, end)
		if from <= to {
			before := r.rank(from - 1)
			paused += r.rank(to) - before
		}
	}
	return r.rank(end) - zero - paused
}

// Left counts the days left after asOf, in the unit of Used. It is negative
// when that many days too many have been used.
func (c Clock) Left(asOf Date, cal *Calendar) int { return c.total() - c.Used(asOf, cal) }

// State tells how the clock stands on a day. The last day is still in time.
func (c Clock) State(asOf Date, cal *Calendar) State {
	due := c.Due(cal)
	switch {
	case !c.Stopped.IsZero() && !asOf.Before(c.Stopped):
		return Stopped
	case !due.IsZero() && asOf.After(due):
		return Overdue
	case c.pauseOn(asOf) != nil:
		return Paused
	default:
		return Running
	}
}

// Extend gives the clock with n more units, decided on the day asOf. Errors:
// ErrExtended, ErrTimeOver.
func (c Clock) Extend(n int, asOf Date, cal *Calendar) (Clock, error) {
	if c.Extension != 0 {
		return c, ErrExtended
	}
	if s := c.State(asOf, cal); s == Overdue || s == Stopped {
		return c, ErrTimeOver
	}
	c.Extension = n
	return c, nil
}

// total is the whole time in counted days.
func (c Clock) total() int {
	n := c.Days + c.Extension
	if c.Unit == Months {
		return c.Start.AddMonths(n).DaysSince(c.Start)
	}
	return n
}

func (c Clock) ruler(cal *Calendar) ruler {
	if c.Unit == CalendarDays || c.Unit == Months {
		return ruler{}
	}
	return cal.rulerAt(c.Start)
}

func (c Clock) lastCounted(asOf Date) Date {
	if !c.Stopped.IsZero() && c.Stopped.Before(asOf) {
		return c.Stopped
	}
	return asOf
}
