package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/once"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// tokens makes every token an account of the same name.
type tokens struct{}

func (tokens) Admit(_ context.Context, token string) (staff.Principal, error) {
	return staff.Principal{Account: citizen.Account{ID: citizen.AccountID(token)}}, nil
}

// always does every write.
type always struct{}

func (always) Once(ctx context.Context, _ once.Request, do func(context.Context) once.Answer) (once.Answer, bool, error) {
	return do(ctx), false, nil
}

// tallies is a counter in a map; broken makes it fail.
type tallies struct {
	mu     sync.Mutex
	now    func() time.Time
	counts map[string]int
	ends   map[string]time.Time
	values map[string]string
	broken bool
	asked  int
}

func newTallies(now func() time.Time) *tallies {
	return &tallies{now: now, counts: map[string]int{}, ends: map[string]time.Time{}, values: map[string]string{}}
}

func (c *tallies) Allow(_ context.Context, key string, limit int, window time.Duration) (bool, time.Duration, int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	if c.broken {
		return false, 0, 0, errors.New("down")
	}
	if !c.now().Before(c.ends[key]) {
		c.counts[key], c.ends[key] = 0, c.now().Add(window)
	}
	c.counts[key]++
	return c.counts[key] <= limit, c.ends[key].Sub(c.now()), max(0, limit-c.counts[key]), nil
}

func (c *tallies) Get(_ context.Context, key string) ([]byte, bool, error) {
	if c.broken {
		return nil, false, errors.New("down")
	}
	v, ok := c.values[key]
	return []byte(v), ok, nil
}

func (c *tallies) Set(_ context.Context, key string, value []byte, _ time.Duration) error {
	if c.broken {
		return errors.New("down")
	}
	c.values[key] = string(value)
	return nil
}

type rig struct {
	t     *testing.T
	app   *api.App
	main  *tallies
	spare *tallies
	at    time.Time
	match bool
}

type nothing struct{}

type attempt struct{ api.Write }

var errWrong = fault.New(fault.Invalid, "citizen.no_match", "姓名与身份证号不一致")

// newRig is an app with three operations of the table of roles.
func newRig(t *testing.T, proxies string) *rig {
	r := &rig{t: t, at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return r.at }
	r.main, r.spare = newTallies(now), newTallies(now)
	trusted, err := api.ParseProxies(proxies)
	require.NoError(t, err)
	r.app = api.New(api.Config{
		Gate: tokens{}, Keeper: always{}, NewID: func() string { return "id" }, Log: slog.New(slog.DiscardHandler),
		Ready:  func(context.Context) error { return nil },
		Limits: &api.Limits{Counter: r.main, Spare: r.spare, Trusted: trusted, Now: now},
	})
	done := func(context.Context, *nothing) (*api.Done, error) { return &api.Done{Done: true}, nil }
	api.Get(r.app, api.Op{ID: "verify-licence", Path: "/verify", Tag: "t"}, done)
	api.Get(r.app, api.Op{ID: "me", Path: "/me", Tag: "t"}, done)
	api.Post(r.app, api.Op{ID: "prove-real-name", Path: "/real-name", Tag: "t"}, func(context.Context, *attempt) (*api.Done, error) {
		if !r.match {
			return nil, errWrong
		}
		return &api.Done{Done: true}, nil
	})
	require.NoError(t, r.app.Finish())
	return r
}

func (r *rig) send(method, path, account, forwarded string) *http.Response {
	r.t.Helper()
	req := httptest.NewRequest(method, path, nil)
	if method == http.MethodPost {
		req.Header.Set("Idempotency-Key", "key-"+strconv.Itoa(r.main.asked)+"-0001")
	}
	if account != "" {
		req.Header.Set("Authorization", "Bearer "+account)
	}
	if forwarded != "" {
		req.Header.Set("X-Forwarded-For", forwarded)
	}
	res, err := r.app.Fiber.Test(req)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// many sends n equal requests and counts those that were not refused.
func (r *rig) many(n int, path, account, forwarded string) (served int) {
	for range n {
		if r.send(http.MethodGet, path, account, forwarded).StatusCode == http.StatusOK {
			served++
		}
	}
	return served
}

func TestOneAccountIsHeldBackAndToldForHowLong(t *testing.T) {
	r := newRig(t, "")
	first := r.send(http.MethodGet, "/me", "ann", "")
	require.Equal(t, "300", first.Header.Get("RateLimit-Limit"))
	require.Equal(t, "299", first.Header.Get("RateLimit-Remaining"))
	require.Equal(t, "60", first.Header.Get("RateLimit-Reset"))
	require.Empty(t, first.Header.Get("Retry-After"))

	require.Equal(t, 299, r.many(310, "/me", "ann", ""))
	r.at = r.at.Add(17 * time.Second)
	res := r.send(http.MethodGet, "/me", "ann", "")
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusTooManyRequests, res.StatusCode)
	require.Equal(t, "43", res.Header.Get("Retry-After"))
	require.Equal(t, "0", res.Header.Get("RateLimit-Remaining"))
	require.Contains(t, string(body), `"code":"request.too_many"`)
	require.Contains(t, string(body), "请在 43 秒后再试")
	require.Contains(t, string(body), `"retry_after":43`)

	require.Equal(t, 5, r.many(5, "/me", "bob", ""), "another account is not its neighbour's keeper")
	r.at = r.at.Add(43 * time.Second)
	require.Equal(t, 5, r.many(5, "/me", "ann", ""), "and the window ends")
}

