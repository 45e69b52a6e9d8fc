package api

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrTooMany tells a caller to slow down, and for how long.
var ErrTooMany = fault.New(fault.TooMany, "request.too_many", "操作太频繁，请稍后再试")

// Counter counts events in windows and keeps short-lived values; what is in a
// cache that all replicas share holds for all of them.
type Counter interface {
	// Allow counts one more event of key and says whether it is among the first
	// limit of its window, when the window ends, and how many more are allowed.
	Allow(ctx context.Context, key string, limit int, window time.Duration) (ok bool, ends time.Duration, remaining int, err error)
	Get(ctx context.Context, key string) (value []byte, found bool, err error)
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error
}

// Limits keep one caller from taking what belongs to all (see limit_table.go).
type Limits struct {
	Counter Counter // shared between replicas; one that is down fails at once
	Spare   Counter // of this process, used while Counter fails
	Trusted []netip.Prefix
	Now     func() time.Time
}

// While the shared counter fails, nobody is turned away for that; but this
// process counts alone, so it grants only a part of each limit.
const spareParts = 4

// tally is how far a caller has used up a limit.
type tally struct {
	ok        bool
	most      int
	remaining int
	ends      time.Duration
}

func (l *Limits) count(ctx context.Context, key string, lim Limit) tally {
	ok, ends, remaining, err := l.Counter.Allow(ctx, key, lim.Most, lim.Per)
	if err == nil {
		return tally{ok, lim.Most, remaining, ends}
	}
	most := max(1, lim.Most/spareParts)
	ok, ends, remaining, err = l.Spare.Allow(ctx, key, most, lim.Per)
	return tally{ok || err != nil, most, remaining, ends}
}

// with uses the shared counter, or the spare one where that fails.
func (l *Limits) with(use func(c Counter) error) {
	if use(l.Counter) != nil {
		_ = use(l.Spare)
	}
}

// limitAddress counts a request for its address, before anything else is done
// for it. Whoever watches over the service is not counted.
func (a *App) limitAddress(c *fiber.Ctx) error {
	l := a.conf.Limits
	if l == nil || c.Path() == "/livez" || c.Path() == "/readyz" {
		return c.Next()
	}
	if err := l.spend(c, "limit:address:"+l.address(c), perAddress); err != nil {
		a.conf.Watch.Refused("address")
		return err
	}
	return c.Next()
}

// limit counts a use of an operation, and tells who watches if it is one too
// many.
func (a *App) limit(c *fiber.Ctx, id string, r *request) error {
	err := a.used(c, id, r)
	if err != nil {
		a.conf.Watch.Refused(id)
	}
	return err
}

// used counts a use of an operation for the account, or for the address of a
// caller who is not signed in, and tells the narrowest limit.
func (a *App) used(c *fiber.Ctx, id string, r *request) error {
	l := a.conf.Limits
	if l == nil {
		return nil
	}
	account := r.who.Caller()
	if account == "" {
		return l.spend(c, "limit:"+id+":address:"+l.address(c), shares[id].address)
	}
	own := shares[id].account
	t := l.count(c.UserContext(), "limit:account:"+account, perAccount)
	if !t.ok || own.Most == 0 {
		return t.told(c)
	}
	if err := l.spend(c, "limit:"+id+":account:"+account, own); err != nil {
		return err
	}
	return l.locked(c.UserContext(), id, account)
}

func (l *Limits) spend(c *fiber.Ctx, key string, lim Limit) error {
	if lim.Most == 0 {
		return nil
	}
	return l.count(c.UserContext(), key, lim).told(c)
}

// The headers, as fasthttp writes them, so that it need not normalise them.
var (
	headLimit     = []byte("Ratelimit-Limit")
	headRemaining = []byte("Ratelimit-Remaining")
	headReset     = []byte("Ratelimit-Reset")
)

// told writes the tally into the headers of the answer; it is the problem of
// one who has used up a limit.
func (t tally) told(c *fiber.Ctx) error {
	h := &c.Response().Header
	var b [20]byte
	h.SetCanonical(headLimit, strconv.AppendInt(b[:0], int64(t.most), 10))
	h.SetCanonical(headRemaining, strconv.AppendInt(b[:0], int64(t.remaining), 10))
	h.SetCanonical(headReset, strconv.AppendInt(b[:0], int64(seconds(t.ends)), 10))
	if !t.ok {
		return tooMany(t)
	}
	return nil
}

func tooMany(t tally) error {
	n := seconds(t.ends)
	return ErrTooMany.Saying(fmt.Sprintf("操作太频繁，请在 %d 秒后再试", n)).After(n)
}

// seconds rounds up, since one who comes back early is refused again.
func seconds(d time.Duration) int { return max(1, int((d+time.Second-1)/time.Second)) }
