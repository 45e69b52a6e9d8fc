package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// caller sends writes on one connection that stays open, each with a session, a
// key of its own, and the address of another phone.
type caller struct {
	*loadConn
	host string
	out  []byte
}

func newCallers(addr string) (list []*caller, err error) {
	l, err := newLoad(addr, nil)
	if err != nil {
		return nil, err
	}
	for _, c := range l.conns {
		list = append(list, &caller{loadConn: c, host: addr})
	}
	return list, nil
}

func hangUp(list []*caller) {
	for _, c := range list {
		c.Close()
	}
}

// post sends a JSON body for the i-th person and returns status and answer.
func (c *caller) post(path, token string, i int, body string) (status int, answer []byte, err error) {
	c.out = fmt.Appendf(c.out[:0], "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nIdempotency-Key: %s\r\n"+
		"Authorization: Bearer %s\r\nX-Forwarded-For: 10.%d.%d.%d\r\nContent-Length: %d\r\n\r\n%s",
		path, c.host, rand.Text(), token, i>>16&255, i>>8&255, i&255, len(body), body)
	if _, err = c.Write(c.out); err != nil {
		return 0, nil, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil || len(line) < len("HTTP/1.1 200") {
		return 0, nil, errors.Join(err, io.ErrUnexpectedEOF)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, err
	}
	length, err := c.headers()
	if err != nil {
		return 0, nil, err
	}
	answer = make([]byte, length)
	_, err = io.ReadFull(c.in, answer)
	return status, answer, err
}

// crowd are people with sessions at a house, who want one office.
type crowd struct {
	house  House
	office place.OfficeCode
	people []citizen.Account
	tokens []string
	next   atomic.Int64
}

// gathered admits so many people to a house and gives one office windows.
func gathered(ctx context.Context, house House, people, windows int) (*crowd, error) {
	c := &crowd{house: house, tokens: make([]string, people)}
	edition, err := house.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range edition.Places.Offices() {
		if c.office == "" && o.Level == place.Town {
			c.office, o.Windows = o.Code, windows
		}
	}
	now := time.Now()
	list, err := admitted(ctx, house.DB, people, now)
	if err != nil {
		return nil, err
	}
	c.people = list
	return c, sqlstore.For[citizen.Tx](house.DB).InTx(ctx, func(tx citizen.Tx) error {
		for i, a := range list {
			c.tokens[i] = rand.Text()
			house.Known(a.OpenID)
			err := tx.InsertSession(ctx, citizen.Session{
				ID: newUUID(), TokenHash: citizen.HashToken(c.tokens[i]), Account: a.ID, MadeAt: now, SeenAt: now, EndsAt: now.Add(citizen.SessionLife),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *crowd) addr() string { return strings.TrimPrefix(c.house.URL, "http://") }

// workday is a date on which the office takes the item, n working days ahead.
func (c *crowd) day(n int) workday.Date {
	return workday.NewCalendar().Add(workday.DateOf(time.Now()), n)
}

func (c *crowd) wish(date workday.Date, clock string) string {
	return fmt.Sprintf(`{"office":%q,"item":%q,"starts_at":"%sT%s:00+08:00"}`, c.office, bookedItem, date, clock)
}

var errNotBooked = errors.New("not booked")

// book is what the mini-program does: two writes.
func (c *crowd) book(phone *caller, i int, wish string) (each []time.Duration, err error) {
	start := time.Now()
	status, answer, err := phone.post("/api/v1/holds", c.tokens[i], i, wish)
	held := time.Now()
	_, id, ok := bytes.Cut(answer, []byte(`"id":"`))
	if err != nil || status != fiber.StatusOK || !ok {
		return nil, errors.Join(err, fmt.Errorf("%w: %d %s", errNotBooked, status, answer))
	}
	status, answer, err = phone.post("/api/v1/appointments", c.tokens[i], i, `{"hold":"`+string(id[:36])+`"}`)
	if err != nil || status != fiber.StatusOK {
		return nil, errors.Join(err, fmt.Errorf("%w: %d %s", errNotBooked, status, answer))
	}
	return []time.Duration{held.Sub(start), time.Since(held)}, nil
}

// bookedOverHTTP races bookings against Fiber answering posts of the same size,
// and slots and refusals against the same.
func bookedOverHTTP(ctx context.Context, r *Report) error {
	return inFolder(func(dir string) error {
		house, err := r.Guarded(ctx, dir)
		if err != nil {
			return err
		}
		c, err := gathered(ctx, house, int(r.Length.Seconds()*3_000)+300, 10_000_000)
		if err == nil {
			err = errors.Join(c.bookings(ctx, r), c.slots(ctx, r))
		}
		return errors.Join(err, house.Close(), rushed(ctx, r))
	})
}

func (c *crowd) bookings(ctx context.Context, r *Report) error {
	phones, err := newCallers(c.addr())
	if err != nil {
		return err
	}
	defer hangUp(phones)
	wish := c.wish(c.day(2), "10:00")
	floor, stop, err := openFloor(500)
	if err != nil {
		return err
	}
	defer stop()
	scores, err := race(ctx, r,
		side{"bookings over HTTP", func(_ context.Context, until time.Time) ([]time.Duration, error) {
			return together(phones, until, func(p *caller) ([]time.Duration, error) {
				i := int(c.next.Add(1)) - 1
				if i >= len(c.tokens) {
					return nil, nil
				}
				return c.book(p, i, wish)
			})
		}},
		floorSide(floor, wish))
	if err != nil {
		return err
	}
	return errors.Join(
		r.Against("writes of bookings over HTTP with session, key and limits, one hot slot, against Fiber's POST floor", scores[0].rate(), "1/s", scores[1].rate(), scores[0].to(scores[1]), 0.40),
		r.Tell("write of a booking over HTTP, 64 clients, p99", scores[0].ms(0.99), "ms"))
}

// together lets all of them act at once until the deadline, each as long as act
// gives times.
func together[P any](all []P, until time.Time, act func(P) ([]time.Duration, error)) (each []time.Duration, err error) {
	var running sync.WaitGroup
	took := make([][]time.Duration, len(all))
	failed := make([]error, len(all))
	for i, p := range all {
		running.Go(func() {
			for failed[i] == nil && time.Now().Before(until) {
				var some []time.Duration
				if some, failed[i] = act(p); len(some) == 0 {
					return
				}
				took[i] = append(took[i], some...)
			}
		})
	}
	running.Wait()
	return slices.Concat(took...), errors.Join(failed...)
}

// byWriters lets all writers do the same until the deadline, or until there is
// no more to do.
func byWriters(until time.Time, act func() (more bool, err error)) ([]time.Duration, error) {
	return together(make([]struct{}, writers), until, func(struct{}) ([]time.Duration, error) {
		start := time.Now()
		more, err := act()
		if !more {
			return nil, err
		}
		return []time.Duration{time.Since(start)}, err
	})
}

// floorSide posts the same body to the floor.
func floorSide(addr, body string) side {
	var phones []*caller
	return side{"floor", func(_ context.Context, until time.Time) (each []time.Duration, err error) {
		if phones == nil {
			if phones, err = newCallers(addr); err != nil {
				return nil, err
			}
		}
		return together(phones, until, func(p *caller) ([]time.Duration, error) {
			start := time.Now()
			_, _, err := p.post("/constant", "", 0, body)
			return []time.Duration{time.Since(start)}, err
		})
	}}
}

// slots asks for a month of an office.
func (c *crowd) slots(ctx context.Context, r *Report) error {
	target := fmt.Sprintf("/api/v1/offices/%s/slots?item=%s&days=30", c.office, bookedItem)
	if err := besideFloorBy(ctx, r, 0.50, "free slots of an office for 30 days", c.addr(), []string{target}); err != nil {
		return err
	}
	l, err := newLoad(c.addr(), []string{target})
	if err != nil {
		return err
	}
	defer l.close()
	l.conns = l.conns[:2] // as many as the machine has cores: not those who wait for a core
	each, err := l.run(ctx, time.Now().Add(r.Length/5))
	if err != nil {
		return err
	}
	return r.Under("free slots of an office for 30 days, two clients, p99", milliseconds(percentile(sortedTimes(each), 0.99)), "ms", 5)
}
