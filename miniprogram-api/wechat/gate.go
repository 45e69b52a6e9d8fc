package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	sdk "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/util"
)

// placeholder is what the SDK holds for the AppSecret.
const placeholder = "in-the-gate"

// tokenPath is the one address whose body carries the AppSecret.
const tokenPath = "/cgi-bin/stable_token"

// maxAnswer bounds an answer in bytes; a mini-program code has about 100 KB.
const maxAnswer = 4 << 20

// install puts the gate before the SDK's global HTTP client, once.
var install = sync.OnceFunc(func() {
	client := *util.DefaultHTTPClient
	client.Transport = gate{next: client.Transport}
	util.DefaultHTTPClient = &client
})

// gate is the round tripper that the SDK sends through. A request of a call of
// ours goes out as that call says; any other one as before.
type gate struct{ next http.RoundTripper }

func (g gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if k := callOf(r); k != nil {
		return k.roundTrip(r)
	}
	if g.next == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	return g.next.RoundTrip(r)
}

// call is one attempt at one endpoint, from the SDK's method to the wire.
type call struct {
	client *Client
	ctx    context.Context
	token  string // the real one
	ticket string // what the SDK holds in its place
	got    answer
}

type callKey struct{}

var (
	calls   sync.Map // ticket → *call, while the call lasts
	tickets atomic.Uint64
)

// register gives the call a ticket, until the returned function is called.
func (k *call) register() func() {
	k.ticket = "ticket-" + strconv.FormatUint(tickets.Add(1), 36)
	calls.Store(k.ticket, k)
	return func() { calls.Delete(k.ticket) }
}

// context carries the call for those methods of the SDK that take a context.
func (k *call) context() context.Context { return context.WithValue(k.ctx, callKey{}, k) }

// sdk is the SDK's own context, made for this call: its access token is the
// ticket, by which methods that take no context are found again.
func (k *call) sdk() *sdk.Context {
	return &sdk.Context{Config: k.client.program.GetContext().Config, AccessTokenContextHandle: k}
}

// GetAccessToken and GetAccessTokenContext hand the SDK the ticket.
func (k *call) GetAccessToken() (string, error)                       { return k.ticket, nil }
func (k *call) GetAccessTokenContext(context.Context) (string, error) { return k.ticket, nil }

func callOf(r *http.Request) *call {
	if k, ok := r.Context().Value(callKey{}).(*call); ok {
		return k
	}
	k, ok := calls.Load(r.URL.Query().Get("access_token"))
	if !ok {
		return nil
	}
	return k.(*call)
}

// errGate is all that the SDK is told when the wire fails; why is in the answer.
var errGate = errors.New("wechat: no answer")

func (k *call) roundTrip(r *http.Request) (*http.Response, error) {
	out, err := k.readdress(r)
	if err != nil {
		return nil, k.fail("request unreadable", err)
	}
	res, err := k.client.wire.RoundTrip(out)
	if err != nil {
		return nil, k.fail(plain(k.ctx, err), err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, k.fail(plain(k.ctx, err), err)
	case len(body) > maxAnswer:
		return nil, k.fail("answer too large", nil)
	case res.StatusCode != http.StatusOK:
		return nil, k.fail("HTTP "+strconv.Itoa(res.StatusCode), nil)
	}
	k.got.read(body)
	exactType(res.Header)
	res.Body = io.NopCloser(bytes.NewReader(body))
	res.ContentLength = int64(len(body))
	return res, nil
}

func (k *call) fail(why string, err error) error {
	k.got.why = why
	if ctx := k.ctx.Err(); ctx != nil && err != nil {
		k.got.ended = ctx
	}
	return errGate
}

// readdress copies the request, for the client's host and with the real values.
func (k *call) readdress(r *http.Request) (*http.Request, error) {
	out := r.Clone(k.ctx)
	out.URL = k.client.base.JoinPath(r.URL.Path)
	out.Host = ""
	q := r.URL.Query()
	if q.Has("secret") {
		q.Set("secret", k.client.secret.reveal())
	}
	if q.Has("access_token") {
		q.Set("access_token", k.token)
	}
	out.URL.RawQuery = q.Encode()
	if r.URL.Path != tokenPath {
		return out, nil
	}
	return out, k.fillSecret(out)
}

// fillSecret puts the AppSecret into the body of a token request.
func (k *call) fillSecret(out *http.Request) error {
	var body map[string]any
	err := json.NewDecoder(out.Body).Decode(&body)
	out.Body.Close()
	if err != nil {
		return err
	}
	body["secret"] = k.client.secret.reveal()
	b, err := json.Marshal(body)
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
	out.GetBody = nil
	return err
}

// exactType strips parameters from an image type: the SDK compares the whole
// header with "image/jpeg".
func exactType(h http.Header) {
	if t, _, err := mime.ParseMediaType(h.Get("Content-Type")); err == nil && strings.HasPrefix(t, "image/") {
		h.Set("Content-Type", t)
	}
}