func TestAnActHasALimitOfItsOwn(t *testing.T) {
	r := newRig(t, "")
	require.Equal(t, 60, r.many(70, "/verify", "ann", ""))
	require.Equal(t, 5, r.many(5, "/me", "ann", ""), "other acts go on")
	require.Equal(t, 600, r.many(650, "/verify", "", ""), "those who are not signed in share their address's")
	require.Equal(t, 5, r.many(5, "/verify", "bob", ""), "and those who are do not")
}

func TestAnAddressIsBelievedOnlyFromAProxyOfOurs(t *testing.T) {
	const peer = "0.0.0.0" // whence the test's requests come
	for name, tc := range map[string]struct {
		proxies, forwarded, counted string
	}{
		"no proxy is ours":             {"", "203.0.113.9", peer},
		"the peer is no proxy of ours": {"10.0.0.0/8", "203.0.113.9", peer},
		"the peer is ours":             {peer, "203.0.113.9", "203.0.113.9"},
		"what the client made up":      {peer, "1.1.1.1, 203.0.113.9", "203.0.113.9"},
		"two proxies of ours":          {peer + ",10.0.0.0/8", "1.1.1.1, 203.0.113.9, 10.2.3.4", "203.0.113.9"},
		"only proxies of ours":         {peer + ",10.0.0.0/8", "10.9.9.9, 10.2.3.4", "10.9.9.9"},
		"nonsense":                     {peer, "<script>", peer},
		"nonsense before":              {peer, "unknown, 203.0.113.9", "203.0.113.9"},
		"no header":                    {peer, "", peer},
		"a customer's /64":             {peer, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		"four in six":                  {peer, "::ffff:203.0.113.9", "203.0.113.9"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, tc.proxies)
			r.send(http.MethodGet, "/verify", "", tc.forwarded)
			require.Contains(t, r.main.counts, "limit:address:"+tc.counted)
		})
	}
}

func TestALineThatAProxyAddedCountsBeforeTheClients(t *testing.T) {
	r := newRig(t, "0.0.0.0")
	req := httptest.NewRequest(http.MethodGet, "/verify", nil)
	req.Header["X-Forwarded-For"] = []string{"1.1.1.1", "203.0.113.9"}
	_, err := r.app.Fiber.Test(req)
	require.NoError(t, err)
	require.Contains(t, r.main.counts, "limit:address:203.0.113.9")
}

func TestFiveWrongAttemptsCloseTheActAndEachFurtherOneForTwiceAsLong(t *testing.T) {
	r := newRig(t, "")
	try := func() *http.Response { return r.send(http.MethodPost, "/real-name", "ann", "") }
	for range 5 {
		require.Equal(t, http.StatusUnprocessableEntity, try().StatusCode)
	}
	r.match = true
	for _, wait := range []int{60, 120, 240, 480} {
		res := try()
		body, _ := io.ReadAll(res.Body)
		require.Equal(t, http.StatusTooManyRequests, res.StatusCode, "even the right answer is not heard while it is closed")
		require.Contains(t, string(body), "request.locked")
		require.Equal(t, strconv.Itoa(wait), res.Header.Get("Retry-After"))
		r.at = r.at.Add(time.Duration(wait) * time.Second)
		r.match = false
		require.Equal(t, http.StatusUnprocessableEntity, try().StatusCode, "after %d s it is open for one", wait)
	}
	require.Equal(t, http.StatusOK, r.send(http.MethodGet, "/me", "ann", "").StatusCode, "other acts stay open")
	r.match = true
	require.Equal(t, http.StatusOK, r.send(http.MethodPost, "/real-name", "bob", "").StatusCode)
}

func TestAFailingCounterTurnsNobodyAwayButGrantsLess(t *testing.T) {
	r := newRig(t, "")
	r.main.broken = true
	require.Equal(t, 75, r.many(100, "/me", "ann", ""), "a quarter of 300")
	r.main.broken = false
	require.Equal(t, 100, r.many(100, "/me", "ann", ""), "and asked again afterwards")

	r.main.broken, r.spare.broken = true, true
	require.Equal(t, 400, r.many(400, "/me", "ann", ""), "without any counter everybody is let in")
}

func TestWhoWatchesOverTheServiceIsNotCounted(t *testing.T) {
	r := newRig(t, "")
	for _, path := range []string{"/livez", "/readyz"} {
		require.Empty(t, r.send(http.MethodGet, path, "", "").Header.Get("RateLimit-Limit"))
	}
	require.Empty(t, r.main.counts)
}

func TestAnUnknownAddressIsCountedToo(t *testing.T) {
	r := newRig(t, "")
	res := r.send(http.MethodGet, "/wp-login.php", "", "")
	require.Equal(t, http.StatusNotFound, res.StatusCode)
	require.Equal(t, "12000", res.Header.Get("RateLimit-Limit"))
}

func TestProxiesAreReadOrToldWrong(t *testing.T) {
	list, err := api.ParseProxies(" 10.0.0.1, 10.1.2.3/16 ,fd00::/8,, ")
	require.NoError(t, err)
	require.Equal(t, "[10.0.0.1/32 10.1.0.0/16 fd00::/8]", fmt.Sprint(list))
	for _, bad := range []string{"proxy.local", "10.0.0.0/33", "10.0.0.1;10.0.0.2"} {
		_, err := api.ParseProxies(bad)
		require.ErrorContains(t, err, strings.Split(bad, ",")[0])
	}
}
