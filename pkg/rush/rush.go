// Package rush (放号高峰) decides who is let through when many want the few
// seats that are released at one second: a waiting room, whose order nobody
// betters by being early, quick or stubborn. It lets people ask for a seat and
// never sells one: that is the appointment desk's, and the database's, alone.
package rush

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ID names a rush.
type ID string

// Rush guards an office's seats for an item on some dates: nobody takes one
// before OpensAt; then only who was let through; from EndsAt on whoever comes.
type Rush struct {
	ID              ID
	Office          place.OfficeCode
	Item            catalog.ItemCode
	First, Last     workday.Date // dates of the visits
	OpensAt, EndsAt time.Time
	PerSecond       int // how many are let through in a second
	Secret          []byte
	MadeBy          staff.ID
	MadeAt          time.Time
	CalledOffAt     time.Time // zero while it stands
}

// Bounds of a rush.
const (
	PerSecondMost = 10_000
	LongestLast   = 24 * time.Hour // from OpensAt to EndsAt
	daysMost      = 31
	doorsOpen     = 30 * time.Minute // the room opens so long before OpensAt
)

// Errors about a rush itself.
var (
	ErrNoRush  = fault.New(fault.NotFound, "rush.none", "没有这场集中放号，可能已经结束或取消，请刷新后再看")
	ErrTimes   = fault.New(fault.Invalid, "rush.times", "放号时间不对：要在将来放号，结束晚于放号且不超过24小时，请修改后再试")
	ErrDates   = fault.New(fault.Invalid, "rush.dates", "办理日期不对：最后一天不能早于第一天，也不能早于放号日期，最多31天，请修改后再试")
	ErrPace    = fault.New(fault.Invalid, "rush.pace", "每秒放行人数要在1到10000之间，请修改后再试")
	ErrClashes = fault.New(fault.Conflict, "rush.clashes", "这个网点的这个事项在这些日期已有集中放号，请先取消原来的")
)

// check says whether a rush can be announced now. Errors: ErrTimes, ErrDates,
// ErrPace.
func (r Rush) check(now time.Time) error {
	switch {
	case !r.OpensAt.After(now), !r.EndsAt.After(r.OpensAt), r.EndsAt.Sub(r.OpensAt) > LongestLast:
		return ErrTimes
	case r.Last.Before(r.First), r.First.Before(workday.DateOf(r.OpensAt)), r.Last.DaysSince(r.First) >= daysMost:
		return ErrDates
	case r.PerSecond < 1, r.PerSecond > PerSecondMost:
		return ErrPace
	}
	return nil
}

// guards says whether the rush is about a visit on that date.
func (r Rush) guards(office place.OfficeCode, item catalog.ItemCode, date workday.Date) bool {
	return r.Office == office && r.Item == item && !date.Before(r.First) && !date.After(r.Last)
}

// over says whether the rush has nothing to say any more.
func (r Rush) over(now time.Time) bool { return !r.CalledOffAt.IsZero() || !now.Before(r.EndsAt) }

// through is how many of the order have been let through by now. It follows
// from the time alone, so that every instance agrees and a crash loses nothing.
func (r Rush) through(now time.Time) int64 {
	if now.Before(r.OpensAt) {
		return 0
	}
	return int64(now.Sub(r.OpensAt)/time.Millisecond)*int64(r.PerSecond)/1000 + int64(r.PerSecond)
}

// until is how long it takes from now until the one behind so many is let
// through.
func (r Rush) until(ahead int64, now time.Time) time.Duration {
	seconds := (ahead + 1 - int64(r.PerSecond)) * 1000 / int64(r.PerSecond)
	at := r.OpensAt.Add(time.Duration(max(0, seconds+1)) * time.Millisecond)
	return max(0, at.Sub(now))
}
