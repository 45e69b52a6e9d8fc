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
	DayMost      int           // people in all appointments of one person on one date, in the whole city
	AgentMost    int           // open appointments that one agent has made for others
	MoveLife     time.Duration // how long after its day one can move what the office has closed

	// Of the windows for appointments; -1 = no limit of its own.
	WalkIn   int // windows kept for walk-ins, in place of WalkInOneIn
	Priority int // kept for those with priority
	Agents   int // at most for agents
	Online   int // at most online, agents included

	NoShowMost   int           // so many missed appointments
	NoShowWithin time.Duration // within so long
	SuspendFor   time.Duration // keep one from booking for so long

	WaitingMost int           // places on waiting lists that one person has at once
	OfferLife   time.Duration // for which a freed seat is kept for whom it is offered to

	Quiet time.Duration // for about so long a seat given up is shown to nobody; 0 = free at once
}

// DefaultRules are the rules of a city that sets none.
func DefaultRules() Rules {
	return Rules{
		Lead:         30 * time.Minute,
		Horizon:      14,
		HoldLife:     5 * time.Minute,
		HoldsMost:    2,
		OpenMost:     10,
		PeopleMost:   5,
		EarlyCheckIn: time.Hour,
		WalkInOneIn:  3,
		DayMost:      5,
		AgentMost:    10,
		MoveLife:     7 * 24 * time.Hour,
		NoShowMost:   3,
		NoShowWithin: 90 * 24 * time.Hour,
		SuspendFor:   30 * 24 * time.Hour,
		WaitingMost:  3,
		OfferLife:    15 * time.Minute,
		WalkIn:       Unsaid, Priority: Unsaid, Agents: Unsaid, Online: Unsaid,
	}
}

// Capacity is how many appointments an office with so many open windows serves
// at once: at least one, where any window is open.
func (r Rules) Capacity(windows int) int {
	open := windows
	switch {
	case windows < 1:
		return 0
	case r.WalkIn >= 0:
		open -= r.WalkIn
	case r.WalkInOneIn > 0:
		open -= windows / r.WalkInOneIn
	}
	return max(1, open)
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
