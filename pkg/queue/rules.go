package queue

import "time"

// Rules are what a city sets for its queues.
type Rules struct {
	// Weights say how many of so many calls each lane gets while all wait. Every
	// lane has one, so that none starves.
	Weights map[Lane]int

	OpenBefore  time.Duration // tickets can be had so long before the office opens
	LateGrace   time.Duration // an appointment so late still has its own place
	CallsMost   int           // calls of one ticket before it counts as missed
	ReturnsMost int           // how often a missed ticket may come back
	ReopenFor   time.Duration // how long a finished ticket can be taken up again
	NearBefore  int           // people before somebody who is told that the turn is near
	NearMetres  float64       // how near a phone must be to take a ticket
	Overtime    time.Duration // after closing, until those who still wait are sent home
	CarriedFor  int           // days for which a ticket left undone gives first choice
	PriorOf     int           // visits that an item's planned minutes count for in the mean
}

// DefaultRules are the rules of a city that sets none.
func DefaultRules() Rules {
	return Rules{
		Weights:     map[Lane]int{Appointments: 6, Priorities: 3, WalkIns: 2},
		OpenBefore:  30 * time.Minute,
		LateGrace:   15 * time.Minute,
		CallsMost:   3,
		ReturnsMost: 2,
		ReopenFor:   time.Minute,
		NearBefore:  3,
		NearMetres:  500,
		Overtime:    time.Hour,
		CarriedFor:  7,
		PriorOf:     5,
	}
}

// round is a number that every weight divides, and stride what one call costs
// a lane in it.
func (r Rules) round() int {
	n := 1
	for _, lane := range Lanes {
		n = lcm(n, r.Weights[lane])
	}
	return n
}

func (r Rules) stride(lane Lane) int { return r.round() / r.Weights[lane] }

func lcm(a, b int) int { return a / gcd(a, b) * b }

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
