package appointment

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// crowd keeps those who cannot get a seat away from the database. It never
// gives a seat: it lets no more attempts at a slot run at once than there can
// be seats left, and for a moment remembers that there are none. What it
// believes is looked up anew after crowdMemory, so a seat that comes free
// elsewhere is offered again at once, or a moment later.
type crowd struct {
	mu    sync.Mutex
	slots map[wish]*wished
	tried atomic.Int64 // attempts let through
	turns sync.Map     // place.OfficeCode → *atomic.Uint64: how often seats were taken or given back
}

// wish is what many can want at the same time.
type wish struct {
	office place.OfficeCode
	starts int64
	need   int // cells
	sort   Seat
	items  string // of which only some windows take
}

type wished struct {
	left    int       // at most so many are free
	trying  int       // attempts under way
	fullAt  time.Time // when it was last seen full; zero where it was not
	looking bool
	change  chan struct{} // closed when any of this changes
}

// ErrBusy tells those for whom it took too long to try.
var ErrBusy = fault.New(fault.Unavailable, "appointment.busy", "预约的人很多，请稍后再试").After(2)

var errUnended = errors.New("appointment: the attempt did not end")

const (
	crowdMemory = 200 * time.Millisecond
	crowdMost   = 20_000 // slots remembered
)

// try runs attempt unless the slot is known to be full. look counts its free
// seats. Error: ErrSlotFull.
func (c *crowd) try(ctx context.Context, w wish, capacity int, now func() time.Time, look func() (int, error), attempt func() error) error {
	s, err := c.enter(ctx, w, capacity, now, look)
	if err != nil {
		return err
	}
	err = errUnended
	c.tried.Add(1)
	defer func() { c.leave(s, err, now) }() // also when attempt panics
	if err = attempt(); err == nil {
		c.turn(w.office)
	}
	return err
}

func (c *crowd) enter(ctx context.Context, w wish, capacity int, now func() time.Time, look func() (int, error)) (*wished, error) {
	for {
		s, wait, stale := c.step(w, capacity, now())
		switch {
		case stale:
			n, err := look()
			c.looked(s, n, err, now())
			if err != nil {
				return nil, err
			}
		case wait == nil && s == nil:
			return nil, ErrSlotFull
		case wait == nil:
			return s, nil
		default:
			select {
			case <-wait:
			case <-ctx.Done():
				return nil, ErrBusy.Because(ctx.Err())
			}
		}
	}
}

// step says what one who wants the slot does: try, wait, look, or, with
// nothing at all, go away.
func (c *crowd) step(w wish, capacity int, now time.Time) (s *wished, wait chan struct{}, stale bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s = c.slot(w, capacity)
	switch age := now.Sub(s.fullAt); {
	case s.left > s.trying:
		s.trying++
		return s, nil, false
	case s.left > 0, s.looking:
		return s, s.change, false
	case !s.fullAt.IsZero() && age >= 0 && age < crowdMemory:
		return nil, nil, false
	default:
		s.looking = true
		return s, nil, true
	}
}

// slot finds or makes what is known of a slot: of an unknown one, that it has
// no more seats than capacity.
func (c *crowd) slot(w wish, capacity int) *wished {
	if s := c.slots[w]; s != nil {
		return s
	}
	if c.slots == nil || len(c.slots) >= crowdMost {
		c.slots = map[wish]*wished{} // whoever tries still holds their own
	}
	s := &wished{left: capacity, change: make(chan struct{})}
	c.slots[w] = s
	return s
}

// looked notes how many seats are free.
func (c *crowd) looked(s *wished, n int, err error, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.looking = false
	if err == nil {
		s.left, s.fullAt = n, time.Time{}
		s.full(now)
	}
	s.changed()
}

// leave notes how an attempt ended.
func (c *crowd) leave(s *wished, err error, now func() time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.trying--
	switch {
	case err == nil:
		s.left = max(0, s.left-1)
	case errors.Is(err, ErrSlotFull):
		s.left = 0
		s.full(now())
	}
	s.changed()
}

func (s *wished) full(now time.Time) {
	if s.left == 0 {
		s.fullAt = now
	}
}

func (s *wished) changed() {
	close(s.change)
	s.change = make(chan struct{})
}

// freed forgets what is known of an office, where seats have come free.
func (c *crowd) freed(office place.OfficeCode) {
	c.turn(office)
	c.mu.Lock()
	defer c.mu.Unlock()
	for w, s := range c.slots {
		if w.office == office && s.left == 0 {
			s.fullAt = time.Time{}
		}
	}
}

// turn counts a change of an office's seats.
func (c *crowd) turn(office place.OfficeCode) { c.counter(office).Add(1) }

func (c *crowd) counter(office place.OfficeCode) *atomic.Uint64 {
	n, ok := c.turns.Load(office)
	if !ok {
		n, _ = c.turns.LoadOrStore(office, new(atomic.Uint64))
	}
	return n.(*atomic.Uint64)
}
