package wechat

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/fault"
)

var bg = context.Background()

func TestEveryMethodWorks(t *testing.T) {
	p := start(t)
	for _, m := range methods {
		require.NoError(t, m.call(bg, p), m.name)
		require.Equal(t, 1, p.box.Calls(m.path), m.name)
	}
	require.Equal(t, 1, p.box.Calls(tokenPath), "one token serves all")
}

// The SDK is told of a failure in five different ways. What counts is the
// errcode on the wire.
func TestErrcodeDecidesTheFaultWhateverTheSDKMakesOfIt(t *testing.T) {
	special := map[string]map[int]*fault.Error{
		"Login":      {40029: ErrCodeInvalid, 40163: ErrCodeUsed, 40226: ErrBlocked, 41008: ErrCodeInvalid},
		"Phone":      {40029: ErrPhoneCode, 40163: ErrPhoneCode},
		"Send":       {43101: ErrRefused, 47003: ErrTemplateData, 40037: ErrTemplate, 41030: ErrPage},
		"Code":       {40169: ErrScene, 41030: ErrPage, 40097: ErrWidth, 45009: ErrTooOften},
		"CheckText":  {61010: ErrNotVisited, 45009: ErrQuota},
		"CheckMedia": {61010: ErrNotVisited, 48001: ErrMisconfigured},
		"StartFace":  {84004: ErrFaceRejected, 84999: ErrFaceRejected},
		"FaceResult": {84002: ErrFaceRejected},
	}
	common := map[int]*fault.Error{
		45011: ErrTooOften, 40013: ErrMisconfigured, 40164: ErrMisconfigured, 48001: ErrMisconfigured, 40003: ErrOpenID,
	}
	p := start(t)
	for _, m := range methods {
		for _, table := range []map[int]*fault.Error{common, special[m.name]} {
			for code, want := range table {
				require.NoError(t, p.box.Fail(m.path, sandbox.ErrcodeFault(code), 1))
				err := m.call(bg, p)
				require.ErrorIs(t, err, want, "%s %d", m.name, code)
				require.ErrorContains(t, err, fmt.Sprintf("errcode %d", code))
				require.ErrorContains(t, err, "rid ", "the platform's support asks for it")
			}
		}
	}
	require.NoError(t, p.box.Fail(loginPath, sandbox.ErrcodeFault(12345), 1))
	require.ErrorIs(t, methods[0].call(bg, p), ErrRejected, "an unlisted errcode")
}

func TestTooOftenTellsWhenToComeBack(t *testing.T) {
	p := start(t)
	require.NoError(t, p.box.Fail(loginPath, sandbox.ErrcodeFault(45011), 1))
	f := fault.From(methods[0].call(bg, p))
	require.Equal(t, fault.TooMany, f.Kind)
	require.Equal(t, 60, f.Wait)
}

func TestBusyIsTriedThreeTimesAndThenSaid(t *testing.T) {
	for _, m := range methods {
		p := start(t)
		require.NoError(t, p.box.Fail(m.path, sandbox.Busy, 2))
		require.NoError(t, m.call(bg, p), "%s: twice busy, then well", m.name)
		require.Equal(t, 3, p.box.Calls(m.path))

		require.NoError(t, p.box.Fail(m.path, sandbox.Busy, 9))
		err := m.call(bg, p)
		require.ErrorIs(t, err, ErrBusy, m.name)
		require.Equal(t, fault.Unavailable, fault.From(err).Kind)
		require.Equal(t, 6, p.box.Calls(m.path))
	}
}

func TestABusyTokenEndpointIsTriedAgain(t *testing.T) {
	p := start(t)
	require.NoError(t, p.box.Fail(tokenPath, sandbox.Busy, 2))
	require.NoError(t, methods[1].call(bg, p))
	require.Equal(t, 3, p.box.Calls(tokenPath))
}

// A message may have gone out, a code may be spent: nobody knows.
func TestWhatMayHaveHappenedIsNotTriedAgain(t *testing.T) {
	for _, m := range methods {
		for _, f := range []sandbox.Fault{sandbox.BadGateway, sandbox.Drop, sandbox.Garbage, sandbox.Empty} {
			if m.name == "Send" && f == sandbox.Empty {
				continue // {} means errcode 0
			}
			p := start(t)
			require.NoError(t, p.box.Fail(m.path, f, 1))
			require.ErrorIs(t, m.call(bg, p), ErrUnreachable, "%s %s", m.name, f)
			want := 1
			if f == sandbox.Drop && p.box.Calls(m.path) == 2 {
				want = 2 // net/http itself repeats a GET on a connection that was idle
				require.Equal(t, loginPath, m.path)
			}
			require.Equal(t, want, p.box.Calls(m.path), "%s %s", m.name, f)
		}
	}
}

// Send and Code are methods of the SDK that know no context.
func TestEveryMethodEndsWithItsContext(t *testing.T) {
	p := start(t)
	require.NoError(t, methods[1].call(bg, p)) // fetch the token
	for _, m := range methods {
		require.NoError(t, p.box.Fail(m.path, sandbox.Timeout, 2))

		ctx, cancel := context.WithTimeout(bg, 60*time.Millisecond)
		began := time.Now()
		err := m.call(ctx, p)
		cancel()
		require.ErrorIs(t, err, ErrUnreachable, m.name)
		require.ErrorIs(t, err, context.DeadlineExceeded, m.name)
		require.ErrorContains(t, err, "timed out", m.name)
		require.Less(t, time.Since(began), 2*time.Second, m.name)

		ctx, cancel = context.WithCancel(bg)
		time.AfterFunc(30*time.Millisecond, cancel)
		err = m.call(ctx, p)
		require.ErrorIs(t, err, context.Canceled, m.name)
		require.ErrorContains(t, err, "caller left", m.name)
	}
}

