package workday

import (
	"fmt"
	"maps"
	"sync/atomic"
)

// Kind says what sort of day a day is.
type Kind string

// The kinds of days.
const (
	Workday Kind = "workday" // 工作日
	Weekend Kind = "weekend" // 周末
	Holiday Kind = "holiday" // 放假
	Makeup  Kind = "makeup"  // 调休上班: a Saturday or Sunday on which people work
)

// Works says whether people work on days of this kind.
func (k Kind) Works() bool { return k == Workday || k == Makeup }

// Day is what the calendar knows of a date.
type Day struct {
	Date        Date
	Kind        Kind
	Name        string // of the holiday, also on its make-up days
	Provisional bool   // the State Council has not yet arranged this year
}

// The years that are kept once built. Other years work too, more slowly.
const (
	firstYear = 1949
	lastYear  = 2200
)

// Calendar is the calendar of working days. It knows the arrangements of the
// State Council that are built in (2002 to 2026) and those it is given. For
// other years it knows the statutory holidays only: neither the days off for
// holidays that fall on a weekend nor the make-up days can be foreseen.
// It is safe for use by many goroutines.
type Calendar struct{ now atomic.Pointer[arrangement] }

// arrangement is what a calendar knows; it does not change.
type arrangement struct {
	given    map[Date]Entry
	arranged map[int]bool // years that the given entries arrange
	years    [lastYear - firstYear + 1]atomic.Pointer[year]
}

// NewCalendar makes a calendar. Entries win over what is built in, later ones
// over earlier ones. A year counts as arranged once its 1 October is among
// them as a holiday, for every arrangement says that.
func NewCalendar(entries ...Entry) *Calendar {
	c := &Calendar{}
	c.Arrange(entries...)
	return c
}

// Arrange puts these entries in the place of those given before. Whoever is
// counting right now finishes with the days as they were.
func (c *Calendar) Arrange(entries ...Entry) {
	a := &arrangement{given: map[Date]Entry{}, arranged: map[int]bool{}}
	for _, e := range entries {
		a.given[e.Date] = e
		if e.arranges() {
			a.arranged[e.Date.Year] = true
		}
	}
	if old := c.now.Load(); old == nil || !maps.Equal(old.given, a.given) {
		c.now.Store(a)
	}
}

// Day tells what sort of day a date is.
func (c *Calendar) Day(d Date) Day {
	n := d.number()
	return c.now.Load().year(dateAt(n).Year).day(n)
}

// IsWorkday says whether people work on that day.
func (c *Calendar) IsWorkday(d Date) bool { return c.Day(d).Kind.Works() }

// Add goes n working days on from d, or back when n is negative; d itself does
// not count. Add(d, 0) is d, whatever day it is.
func (c *Calendar) Add(d Date, n int) Date {
	n = within(n)
	r := c.rulerAt(d)
	switch from := r.rank(d.number()); {
	case n > 0:
		return dateAt(r.find(from + n))
	case n < 0 && c.IsWorkday(d):
		return dateAt(r.find(from + n))
	case n < 0:
		return dateAt(r.find(from + n + 1))
	default:
		return d
	}
}

// Next gives the first working day after d.
func (c *Calendar) Next(d Date) Date { return c.Add(d, 1) }

// Between counts the working days after from, up to and including to. It is
// negative when to is before from, so that Between(a, b) == -Between(b, a).
func (c *Calendar) Between(from, to Date) int {
	r := c.rulerAt(from)
	start := r.rank(from.number())
	return r.rank(to.number()) - start
}

// Warning tells that the days of a year are only provisional.
type Warning struct {
	Year int
	Text string
}

// Warnings names the years from one day to another whose days are provisional.
func (c *Calendar) Warnings(from, to Date) []Warning {
	var all []Warning
	for y := from.Year; y <= to.Year; y++ {
		if c.now.Load().year(y).provisional {
			all = append(all, Warning{y, fmt.Sprintf("%d年的放假安排尚未公布，暂按法定节假日推算，补假和调休未计入，公布后以公布为准", y)})
		}
	}
	return all
}

// year gives the table of a year, building it when it is first asked for. Two
// goroutines may build the same table; either will do.
func (c *arrangement) year(y int) *year {
	if y < firstYear || y > lastYear {
		return c.build(y)
	}
	at := &c.years[y-firstYear]
	if built := at.Load(); built != nil {
		return built
	}
	built := c.build(y)
	at.Store(built)
	return built
}
