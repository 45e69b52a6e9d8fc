package queue

import (
	"slices"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Page is one office's day: the last number of each series, and the account of
// whose turn it is. Whoever changes the office's queue holds its page.
type Page struct {
	Office  place.OfficeCode
	Day     workday.Date
	Version int64 // counts the changes of the office's queue
	Shut    bool  // closed before its time: no more tickets
	Last    map[Series]int
	// Clock is the tag of the last call, and Tags that of each lane's last call.
	// The lane that is called next is the one whose next tag is the least; a
	// tag grows by the lane's stride. A lane that waits keeps its tag while
	// the clock goes on, so that its turn comes whatever the others do.
	Clock int
	Tags  map[Lane]int
}

// next chooses who is called to a window, and notes it on the page; nil where
// nobody waits for it. It looks at nothing but its arguments, so the order is
// the same wherever it is worked out. The line is sorted (see sortLine).
func (p *Page) next(r Rules, line []*Ticket, w Window, now time.Time) *Ticket {
	heads := map[Lane]*Ticket{}
	waits := map[Lane]bool{}
	for _, t := range line {
		if !t.due(now) {
			continue
		}
		waits[t.Lane] = true
		if heads[t.Lane] == nil && w.calls(t) {
			heads[t.Lane] = t
		}
	}
	p.keepUp(r, waits)
	chosen := p.least(r, heads)
	if chosen == nil {
		chosen = early(line, w)
	}
	if chosen != nil {
		p.charge(r, chosen.Lane)
	}
	return chosen
}

// keepUp moves lanes in which nobody waits along with the clock: they save
// nothing up. One that waits for another window saves up no more than a round.
func (p *Page) keepUp(r Rules, waits map[Lane]bool) {
	for _, lane := range Lanes {
		floor := p.Clock
		if waits[lane] {
			floor -= r.round()
		}
		p.Tags[lane] = max(p.Tags[lane], floor)
	}
}

func (p *Page) least(r Rules, heads map[Lane]*Ticket) (chosen *Ticket) {
	best := 0
	for _, lane := range Lanes {
		tag := p.Tags[lane] + r.stride(lane)
		if heads[lane] != nil && (chosen == nil || tag < best) {
			chosen, best = heads[lane], tag
		}
	}
	return chosen
}

func (p *Page) charge(r Rules, lane Lane) {
	p.Tags[lane] += r.stride(lane)
	p.Clock = max(p.Clock, p.Tags[lane])
}

// early is the first who came before their time: better served than waiting
// beside an idle window.
func early(line []*Ticket, w Window) *Ticket {
	for _, t := range line {
		if w.calls(t) {
			return t
		}
	}
	return nil
}

func (t *Ticket) due(now time.Time) bool { return !now.Before(t.Due) }

// sortLine puts those who wait in the order of their places.
func sortLine(tickets []Ticket) (line []*Ticket) {
	for i := range tickets {
		if tickets[i].State == Waiting {
			line = append(line, &tickets[i])
		}
	}
	slices.SortFunc(line, func(a, b *Ticket) int {
		if c := a.Place.Compare(b.Place); c != 0 {
			return c
		}
		if c := a.TakenAt.Compare(b.TakenAt); c != 0 {
			return c
		}
		return strings.Compare(a.Label(), b.Label())
	})
	return line
}

// clone is a page to try things out on.
func (p Page) clone() Page {
	tags := map[Lane]int{}
	for lane, tag := range p.Tags {
		tags[lane] = tag
	}
	p.Tags = tags
	return p
}
