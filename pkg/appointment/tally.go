package appointment

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// tally counts what is taken in the cells of some days.
type tally struct {
	first time.Time
	pool  []Seat
	named map[int][]int // by window: whether it is taken

	limited []limitedItem
}

func newTally(from workday.Date, days int) *tally {
	return &tally{first: from.Time(), pool: make([]Seat, days*cellsPerDay), named: map[int][]int{}}
}

// tally reads the cells of some days. Holds that have ended and seats whose
// quiet time is over do not count, whether or not they are cleared.
func (d *Desk) tally(ctx context.Context, office place.OfficeCode, from workday.Date, days int, now time.Time) (*tally, error) {
	t := newTally(from, days)
	last := from.AddDays(days).Time()
	// What has ended first: a hold that is cleared between two looks then makes a
	// seat too many, which the guard refuses, and never a seat too few.
	ended, err := d.Store.EndedHoldsAt(ctx, office, t.first, last, now)
	if err != nil {
		return nil, err
	}
	for _, a := range ended {
		t.give(a.claim())
	}
	quiet, err := d.Store.QuietAt(ctx, office, t.first, last, now)
	if err != nil {
		return nil, err
	}
	for _, q := range quiet {
		t.give(q.Claim)
	}
	seats, err := d.Store.Seats(ctx, office, t.first, last)
	if err != nil {
		return nil, err
	}
	for _, s := range seats {
		t.add(s, 1)
	}
	return t, nil
}

// give takes a claim out again.
func (t *tally) give(c Claim) {
	s := c.Seat()
	for s.StartsAt = c.From; s.StartsAt.Before(c.To); s.StartsAt = s.StartsAt.Add(Cell) {
		t.add(s, -1)
	}
}

func (t *tally) add(s Seat, sign int) {
	at := int(s.StartsAt.Sub(t.first) / Cell)
	if s.StartsAt.Before(t.first) || at >= len(t.pool) {
		return
	}
	if s.Window != 0 {
		if t.named[s.Window] == nil {
			t.named[s.Window] = make([]int, len(t.pool))
		}
		t.named[s.Window][at] += sign
		return
	}
	c := &t.pool[at]
	c.Taken += sign * s.Taken
	c.Ordinary += sign * s.Ordinary
	c.Agents += sign * s.Agents
	c.Online += sign * s.Online
}

// cell is the number of a time's cell.
func (t *tally) cell(at time.Time) int { return int(at.Sub(t.first) / Cell) }

// free is how many more visits like this fit from one cell on: as many as in
// the fullest of the cells, and one at each of the windows named here.
func (t *tally) free(adds Seat, q Quota, named []int, cell, need int) int {
	n := q.All
	for _, s := range t.pool[cell:][:need] {
		n = min(n, q.left(s, adds))
	}
	for _, w := range named {
		if t.windowFree(w, cell, need) {
			n++
		}
	}
	return t.room(n, cell, need)
}

func (t *tally) windowFree(window, cell, need int) bool {
	taken := t.named[window]
	if taken == nil {
		return true
	}
	for _, n := range taken[cell:][:need] {
		if n > 0 {
			return false
		}
	}
	return true
}
