package appointment

import (
	"iter"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Cell is the length of a slot of the grid. The grid starts at midnight in
// China, not at an office's opening: were it to move with the hours, seats
// taken before a change of hours would not stand in the way of those after.
const Cell = 15 * time.Minute

const (
	cellMinutes = int(Cell / time.Minute)
	cellsPerDay = 24 * 60 / cellMinutes
)

// cells is how many neighbouring cells so many people need, one after the
// other at one window.
func cells(minutes, people int) int {
	return (minutes*people + cellMinutes - 1) / cellMinutes
}

// starts gives the cells of a day, counted from midnight, at which a visit of
// need cells can start: it fits into one session.
func starts(sessions []place.Session, need int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, s := range sessions {
			first := (s.Open + cellMinutes - 1) / cellMinutes
			for cell := first; (cell+need)*cellMinutes <= s.Close; cell++ {
				if !yield(cell) {
					return
				}
			}
		}
	}
}

// sessionOf finds the session in which a visit of need cells can start at that
// time of the day.
func sessionOf(sessions []place.Session, need int, ofDay time.Duration) (place.Session, bool) {
	for _, s := range sessions {
		for cell := range starts([]place.Session{s}, need) {
			if time.Duration(cell)*Cell == ofDay {
				return s, true
			}
		}
	}
	return place.Session{}, false
}

// closing is when the last session of a date ends; midnight where none is.
func closing(sessions []place.Session, d workday.Date) time.Time {
	minutes := 24 * 60
	if n := len(sessions); n > 0 {
		minutes = sessions[n-1].Close
	}
	return d.Time().Add(time.Duration(minutes) * time.Minute)
}
