package appointment

import (
	"math"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
)

// Seat is one cell of an office's time and how many visits are in it: of those
// that any window may serve (Window 0), or at one that was asked for.
type Seat struct {
	Window   int
	StartsAt time.Time
	Taken    int
	Ordinary int // of these without priority
	Agents   int // made by agents
	Online   int // made online, by agents too
}

// Claim is what a visit takes: one seat in each cell from one time to before
// another.
type Claim struct {
	Office   place.OfficeCode
	Window   int // 0 = any
	From, To time.Time
	Channel  Channel
	Priority Priority
}

// Seat is what the claim adds to each of its cells.
func (c Claim) Seat() Seat {
	s := Seat{Window: c.Window, Taken: 1}
	if c.Priority == NoPriority {
		s.Ordinary = 1
	}
	switch c.Channel {
	case Agent:
		s.Agents, s.Online = 1, 1
	case Online:
		s.Online = 1
	}
	return s
}

func (a Appointment) claim() Claim {
	return Claim{Office: a.Office, Window: a.Window, From: a.StartsAt, To: a.EndsAt, Channel: a.Channel, Priority: a.Priority}
}

// Quota is how many seats of each sort one cell has.
type Quota struct{ All, Ordinary, Agents, Online int }

// quota divides the seats of a cell.
func (r Rules) quota(seats int) Quota {
	q := Quota{All: seats, Ordinary: seats, Agents: math.MaxInt32, Online: math.MaxInt32}
	if r.Priority >= 0 {
		q.Ordinary = max(0, seats-r.Priority)
	}
	if r.Agents >= 0 {
		q.Agents = r.Agents
	}
	if r.Online >= 0 {
		q.Online = r.Online
	}
	return q
}

// left is how many more of the claim's sort fit into a cell.
func (q Quota) left(s Seat, adds Seat) int {
	n := q.All - s.Taken
	if adds.Ordinary > 0 {
		n = min(n, q.Ordinary-s.Ordinary)
	}
	if adds.Agents > 0 {
		n = min(n, q.Agents-s.Agents)
	}
	if adds.Online > 0 {
		n = min(n, q.Online-s.Online)
	}
	return max(0, n)
}