func TestTheClientsOwnTimeoutHoldsWithoutADeadline(t *testing.T) {
	p := start(t)
	require.NoError(t, methods[1].call(bg, p))
	p.timeout = 50 * time.Millisecond
	for _, m := range methods {
		require.NoError(t, p.box.Fail(m.path, sandbox.Timeout, 1))
		began := time.Now()
		require.ErrorIs(t, m.call(bg, p), ErrUnreachable, m.name)
		require.Less(t, time.Since(began), 2*time.Second, m.name)
	}
	p.tokens.kept.hold("", time.Time{})
	require.NoError(t, p.box.Fail(tokenPath, sandbox.Timeout, 1))
	require.ErrorIs(t, methods[1].call(bg, p), ErrUnreachable, "the token too")
}

func TestAnEndlessAnswerIsCut(t *testing.T) {
	p := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := []byte(strings.Repeat("x", 1<<16))
		for range 2 * maxAnswer / len(chunk) {
			_, _ = w.Write(chunk)
		}
	})
	for _, m := range methods {
		err := m.call(bg, p)
		require.ErrorIs(t, err, ErrUnreachable, m.name)
		require.ErrorContains(t, err, "too large")
	}
}

// The SDK's HTTP client is one for the process.
func TestTwoClientsWithTwoAddressesLiveInOneProcess(t *testing.T) {
	a, b := start(t), start(t)
	var wg sync.WaitGroup
	for range 10 {
		for _, m := range methods {
			for _, p := range []*play{a, b} {
				wg.Go(func() {
					if err := m.call(bg, p); err != nil {
						t.Error(m.name, err)
					}
				})
			}
		}
	}
	wg.Wait()
	for _, m := range methods {
		require.Equal(t, 10, a.box.Calls(m.path), m.name)
		require.Equal(t, 10, b.box.Calls(m.path), m.name)
	}
}

func TestNothingOfACallIsLeftBehind(t *testing.T) {
	p := start(t)
	for _, m := range methods {
		require.NoError(t, m.call(bg, p))
	}
	calls.Range(func(ticket, _ any) bool {
		t.Error("left open:", ticket)
		return true
	})
}

func TestNewRefusesABadConfig(t *testing.T) {
	good := Config{AppID: testAppID, AppSecret: testSecret, Now: time.Now}
	_, err := New(good)
	require.NoError(t, err)
	for name, spoil := range map[string]func(*Config){
		"no appid":            func(c *Config) { c.AppID = "" },
		"injecting appid":     func(c *Config) { c.AppID = "wx1&secret=2" },
		"no secret":           func(c *Config) { c.AppSecret = "" },
		"no clock":            func(c *Config) { c.Now = nil },
		"short aes key":       func(c *Config) { c.Token, c.EncodingAESKey = "t", "short" },
		"aes key, no token":   func(c *Config) { c.EncodingAESKey = testAESKey },
		"negative timeout":    func(c *Config) { c.Timeout = -1 },
		"ftp":                 func(c *Config) { c.BaseURL = "ftp://api.example" },
		"no host":             func(c *Config) { c.BaseURL = "/api" },
		"query":               func(c *Config) { c.BaseURL = "https://gateway.example/?a=1" },
		"user":                func(c *Config) { c.BaseURL = "https://u:p@gateway.example" },
		"platform in clear":   func(c *Config) { c.BaseURL = "http://api.weixin.qq.com" },
		"control characters":  func(c *Config) { c.BaseURL = "https://gate\nway" },
		"secret in the error": func(c *Config) { c.BaseURL = "://" + testSecret },
	} {
		c := good
		spoil(&c)
		_, err := New(c)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), testSecret, name)
	}
}

func TestWithoutABaseURLThePlatformIsMeant(t *testing.T) {
	w, err := New(Config{AppID: testAppID, AppSecret: testSecret, Now: time.Now})
	require.NoError(t, err)
	require.Equal(t, "https://api.weixin.qq.com/", w.base.String())
}

func TestAGatewayMayHaveAPath(t *testing.T) {
	p := start(t)
	srv := httptest.NewServer(http.StripPrefix("/wx/gateway", p.box))
	defer srv.Close()
	p.Client = newClient(t, p.clock, srv.URL+"/wx/gateway/")
	for _, m := range methods {
		require.NoError(t, m.call(bg, p), m.name)
	}
}

func TestTheLogTellsWhyWeChatWasNotReached(t *testing.T) {
	p := start(t)
	p.Client = newClient(t, p.clock, "http://127.0.0.1:1")
	require.ErrorContains(t, methods[0].call(bg, p), "not connected")
	p = serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	require.ErrorContains(t, methods[0].call(bg, p), "HTTP 503")
	p = serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) })
	require.ErrorContains(t, methods[0].call(bg, p), "answer unreadable")
}
