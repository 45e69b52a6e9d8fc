package place

import (
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// EntryKind is a way in which a timetable departs from the weekly hours.
type EntryKind string

// The kinds, the strongest first.
const (
	Closure   EntryKind = "closure"   // 停办：nobody is served, at an office, at a window or for an item
	Exception EntryKind = "exception" // 特别安排：these days have these sessions, whatever day of the week or holiday they are
	Series    EntryKind = "series"    // 作息调整：other weekly hours for some time
)

// Entry is one thing said about an office's time, from a time to before
// another. Exceptions and series hold for whole days.
type Entry struct {
	ID       string
	Office   OfficeCode
	Kind     EntryKind
	From, To time.Time
	Window   int       // of a closure: only this window; 0 = all
	Item     string    // of a closure: only this item; "" = all
	Sessions []Session // of an exception: none = closed
	Weekly   Hours     // of a series
	Reason   string    // in Chinese, for the people whom it concerns
	MadeBy   string
	MadeAt   time.Time
	UndoneAt time.Time // zero while it holds
}

// Covers says whether any of the entry's time lies from one time to before another.
func (e Entry) Covers(from, to time.Time) bool { return e.From.Before(to) && from.Before(e.To) }

// on says whether the entry holds for the whole of a date.
func (e Entry) on(d workday.Date) bool { return !e.From.After(d.Time()) && d.Time().Before(e.To) }

// Duty (值班) says that a member of staff is at a window from a time to before
// another.
type Duty struct {
	Window   int
	From, To time.Time
	Staff    string
}

// NamedWindow (可指定窗口) can be asked for by its number. Whoever is served there
// has that window for good. The zero To is no end.
type NamedWindow struct {
	Number   int
	Name     string // 手语服务窗口
	From, To time.Time
}

// Timetable (开放安排) is all that is said of an office's time beside its
// weekly hours. The nil Timetable says nothing. It does not change once read.
type Timetable struct {
	Version int64
	Entries []Entry // in force, the latest made last
	Duties  []Duty
	Named   []NamedWindow
}

// Opening gives the sessions in which an office with these weekly hours is
// open on a day, or why it is not. A closure beats an exception, that beats a
// holiday, and that beats series and weekly hours; of two of a kind the later
// one counts. Closures of single items close to whoever comes for one of them.
func (t *Timetable) Opening(weekly Hours, day workday.Day, items ...string) (sessions []Session, why string) {
	if t == nil {
		return weekly.Opening(day)
	}
	if e, ok := t.ExceptionOn(day.Date); ok {
		if sessions = e.Sessions; len(sessions) == 0 {
			return nil, e.Reason
		}
	} else {
		if e, ok := t.latest(Series, day.Date); ok {
			weekly = e.Weekly
		}
		if sessions, why = weekly.Opening(day); why != "" {
			return nil, why
		}
	}
	for _, e := range t.Entries {
		if e.Kind != Closure || e.Window != 0 || e.Item != "" && !slices.Contains(items, e.Item) {
			continue
		}
		if sessions = without(sessions, e, day.Date); len(sessions) == 0 {
			return nil, e.Reason
		}
	}
	return sessions, ""
}

// ExceptionOn gives the exception that holds for a date.
func (t *Timetable) ExceptionOn(d workday.Date) (Entry, bool) { return t.latest(Exception, d) }

func (t *Timetable) latest(kind EntryKind, d workday.Date) (found Entry, ok bool) {
	for _, e := range t.Entries {
		if e.Kind == kind && e.on(d) {
			found, ok = e, true
		}
	}
	return found, ok
}

// without cuts a closure out of the sessions of a date.
func without(sessions []Session, e Entry, d workday.Date) (left []Session) {
	for _, s := range sessions {
		from, to := s.At(d)
		if !e.Covers(from, to) {
			left = append(left, s)
			continue
		}
		if e.From.After(from) {
			left = append(left, Session{s.Open, minuteOf(e.From, d)})
		}
		if e.To.Before(to) {
			left = append(left, Session{minuteAfter(e.To, d), s.Close})
		}
	}
	return left
}

// minuteOf counts the whole minutes since midnight, minuteAfter the begun ones.
func minuteOf(t time.Time, d workday.Date) int { return int(t.Sub(d.Time()) / time.Minute) }

func minuteAfter(t time.Time, d workday.Date) int {
	return int((t.Sub(d.Time()) + time.Minute - 1) / time.Minute)
}
