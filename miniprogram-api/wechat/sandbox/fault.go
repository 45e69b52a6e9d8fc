package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is something that goes wrong on demand.
type Fault string

// The faults. Any errcode can be had too: "errcode:48001".
const (
	Busy         Fault = "busy"          // errcode -1
	Timeout      Fault = "timeout"       // no answer for Options.Hang
	BadGateway   Fault = "502"           // HTTP 502 with a page
	TokenRefused Fault = "token-refused" // errcode 40001, though the token is good
	TokenExpired Fault = "token-expired" // errcode 42001, likewise
	Drop         Fault = "drop"          // the connection breaks
	Garbage      Fault = "garbage"       // HTTP 200 with a page
	Empty        Fault = "empty"         // HTTP 200 with {}
	Redirect     Fault = "redirect"      // HTTP 307 to another host
)

// ErrcodeFault makes the fault that answers with an errcode.
func ErrcodeFault(code int) Fault { return Fault("errcode:" + strconv.Itoa(code)) }

var faultCodes = map[Fault]refusal{
	Busy:         {-1, "system error"},
	TokenRefused: {40001, "invalid credential, access_token is invalid or not latest"},
	TokenExpired: {42001, "access_token expired"},
}

// Fail lets the next calls of a path go wrong, times in a row. Path is one of
// the platform's, such as "/sns/jscode2session".
func (s *Sandbox) Fail(path string, kind Fault, times int) error {
	if !kind.known() || times < 1 || times > 10_000 {
		return fmt.Errorf("sandbox: unknown fault %q, or times not 1 to 10000", kind)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for range times {
		s.faults[path] = append(s.faults[path], kind)
	}
	return nil
}

func (f Fault) known() bool {
	switch f {
	case Busy, Timeout, BadGateway, TokenRefused, TokenExpired, Drop, Garbage, Empty, Redirect:
		return true
	}
	_, ok := f.errcode()
	return ok
}

func (f Fault) errcode() (refusal, bool) {
	if no, ok := faultCodes[f]; ok {
		return no, true
	}
	n, ok := strings.CutPrefix(string(f), "errcode:")
	code, err := strconv.Atoi(n)
	return refusal{code, "injected"}, ok && err == nil && code != 0
}

// nextFault takes the next fault of a path, or "". The lock is held.
func (s *Sandbox) nextFault(path string) Fault {
	all := s.faults[path]
	if len(all) == 0 {
		return ""
	}
	s.faults[path] = all[1:]
	return all[0]
}

// act plays a fault.
func (s *Sandbox) act(f Fault, w http.ResponseWriter, r *http.Request) {
	if no, ok := f.errcode(); ok {
		s.refuse(w, no)
		return
	}
	switch f {
	case Timeout:
		hold(r, s.o.Hang)
		sever(w)
	case BadGateway:
		http.Error(w, "<html><h1>502 Bad Gateway</h1></html>", http.StatusBadGateway)
	case Drop:
		sever(w)
	case Garbage:
		_, _ = w.Write([]byte("<html><h1>It works!</h1></html>"))
	case Empty:
		reply(w, map[string]any{})
	case Redirect:
		http.Redirect(w, r, "http://thief.invalid"+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	}
}

// hold keeps a request until its sender leaves or the time is over.
func hold(r *http.Request, d time.Duration) {
	_, _ = io.Copy(io.Discard, r.Body) // only then does net/http notice that the sender left
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-r.Context().Done():
	case <-t.C:
	}
}

// sever breaks the connection, or says 504 where a server does not let go of it.
func sever(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusGatewayTimeout)
		return
	}
	_ = conn.Close()
}
