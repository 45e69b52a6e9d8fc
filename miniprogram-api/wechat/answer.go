package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"regexp"
	"strconv"
)

// errcodes that decide what happens next, whatever the endpoint.
const (
	codeBusy         = -1
	codeTokenInvalid = 40001
	codeTokenBad     = 40014
	codeTokenExpired = 42001
)

// stale says whether an errcode asks for a new access token.
func stale(code int64) bool {
	return code == codeTokenInvalid || code == codeTokenBad || code == codeTokenExpired
}

// answer is how an attempt ended, in words that are safe to log: an errcode,
// the platform's request id, and reasons of ours. No text of the platform, the
// SDK or net/http is kept, because those repeat what was sent.
type answer struct {
	api   string
	code  int64
	rid   string // the platform's id of the request, for its support
	addr  string // the address of ours that its white list lacks (40164)
	why   string // set where there is no usable answer
	ended error  // context.Canceled or context.DeadlineExceeded
}

var (
	ridForm  = regexp.MustCompile(`rid: ?([0-9a-f-]{8,48})`)
	addrForm = regexp.MustCompile(`invalid ip ([0-9a-fA-F.:]{3,45})`)
)

// read takes the errcode off the body, which is JSON whatever the header says.
func (a *answer) read(body []byte) {
	if b := bytes.TrimSpace(body); len(b) == 0 || b[0] != '{' {
		return
	}
	e := struct {
		ErrCode text `json:"errcode"`
		ErrMsg  text `json:"errmsg"`
	}{ErrCode: "0"}
	if json.Unmarshal(body, &e) != nil {
		return
	}
	code, err := strconv.ParseInt(string(e.ErrCode), 10, 64)
	if err != nil {
		a.why = "errcode unreadable" // it may be a refusal: never take it for success
		return
	}
	a.code, a.rid = code, first(ridForm, string(e.ErrMsg))
	if code == 40164 {
		a.addr = first(addrForm, string(e.ErrMsg))
	}
}

func first(form *regexp.Regexp, s string) string {
	if m := form.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// errEmpty says that an answer without an errcode lacks what it is for.
var errEmpty = errors.New("wechat: answer lacks its content")

// outcome closes the attempt: err is what the SDK or our reading of it said,
// and is looked at only for being there.
func (k *call) outcome(api string, err error) answer {
	a := k.got
	a.api = api
	if err != nil && a.code == 0 && a.why == "" {
		a.why = "answer unreadable"
	}
	return a
}

// word is the outcome in one word, for who watches.
func (a answer) word() string {
	switch {
	case a.why != "":
		return "unreachable"
	case a.code == 0:
		return "ok"
	}
	return strconv.FormatInt(a.code, 10)
}

// fault turns the answer into the fault that stands for it, or nil.
func (a answer) fault(to endpoint) error {
	if a.code == 0 && a.why == "" {
		return nil
	}
	return because(a.meaning(to), a)
}

func (a answer) meaning(to endpoint) error {
	if a.why != "" {
		return ErrUnreachable
	}
	if f := to.faults[a.code]; f != nil {
		return f
	}
	if f := everywhere[a.code]; f != nil {
		return f
	}
	if to.other != nil {
		return to.other
	}
	return ErrRejected
}

// Error is the scrubbed cause, for logs.
func (a answer) Error() string {
	s := "wechat " + a.api
	if a.code != 0 {
		s += ": errcode " + strconv.FormatInt(a.code, 10)
		if short := shorts[a.code]; short != "" {
			s += " (" + short + ")"
		}
	}
	if a.why != "" {
		s += ": " + a.why
	}
	if a.addr != "" {
		s += ", address " + a.addr
	}
	if a.rid != "" {
		s += ", rid " + a.rid
	}
	return s
}

// Unwrap gives the context's error, so that a caller who left is recognised.
func (a answer) Unwrap() error { return a.ended }

// Failures after which it is certain that nothing has left.
const (
	unresolved  = "name not resolved"
	unconnected = "not connected"
)

// Unsent says of an error of Send that certainly nothing went out: the platform
// answered so, or was never reached. After a time-out or a broken connection
// nobody knows.
func Unsent(err error) bool {
	a, ok := errors.AsType[answer](err)
	return !ok || a.why == "" || a.why == unresolved || a.why == unconnected || a.api == tokenEndpoint.name
}

// plain names a failure of the wire without its text.
func plain(ctx context.Context, err error) string {
	var op *net.OpError
	var dns *net.DNSError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return "caller left"
	case ctx.Err() != nil || isTimeout(err):
		return "timed out"
	case errors.As(err, &dns):
		return unresolved
	case errors.As(err, &op) && op.Op == "dial":
		return unconnected
	}
	return "connection broken"
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
