package queue

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Board is what the display in an office's hall shows (叫号屏): numbers and
// windows, nobody's name.
type Board struct {
	Office  *place.Office
	Day     workday.Date
	Version int64
	Calls   []Ticket // the last called first
	Waiting map[Lane]int
	Windows []int  // numbers of those that are open
	Expect  Expect // of somebody who takes a ticket now
}

// recentMost is how many calls a board shows.
const recentMost = 10

// newcomerMinutes is the visit that a board's estimate is made for.
const newcomerMinutes = 10

// Board reads an office's board. Error: place.ErrNoOffice.
func (h *Hall) Board(ctx context.Context, office place.OfficeCode) (b Board, err error) {
	o, _, err := h.office(ctx, office)
	if err != nil {
		return b, err
	}
	p, err := h.Store.Page(ctx, office, h.today())
	if err != nil {
		return b, err
	}
	s, err := h.scene(ctx, h.Store, o, p, h.Now())
	if err != nil {
		return b, err
	}
	b = Board{Office: o, Day: p.Day, Version: p.Version, Waiting: map[Lane]int{}, Expect: s.newcomer(h.Now())}
	for _, t := range s.tickets {
		if t.State == Waiting {
			b.Waiting[t.Lane]++
		}
	}
	for _, w := range s.windows {
		if w.open(h.Now()) {
			b.Windows = append(b.Windows, w.Number)
		}
	}
	b.Calls, err = h.Store.Recent(ctx, office, p.Day, recentMost)
	return b, err
}

// newcomer is what somebody who takes a ticket now has to expect.
func (s scene) newcomer(now time.Time) Expect {
	t := Ticket{Lane: WalkIns, State: Waiting, Minutes: newcomerMinutes, Place: now, TakenAt: now}
	for _, w := range s.windows {
		if len(w.Items) == 0 {
			t.Item = ""
			break
		}
		t.Item = w.Items[0] // where no window takes everything
	}
	s.tickets = append(s.tickets[:len(s.tickets):len(s.tickets)], t)
	return s.expect(now)[""]
}

// Versions tells which offices' queues have changed today.
func (h *Hall) Versions(ctx context.Context) (map[place.OfficeCode]int64, error) {
	return h.Store.Versions(ctx, h.today())
}

// Waits tells, for each office whose queue is in use today, how long somebody
// who takes a ticket now has to wait; negative where that is not known.
func (h *Hall) Waits(ctx context.Context) (map[place.OfficeCode]time.Duration, error) {
	pages, err := h.Versions(ctx)
	if err != nil {
		return nil, err
	}
	waits := make(map[place.OfficeCode]time.Duration, len(pages))
	for code := range pages {
		o, _, err := h.office(ctx, code)
		if err != nil {
			continue // gone from the edition
		}
		p, err := h.Store.Page(ctx, code, h.today())
		if err != nil {
			return nil, err
		}
		s, err := h.scene(ctx, h.Store, o, p, h.Now())
		if err != nil {
			return nil, err
		}
		waits[code] = s.newcomer(h.Now()).Wait
	}
	return waits, nil
}
