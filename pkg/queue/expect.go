package queue

import (
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
)

// Expect is how long somebody has still to wait, and on what that rests.
type Expect struct {
	Before  int           // people who will be called before
	Windows int           // that are open, or will be
	Mean    time.Duration // that one visit takes, over those before
	Sample  int           // visits finished today that went into it
	Wait    time.Duration // negative = not known
}

// Basis says in Chinese what the estimate rests on.
func (e Expect) Basis() string {
	if e.Wait < 0 {
		return fmt.Sprintf("前面还有%d人；目前没有开放的窗口，暂时无法估计等候时间", e.Before)
	}
	from := "按事项的计划时间"
	if e.Sample > 0 {
		from = fmt.Sprintf("按今天已办结的%d件和事项的计划时间", e.Sample)
	}
	return fmt.Sprintf("前面还有%d人，%d个窗口，%s估计每人约%d分钟", e.Before, e.Windows, from, minutes(e.Mean))
}

// minutes rounds up: nobody should come too late for an estimate.
func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }

// Spent is what the visits finished today for one item took in all.
type Spent struct {
	Count int
	Total time.Duration
}

// Pace is how long visits take today.
type Pace map[catalog.ItemCode]Spent

func (p Pace) sample() (n int) {
	for _, s := range p {
		n += s.Count
	}
	return n
}

// mean blends what visits for an item took today with what is planned, which
// counts for so many visits.
func (p Pace) mean(item catalog.ItemCode, planned time.Duration, prior int) time.Duration {
	done := p[item]
	return (time.Duration(prior)*planned + done.Total) / time.Duration(prior+done.Count)
}

// scene is an office as an estimate sees it.
type scene struct {
	rules   Rules
	page    Page
	tickets []Ticket // waiting and in hand
	windows []Window // that are open, or will be
	from    time.Time
	gaps    []gap
	closes  time.Time
	pace    Pace
}

// gap is a break between two sessions, such as noon.
type gap struct{ from, to time.Time }

// after is when a window goes on that would be free in a break.
func (s scene) after(now, t time.Time) time.Time {
	for _, g := range s.gaps {
		if now.Before(g.from) && !t.Before(g.from) && t.Before(g.to) {
			return g.to
		}
	}
	return t
}

func (s scene) mean(t *Ticket) time.Duration {
	return s.pace.mean(t.Item, time.Duration(t.Minutes)*time.Minute, s.rules.PriorOf)
}

// expect plays the rest of the day: the window that is free first calls next,
// as it would by the rules, until nobody waits. It gives every waiting ticket
// its expectation.
func (s scene) expect(now time.Time) map[ID]Expect {
	line := sortLine(s.tickets)
	free := s.freeAt(now)
	page := s.page.clone()
	found := make(map[ID]Expect, len(line))
	sample := s.pace.sample()
	var spent time.Duration
	for idle := 0; len(line) > 0 && idle < len(s.windows); {
		i := soonest(free)
		t := page.next(s.rules, line, s.windows[i], free[i])
		if t == nil {
			free[i], idle = farOff, idle+1
			continue
		}
		before := len(found)
		e := Expect{Before: before, Windows: len(s.windows), Sample: sample, Wait: free[i].Sub(now), Mean: s.mean(t)}
		if before > 0 {
			e.Mean = spent / time.Duration(before)
		}
		found[t.ID] = e
		spent += s.mean(t)
		free[i] = s.after(now, free[i].Add(s.mean(t)))
		line = without(line, t)
	}
	for _, t := range line { // those whom no open window calls
		found[t.ID] = Expect{Before: len(found), Windows: len(s.windows), Sample: sample, Mean: s.mean(t), Wait: -1}
	}
	return found
}

// farOff is later than any day goes on.
var farOff = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// freeAt is when each window is free: one that serves somebody after a mean
// visit, but not before a minute from now.
func (s scene) freeAt(now time.Time) []time.Time {
	free := make([]time.Time, len(s.windows))
	for i, w := range s.windows {
		free[i] = later(now, s.from)
		for j := range s.tickets {
			t := &s.tickets[j]
			if t.State.InHand() && t.Window == w.Number {
				free[i] = later(free[i], later(now.Add(time.Minute), later(t.CalledAt, t.ServedAt).Add(s.mean(t))))
			}
		}
	}
	return free
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func soonest(free []time.Time) (at int) {
	for i := range free {
		if free[i].Before(free[at]) {
			at = i
		}
	}
	return at
}

func without(line []*Ticket, t *Ticket) []*Ticket {
	rest := make([]*Ticket, 0, len(line)-1)
	for _, o := range line {
		if o != t {
			rest = append(rest, o)
		}
	}
	return rest
}
