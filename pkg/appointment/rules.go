package appointment

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// Rules are what a city sets for its appointments.
type Rules struct {
	Lead         time.Duration // a slot can be booked until so long before it starts
	Horizon      int           // dates that can be booked, today among them
	Release      time.Duration // after midnight: when one more date is released (放号)
	HoldLife     time.Duration
	HoldsMost    int           // holds of one person at once
	OpenMost     int           // people in all open appointments of one person
	PeopleMost   int           // people in one appointment
	EarlyCheckIn time.Duration // how long before its start one can check in
	WalkInOneIn  int           // of so many windows, one serves walk-ins only; 0 = none does
}

// DefaultRules are the rules of a city that sets none.
func DefaultRules() Rules {
	return Rules{
		Lead:         30 * time.Minute,
		Horizon:      14,
		HoldLife:     5 * time.Minute,
		HoldsMost:    2,
		OpenMost:     5,
		PeopleMost:   5,
		EarlyCheckIn: time.Hour,
		WalkInOneIn:  3,
	}
}

// Capacity is how many appointments an office with so many windows serves at
// once: at least one.
func (r Rules) Capacity(windows int) int {
	if r.WalkInOneIn > 0 {
		windows -= windows / r.WalkInOneIn
	}
	return max(1, windows)
}

// last is the last date that is released by now.
func (r Rules) last(now time.Time) workday.Date {
	today := workday.DateOf(now)
	last := today.AddDays(r.Horizon - 1)
	if now.Before(today.Time().Add(r.Release)) {
		return last.AddDays(-1)
	}
	return last
}

// releasedAt is when a date is released.
func (r Rules) releasedAt(d workday.Date) time.Time {
	return d.AddDays(1 - r.Horizon).Time().Add(r.Release)
}
