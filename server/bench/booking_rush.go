package bench

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
)

// rush is so many attempts on so many seats, by people of whom each tries
// several times, as people do.
type rush struct {
	attempts, people, seats int

	booked, full, other atomic.Int64
	mu                  sync.Mutex
	odd                 map[string]int
}

// rushed lets a crowd at one slot and counts who got what.
func rushed(ctx context.Context, r *Report) error {
	s := &rush{attempts: 100_000, people: 5_000, seats: 500, odd: map[string]int{}}
	if r.Quick {
		s.attempts, s.people, s.seats = 1_000, 200, 20
	}
	return inFolder(func(dir string) error {
		house, err := r.Guarded(ctx, dir)
		if err != nil {
			return err
		}
		defer house.Close()
		c, err := gathered(ctx, house, s.people, s.seats+s.seats/2-1) // of three windows one serves walk-ins
		if err != nil {
			return err
		}
		return s.run(ctx, r, c)
	})
}

func (s *rush) run(ctx context.Context, r *Report, c *crowd) error {
	phones, err := newCallers(c.addr())
	if err != nil {
		return err
	}
	defer hangUp(phones)
	before, wish, start := c.house.Tried(), c.wish(c.day(2), "10:00"), time.Now()
	_, err = together(phones, start.Add(time.Hour), func(p *caller) ([]time.Duration, error) { return s.try(c, p, wish) })
	took := time.Since(start).Seconds()
	if err != nil {
		return err
	}
	return s.tell(ctx, r, c.house.Tried()-before, took, wish)
}

// try is one attempt; none once all are made.
func (s *rush) try(c *crowd, p *caller, wish string) ([]time.Duration, error) {
	n := int(c.next.Add(1)) - 1
	if n >= s.attempts {
		return nil, nil
	}
	i, start := n%s.people, time.Now()
	status, answer, err := p.post("/api/v1/holds", c.tokens[i], i, wish)
	if err != nil {
		return nil, err
	}
	switch {
	case status == fiber.StatusOK:
		_, id, _ := bytes.Cut(answer, []byte(`"id":"`))
		if status, answer, err = p.post("/api/v1/appointments", c.tokens[i], i, `{"hold":"`+string(id[:36])+`"}`); err != nil || status != fiber.StatusOK {
			return nil, fmt.Errorf("a hold that is not confirmed: %d %s %w", status, answer, err)
		}
		s.booked.Add(1)
	case bytes.Contains(answer, []byte(`"appointment.slot_full"`)):
		s.full.Add(1)
	default:
		s.note(answer)
	}
	return []time.Duration{time.Since(start)}, nil
}

func (s *rush) note(answer []byte) {
	_, code, _ := bytes.Cut(answer, []byte(`"code":"`))
	code, _, _ = bytes.Cut(code, []byte(`"`))
	s.other.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.odd[string(code)]++
}

func (s *rush) tell(ctx context.Context, r *Report, tried int64, took float64, wish string) error {
	what := fmt.Sprintf("a rush of %d attempts on %d seats", s.attempts, s.seats)
	answered := s.booked.Load() + s.full.Load() + s.other.Load()
	floor, err := rushFloor(ctx, r, wish)
	if err != nil {
		return err
	}
	rate := float64(answered) / took
	for _, tell := range []func() error{
		func() error {
			return r.None(what+": seats sold too often or not", int(s.booked.Load())-s.seats, "seats")
		},
		func() error { return r.None(what+": not answered", s.attempts-int(answered), "attempts") },
		func() error { return r.Tell(what+": told that it is full", float64(s.full.Load()), "attempts") },
		func() error {
			return r.Tell(fmt.Sprintf("%s: told that they have one, or to wait %v", what, s.odd), float64(s.other.Load()), "attempts")
		},
		func() error {
			return r.Under(what+": attempts that reach the database", float64(tried), "attempts", float64(2*s.seats)+1)
		},
		func() error { return r.Against(what+": answered", rate, "1/s", floor, rate/floor, 0.60) },
	} {
		if err := tell(); err != nil {
			return err
		}
	}
	return nil
}

// rushFloor is how many posts Fiber alone answers in a second.
func rushFloor(ctx context.Context, r *Report, body string) (float64, error) {
	addr, stop, err := openFloor(400)
	if err != nil {
		return 0, err
	}
	defer func() { _ = stop() }()
	floor := floorSide(addr, body)
	var scores []float64
	for range 5 {
		start := time.Now()
		each, err := floor.run(ctx, start.Add(r.Length/5))
		if err != nil {
			return 0, err
		}
		scores = append(scores, float64(len(each))/time.Since(start).Seconds())
	}
	return median(scores), nil
}

func sortedTimes(each []time.Duration) []time.Duration {
	slices.Sort(each)
	return each
}
