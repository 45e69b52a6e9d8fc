// Package wechat (微信接口) is the only package that speaks to the WeChat
// platform. It decides how a call is made safe: one client for the process, one
// access token for all replicas, a time-out on everything, what is tried again
// and what is not, and which fault of ours stands for which errcode.
//
// It uses the SDK github.com/silenceper/wechat/v2 for what that covers, and
// never trusts it with a secret. The SDK sends through one HTTP client that is
// global to the process, and puts whole addresses into its errors. So it is
// given place-holders: it works with a ticket where the access token or the
// AppSecret belongs, and a round tripper of ours (gate.go) finds the call by
// its ticket, puts the real values in, sends it to the BaseURL of the client
// that made it, under that call's context, and reads the errcode off the
// answer. Two clients with different addresses live in one process; the SDK's
// methods that know no context obey one; and no error of the SDK can hold a
// secret, because the SDK never had it.
package wechat

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/silenceper/wechat/v2/credential"
	"github.com/silenceper/wechat/v2/miniprogram"
	"github.com/silenceper/wechat/v2/miniprogram/config"
	sdk "github.com/silenceper/wechat/v2/miniprogram/context"
)

// Client speaks to WeChat for one mini-program. Make one for the process and
// share it: it is safe for concurrent use. Every method takes at most
// Config.Timeout, or less where its context says so, and returns only faults.
type Client struct {
	appID   string
	secret  secret
	push    Push
	base    *url.URL
	wire    http.RoundTripper
	program *miniprogram.MiniProgram
	tokens  *tokens
	now     func() time.Time
	timeout time.Duration
	watch   Watch
	pauses  []time.Duration // before each further try after errcode -1
}

// New makes the client. It calls nobody; its errors are those of the Config.
func New(c Config) (*Client, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	base, err := c.base()
	if err != nil {
		return nil, err
	}
	install()
	w := &Client{
		appID:   c.AppID,
		secret:  hide(c.AppSecret),
		push:    Push{Token: c.Token, EncodingAESKey: c.EncodingAESKey, AppID: c.AppID, Now: c.Now},
		base:    base,
		wire:    newWire(),
		now:     c.Now,
		timeout: c.Timeout,
		pauses:  []time.Duration{200 * time.Millisecond, 600 * time.Millisecond},
	}
	if w.watch = c.Watch; w.watch == nil {
		w.watch = func(ctx context.Context, _ string) (context.Context, func(string)) { return ctx, func(string) {} }
	}
	if w.timeout == 0 {
		w.timeout = 8 * time.Second
	}
	kept := &kept{now: c.Now, shared: c.Cache}
	w.program = miniprogram.NewMiniProgram(&config.Config{
		AppID: c.AppID, AppSecret: placeholder, Cache: kept, UseStableAK: true,
	})
	stable, ok := w.program.GetContext().AccessTokenContextHandle.(*credential.StableAccessToken)
	if !ok {
		return nil, errors.New("wechat: the SDK no longer hands out its stable token handle")
	}
	w.tokens = &tokens{client: w, stable: stable, kept: kept, turn: make(chan struct{}, 1),
		ration: ration{now: c.Now, shared: c.Cache, prefix: "wechat:" + c.AppID + ":force:"}}
	return w, nil
}

// newWire is the transport to the platform. A round tripper follows no
// redirect, so neither secret nor token can be sent on to another host.
func newWire() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          64,
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   5 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// Format keeps the secrets out of every print verb.
func (c *Client) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "wechat.Client(%s)", c.appID) }

// Push gives the receiver of this mini-program's message pushes. seen tells
// whether an event was handled before, and marks it.
func (c *Client) Push(seen func(ctx context.Context, id string) (bool, error)) Push {
	p := c.push
	p.Seen = seen
	return p
}

// endpoint is one interface of the platform: its name in logs, and the faults
// that its errcodes mean there. other stands for errcodes nobody has listed.
type endpoint struct {
	name   string
	faults map[int64]error
	other  error
	open   bool // takes the AppSecret and no access token
}

// ask makes one call: with a token, again after -1 (busy), and exactly once
// more with a new token where WeChat refuses the one we hold. Nothing else is
// tried again: after a time-out nobody knows whether a code is spent or a
// message sent.
func (c *Client) ask(ctx context.Context, to endpoint, f func(context.Context, *sdk.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	token, err := c.tokenFor(ctx, to)
	for busy, renewed := 0, false; err == nil; {
		got := c.once(ctx, to, token, f)
		switch {
		case stale(got.code) && !to.open && !renewed:
			renewed = true
			token, err = c.tokens.renew(ctx, token)
		case got.code == codeBusy && busy < len(c.pauses) && pause(ctx, c.pauses[busy]):
			busy++
		default:
			return got.fault(to)
		}
	}
	return err
}

func (c *Client) tokenFor(ctx context.Context, to endpoint) (string, error) {
	if to.open {
		return "", nil
	}
	return c.tokens.current(ctx)
}

// once makes one attempt and tells how it ended.
func (c *Client) once(ctx context.Context, to endpoint, token string, f func(context.Context, *sdk.Context) error) answer {
	ctx, end := c.watch(ctx, to.name)
	k := &call{client: c, ctx: ctx, token: token}
	done := k.register()
	defer done()
	err := f(k.context(), k.sdk())
	got := k.outcome(to.name, err)
	end(got.word())
	return got
}

// pause waits, and says whether the time was given.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
