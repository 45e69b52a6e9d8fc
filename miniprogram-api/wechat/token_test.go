package wechat

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// phone is a call that needs a token.
func (p *play) phone() error { return methods[1].call(bg, p) }

func TestFiftyCallersFetchOneToken(t *testing.T) {
	p := start(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := p.phone(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, p.box.Calls(tokenPath))
	require.Equal(t, 50, p.box.Calls(phonePath))
}

func TestFiftyCallersRenewARevokedTokenOnce(t *testing.T) {
	p := start(t)
	require.NoError(t, p.phone())
	p.box.Revoke()
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := p.phone(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 2, p.box.Calls(tokenPath))
}

func TestAStaleTokenIsRenewedAndTheCallMadeOnceMore(t *testing.T) {
	for _, f := range []sandbox.Fault{sandbox.TokenRefused, sandbox.TokenExpired, sandbox.ErrcodeFault(40014)} {
		for _, m := range methods[1:] {
			p := start(t)
			require.NoError(t, p.box.Fail(m.path, f, 1))
			require.NoError(t, m.call(bg, p), "%s %s", m.name, f)
			require.Equal(t, 2, p.box.Calls(m.path), "%s %s", m.name, f)
		}
	}
}

func TestASecondRefusalIsTheEnd(t *testing.T) {
	for _, m := range methods[1:] {
		p := start(t)
		require.NoError(t, p.box.Fail(m.path, sandbox.TokenRefused, 9))
		err := m.call(bg, p)
		require.ErrorIs(t, err, ErrToken, m.name)
		require.Equal(t, 30, fault.From(err).Wait)
		require.Equal(t, 2, p.box.Calls(m.path), "%s: exactly once more", m.name)
	}
}

func TestLoginNeedsNoToken(t *testing.T) {
	p := start(t)
	require.NoError(t, p.box.Fail(loginPath, sandbox.TokenRefused, 1))
	require.ErrorIs(t, methods[0].call(bg, p), ErrToken)
	require.Equal(t, 1, p.box.Calls(loginPath))
	require.Zero(t, p.box.Calls(tokenPath))
}

func TestARevokedTokenIsReplacedWithoutForce(t *testing.T) {
	p := start(t)
	require.NoError(t, p.phone())
	p.box.Revoke()
	require.NoError(t, p.phone())
	require.Equal(t, 2, p.box.Calls(tokenPath))
	require.Zero(t, p.tokens.ration.used)
}

// Where WeChat refuses a token and gives the same one again, only force helps,
// and force is rationed: 30 seconds apart, twenty a day.
func TestForceIsRationed(t *testing.T) {
	p := start(t)
	require.NoError(t, p.phone())
	refuse := func() error {
		require.NoError(t, p.box.Fail(phonePath, sandbox.TokenRefused, 1))
		return p.phone()
	}
	require.NoError(t, refuse())
	require.Equal(t, 1, p.tokens.ration.used)
	err := refuse()
	require.ErrorIs(t, err, ErrToken, "30 s have not passed")
	require.ErrorContains(t, err, "no forced refresh left")
	for range 19 {
		p.clock.turn(31 * time.Second)
		require.NoError(t, refuse())
	}
	p.clock.turn(31 * time.Second)
	require.ErrorIs(t, refuse(), ErrToken, "twenty are used up")
	p.clock.turn(15 * time.Hour)
	require.NoError(t, refuse(), "another day in Shanghai")
}

func TestTheDayOfTheRationIsShanghais(t *testing.T) {
	c := &clock{t: time.Date(2026, 11, 23, 15, 59, 0, 0, time.UTC)} // 23:59 in Shanghai
	r := &ration{now: c.Now, used: forcesADay, day: "20261123"}
	require.False(t, r.take(bg))
	c.turn(time.Minute)
	require.True(t, r.take(bg))
}

func TestTheTokenIsReplacedBeforeItEnds(t *testing.T) {
	p := start(t)
	require.NoError(t, p.phone())
	p.clock.turn(6899 * time.Second)
	require.NoError(t, p.phone())
	require.Equal(t, 1, p.box.Calls(tokenPath))
	p.clock.turn(2 * time.Second)
	require.NoError(t, p.phone())
	require.Equal(t, 2, p.box.Calls(tokenPath))
	p.clock.turn(4 * time.Minute)
	require.NoError(t, p.phone(), "beyond the first token's end")
	require.Equal(t, 2, p.box.Calls(tokenPath))
}

func TestATokenOf512CharactersIsKept(t *testing.T) {
	_, shared := startRedis(t)
	p := start(t)
	p.Client = newClient(t, p.clock, p.url, func(c *Config) { c.Cache = shared })
	require.NoError(t, p.phone())
	require.Len(t, p.tokens.kept.held(), 512)
	got, _ := p.tokens.kept.others(p.tokens.key())
	require.Len(t, got, 512)
}

func TestAnEmptyTokenIsNoToken(t *testing.T) {
	p := start(t)
	require.NoError(t, p.box.Fail(tokenPath, sandbox.Empty, 1))
	require.ErrorIs(t, p.phone(), ErrUnreachable)
	require.Zero(t, p.box.Calls(phonePath))
	require.NoError(t, p.phone(), "and it was not kept")
}

func TestATokenCalledAllButExpiredIsKeptForABurst(t *testing.T) {
	var fetched atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == tokenPath {
			fetched.Add(1)
			_, _ = w.Write([]byte(`{"access_token":"short","expires_in":60}`))
			return
		}
		_, _ = w.Write([]byte(`{"errcode":0,"verify_id":"v","expires_in":60}`))
	}))
	defer srv.Close()
	p := start(t)
	p.Client = newClient(t, p.clock, srv.URL)
	for range 20 {
		_, _, err := p.StartFace(bg, p.face())
		require.NoError(t, err)
	}
	require.EqualValues(t, 1, fetched.Load())
	p.clock.turn(leastKept)
	_, _, err := p.StartFace(bg, p.face())
	require.NoError(t, err)
	require.EqualValues(t, 2, fetched.Load())
}

func TestTokenFaultsAreOfTheOperator(t *testing.T) {
	for code, want := range map[int]*fault.Error{
		40013: ErrMisconfigured, 40125: ErrMisconfigured, 40164: ErrMisconfigured, 45009: ErrQuota, -1: ErrBusy,
	} {
		p := start(t)
		require.NoError(t, p.box.Fail(tokenPath, sandbox.ErrcodeFault(code), 9))
		require.ErrorIs(t, p.phone(), want, "%d", code)
		require.Zero(t, p.box.Calls(phonePath))
	}
	p := start(t)
	p.Client = newClient(t, p.clock, p.url, func(c *Config) { c.AppSecret = "wrong" })
	require.ErrorIs(t, p.phone(), ErrMisconfigured)
	require.ErrorIs(t, methods[0].call(bg, p), ErrMisconfigured)
}

// A caller who leaves while another fetches the token does not wait for it.
func TestWaitingForTheTokenEndsWithTheContext(t *testing.T) {
	p := start(t)
	require.NoError(t, p.tokens.take(bg))
	ctx, cancel := context.WithTimeout(bg, 30*time.Millisecond)
	defer cancel()
	err := methods[1].call(ctx, p)
	require.ErrorIs(t, err, ErrUnreachable)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	p.tokens.give()
	require.NoError(t, p.phone())
}
