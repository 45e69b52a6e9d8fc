package circle

import (
	"cmp"
	"slices"
	"time"
)

// Candidate is an office that may take the item, as one person would find it.
// Times that are not known are zero.
type Candidate struct {
	Office    string // code
	By        Mode
	Travel    Estimate
	Open      bool          // still open on arrival
	OpenUntil time.Time     // when the opening hours that are met on arrival end
	OpensAt   time.Time     // when it next opens, if closed on arrival
	FirstSlot time.Time     // the first free slot that can be reached in time
	Wait      time.Duration // expected in the queue without an appointment; negative = not known
}

// Weights says what a second is worth: on the road, in the queue, until the
// first free slot, and before a closed door. The last two can be spent at home,
// so they weigh less.
type Weights struct{ Travel, Wait, Slot, Closed float64 }

// DefaultWeights: a minute in the queue is as bad as one on the road; half an
// hour until the slot, or until the door opens, is as bad as one minute.
var DefaultWeights = Weights{Travel: 1, Wait: 1, Slot: 1. / 30, Closed: 1. / 30}

// farSlot is the latest slot that still matters to the order. No free slot
// counts as one this late: a person may still come without an appointment.
const farSlot = 8 * time.Hour

// farDoor stands for an office of which no next opening is known.
const farDoor = 7 * 24 * time.Hour

// Place says where a candidate stands to the circle.
type Place uint8

// The places.
const (
	Inside  Place = iota // in time, and open on arrival
	Closed               // in time, but closed on arrival
	Outside              // not in time
)

// Ranked is a candidate in its place in the order.
type Ranked struct {
	Candidate
	Place Place
	Score float64 // seconds, weighted; the least comes first
}

// Rank orders candidates for somebody who sets out at now and has limit to get
// there. Offices in the circle and open on arrival come alone; only when there
// is none, the others follow, each marked with its place: those that close
// before one arrives, then those outside. Unreachable ones are left out.
func Rank(now time.Time, limit time.Duration, w Weights, all []Candidate) []Ranked {
	ranked := make([]Ranked, 0, len(all))
	for _, c := range all {
		if c.Travel.Seconds != Unreachable {
			ranked = append(ranked, Ranked{c, c.place(limit), w.Score(now, c)})
		}
	}
	if slices.ContainsFunc(ranked, Ranked.inside) {
		ranked = slices.DeleteFunc(ranked, func(r Ranked) bool { return !r.inside() })
	}
	slices.SortFunc(ranked, Ranked.compare)
	return ranked
}

func (r Ranked) inside() bool { return r.Place == Inside }

func (r Ranked) compare(o Ranked) int {
	return cmp.Or(
		cmp.Compare(r.Place, o.Place),
		cmp.Compare(r.Score, o.Score),
		cmp.Compare(r.Travel.Seconds, o.Travel.Seconds),
		cmp.Compare(r.Office, o.Office),
	)
}

func (c Candidate) place(limit time.Duration) Place {
	switch {
	case c.travel() > limit:
		return Outside
	case !c.Open:
		return Closed
	}
	return Inside
}

func (c Candidate) travel() time.Duration { return time.Duration(c.Travel.Seconds) * time.Second }

// Score weighs what a candidate costs somebody who sets out at now: the road,
// the queue, the time until the first free slot, and until the door opens. A
// wait that is not known counts as none.
func (w Weights) Score(now time.Time, c Candidate) float64 {
	arrival := now.Add(c.travel())
	var door time.Duration
	if !c.Open {
		door = delay(arrival, c.OpensAt, farDoor)
	}
	return w.weigh(c.travel(), c.Wait, delay(arrival, c.FirstSlot, farSlot), door)
}

// weigh is asked for every office in the circle. It adds nanoseconds up and
// turns them into seconds once.
func (w Weights) weigh(travel, wait, slot, door time.Duration) float64 {
	return (w.Travel*float64(travel) + w.Wait*float64(max(0, wait)) +
		w.Slot*float64(min(farSlot, slot)) + w.Closed*float64(door)) / float64(time.Second)
}

// delay is how long after arrival t is; a t that is not known is far.
func delay(arrival, t time.Time, far time.Duration) time.Duration {
	if t.IsZero() {
		return far
	}
	return max(0, t.Sub(arrival))
}
