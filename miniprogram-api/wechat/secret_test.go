package wechat

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

func TestARedirectIsNotFollowed(t *testing.T) {
	var stolen atomic.Int32
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { stolen.Add(1) }))
	defer thief.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		p := serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, thief.URL+r.URL.RequestURI(), status)
		})
		for _, m := range methods {
			require.ErrorIs(t, m.call(bg, p), ErrUnreachable, m.name)
		}
	}
	p := start(t)
	require.NoError(t, p.box.Fail(tokenPath, sandbox.Redirect, 1))
	require.ErrorIs(t, methods[1].call(bg, p), ErrUnreachable)
	require.Zero(t, stolen.Load())
}

// What the SDK itself holds and may print.
func TestTheSDKNeverHoldsASecret(t *testing.T) {
	p := start(t)
	require.NoError(t, methods[1].call(bg, p))
	cfg := p.program.GetContext().Config
	require.NotContains(t, cfg.AppSecret, testSecret)
	require.Empty(t, cfg.Token)
	require.Empty(t, cfg.EncodingAESKey)
	k := &call{client: p.Client, ctx: bg, token: p.tokens.kept.held()}
	defer k.register()()
	held, err := k.sdk().GetAccessToken()
	require.NoError(t, err)
	require.NotEqual(t, k.token, held)
}

func TestNoErrorHoldsASecret(t *testing.T) {
	secrets := func(p *play) []string {
		all := []string{testSecret, testAESKey}
		if token := p.tokens.kept.held(); token != "" {
			all = append(all, token)
		}
		if key := p.box.SessionKey(p.people[0].OpenID); key != "" {
			all = append(all, key)
		}
		return append(all, p.people[0].IDNumber, p.people[0].Name, p.people[0].Phone)
	}
	look := func(p *play, what string, v any) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			text := fmt.Sprintf(verb, v)
			for _, s := range secrets(p) {
				require.NotContains(t, text, s, what+" "+verb)
			}
		}
	}
	lookDeep := func(p *play, what string, err error) {
		require.Error(t, err, what)
		for e := err; e != nil; e = errors.Unwrap(e) {
			look(p, what, e)
		}
		b, _ := json.Marshal(err)
		look(p, what+" json", string(b))
	}
	faults := []sandbox.Fault{
		sandbox.BadGateway, sandbox.Drop, sandbox.Garbage, sandbox.Redirect, sandbox.Busy, sandbox.Timeout,
		sandbox.TokenRefused, sandbox.ErrcodeFault(40125), sandbox.ErrcodeFault(40029), sandbox.ErrcodeFault(99999),
	}
	for _, m := range methods {
		for _, f := range faults {
			p := start(t)
			require.NoError(t, methods[0].call(bg, p))
			require.NoError(t, methods[1].call(bg, p))
			p.timeout = 300 * time.Millisecond
			require.NoError(t, p.box.Fail(m.path, f, 9))
			lookDeep(p, m.name+" "+string(f), m.call(bg, p))
			if m.name == "Phone" {
				p.tokens.kept.hold("", time.Time{})
				require.NoError(t, p.box.Fail(tokenPath, f, 9))
				lookDeep(p, "token "+string(f), m.call(bg, p))
			}
		}
	}
	p := start(t)
	p.Client = newClient(t, p.clock, "http://127.0.0.1:1")
	for _, m := range methods {
		lookDeep(p, m.name+" nobody listens", m.call(bg, p))
	}
}

// A gateway on the way may repeat what it was sent.
func TestAPlatformThatEchoesSecretsIsNotQuoted(t *testing.T) {
	p := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"errcode":40164,"errmsg":"invalid ip 10.1.2.3 ipv6 ::ffff:10.1.2.3, not in whitelist %s %s rid: 5f5e1000-0a0b0c0d-01020304"}`,
			testSecret, r.URL.String())
	})
	for _, m := range methods {
		err := m.call(bg, p)
		require.ErrorIs(t, err, ErrMisconfigured, m.name)
		require.NotContains(t, err.Error(), testSecret)
		require.NotContains(t, err.Error(), "good-token")
		require.ErrorContains(t, err, "address 10.1.2.3", "the operator needs it for the white list")
		require.ErrorContains(t, err, "rid 5f5e1000-0a0b0c0d-01020304")
	}
}

func TestConfigAndClientNeverPrintTheirSecrets(t *testing.T) {
	cfg := Config{AppID: testAppID, AppSecret: testSecret, Token: testToken, EncodingAESKey: testAESKey}
	p := start(t)
	for _, v := range []any{cfg, &cfg, p.Client, p.Push(nil), struct{ C Config }{cfg}, []*Client{p.Client}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			text := fmt.Sprintf(verb, v)
			require.NotContains(t, text, testSecret)
			require.NotContains(t, text, testAESKey)
			require.NotContains(t, text, testToken)
			require.NotContains(t, text, fmt.Sprintf("%x", testSecret))
		}
	}
	b, err := json.Marshal(cfg)
	require.NoError(t, err)
	require.NotContains(t, string(b), testSecret)
}
