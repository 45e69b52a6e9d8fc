package place

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// Windows are numbered from 1 to the office's Windows.

// Steady counts the windows that serve whoever comes from one time to before
// another without a break: on duty, not closed, and not among those that are
// asked for by number. Which of them serves whom can then be left open: see
// the decision on windows.
func (t *Timetable) Steady(windows int, from, to time.Time) (n int) {
	if t == nil {
		return windows
	}
	for w := 1; w <= windows; w++ {
		if t.Staffed(w, windows, from, to) && !t.IsNamed(w, from) {
			n++
		}
	}
	return n
}

// Staffed says whether a window serves from one time to before another without
// a break.
func (t *Timetable) Staffed(window, windows int, from, to time.Time) bool {
	if window < 1 || window > windows {
		return false
	}
	if t == nil {
		return true
	}
	for _, e := range t.Entries {
		if e.Kind == Closure && e.Window == window && e.Covers(from, to) {
			return false
		}
	}
	return !t.rostered(from) || t.onDuty(window, from, to)
}

// OpenUntil says whether no closure of a window covers any of the time from one
// to before another, and when the next one begins.
func (t *Timetable) OpenUntil(window int, from, to time.Time) (open bool, until time.Time) {
	until = to.AddDate(1, 0, 0)
	for _, e := range t.Entries {
		switch {
		case e.Kind != Closure || e.Window != window:
		case e.Covers(from, to):
			return false, from
		case !e.From.Before(to) && e.From.Before(until):
			until = e.From
		}
	}
	return true, until
}

// rostered says whether there is a roster for the day: without one, somebody
// is at every window.
func (t *Timetable) rostered(at time.Time) bool {
	day := workday.DateOf(at)
	for _, d := range t.Duties {
		if workday.DateOf(d.From) == day {
			return true
		}
	}
	return false
}

// onDuty follows the people at a window from one to the next.
func (t *Timetable) onDuty(window int, from, to time.Time) bool {
	for from.Before(to) {
		next := from
		for _, d := range t.Duties {
			if d.Window == window && !d.From.After(from) && d.To.After(next) {
				next = d.To
			}
		}
		if next.Equal(from) {
			return false
		}
		from = next
	}
	return true
}

// IsNamed says whether a window is one that is asked for by its number.
func (t *Timetable) IsNamed(window int, at time.Time) bool {
	if t == nil {
		return false
	}
	for _, n := range t.Named {
		if n.Number == window && n.holds(at) {
			return true
		}
	}
	return false
}

// NamedAt lists the windows that can be asked for at a time, by number.
func (t *Timetable) NamedAt(at time.Time) (list []NamedWindow) {
	if t == nil {
		return nil
	}
	for _, n := range t.Named {
		if n.holds(at) {
			list = append(list, n)
		}
	}
	return list
}

func (n NamedWindow) holds(at time.Time) bool {
	return !at.Before(n.From) && (n.To.IsZero() || at.Before(n.To))
}
