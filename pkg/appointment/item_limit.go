package appointment

import (
	"context"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
)

// itemLimit says that only some of an office's windows take an item: no more
// visits for it can be there at once.
type itemLimit struct {
	item    catalog.ItemCode
	windows int
}

// Span is the time of a visit.
type Span struct{ From, To time.Time }

// limitsKey names what a visit's items are limited by, "" = nothing.
func (v visit) limitsKey() string {
	var list []string
	for _, l := range v.limits {
		list = append(list, string(l.item))
	}
	return strings.Join(list, " ")
}

// mayTake says whether the windows for each of the visit's items have room. It
// is asked inside the transaction that takes the seats, of which there is one
// at a time. Error: ErrSlotFull.
func (v visit) mayTake(ctx context.Context, tx Tx, a Appointment, now time.Time) error {
	for _, l := range v.limits {
		list, err := tx.VisitsFor(ctx, a.Office, l.item, a.StartsAt, a.EndsAt, now, a.ID)
		if err != nil {
			return err
		}
		if most(list, a.StartsAt, a.EndsAt) >= l.windows {
			return ErrSlotFull
		}
	}
	return nil
}

// most is how many of the visits are there at once between two times.
func most(list []Span, from, to time.Time) (n int) {
	for at := from; at.Before(to); at = at.Add(Cell) {
		here := 0
		for _, s := range list {
			if !s.From.After(at) && s.To.After(at) {
				here++
			}
		}
		n = max(n, here)
	}
	return n
}

// countLimited adds to a tally what the windows of the visit's items have in
// hand.
func (d *Desk) countLimited(ctx context.Context, v visit, t *tally, days int, now time.Time) error {
	for _, l := range v.limits {
		list, err := d.Store.VisitsFor(ctx, v.office.Code, l.item, t.first, t.first.AddDate(0, 0, days), now, "")
		if err != nil {
			return err
		}
		t.limited = append(t.limited, limitedItem{l.windows, list})
	}
	return nil
}

// limitedItem is what the windows of one item have in hand.
type limitedItem struct {
	windows int
	visits  []Span
}

// room is how many more visits the windows of the items take, of n.
func (t *tally) room(n, cell, need int) int {
	from := t.first.Add(time.Duration(cell) * Cell)
	for _, l := range t.limited {
		n = min(n, max(0, l.windows-most(l.visits, from, from.Add(time.Duration(need)*Cell))))
	}
	return n
}
