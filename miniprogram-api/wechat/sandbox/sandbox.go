// Package sandbox (微信沙箱) plays the WeChat platform on this machine: the
// interfaces that package wechat calls, with the same paths, fields, errcodes
// and state, so that the whole house runs and is tested without WeChat. It
// decides nothing about the business. It knows no secret but those it is given,
// keeps everything in memory, and shares no code with the client, so that a
// mistake is not made twice in the same way.
//
// What the platform does and its documentation does not say is marked [guess].
package sandbox

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"
)

// Options say which mini-program the sandbox plays for.
type Options struct {
	AppID          string
	Secret         string
	Token          string           // signs pushes
	EncodingAESKey string           // 43 characters; empty = pushes go out in the open
	Now            func() time.Time // the clock
	PushURL        string           // where message pushes go; empty = nowhere
	PushXML        bool             // pushes as XML; else JSON
	Persons        []Person         // see DefaultPersons
	Templates      []Template       // nil = any template id with any fields
	Pages          []string         // nil = any page exists
	RiskyWords     []string         // a checked text or address with one of these is risky
	ReviewWords    []string         // … is to be reviewed
	LoginsAMinute  int              // for each person; 0 = 100
	CodesAMinute   int              // mini-program codes; 0 = 5000
	Hang           time.Duration    // how long the fault Timeout holds a request; 0 = 65 s
}

// Sandbox is the platform, for one mini-program. It is an http.Handler and safe
// for concurrent use.
type Sandbox struct {
	o   Options
	mux *http.ServeMux

	mu      sync.Mutex
	people  []*Person
	tokens  tokens
	codes   map[string]*code // login and phone codes
	keys    map[string]string
	visits  map[string]time.Time
	windows map[string]window
	grants  map[grant]int
	sent    []Sent
	faces   map[string]*face
	seqNos  map[string]bool
	faults  map[string][]Fault
	calls   map[string]int
	serial  int64

	pushing sync.WaitGroup
}

var aesKeyForm = regexp.MustCompile(`^[0-9A-Za-z+/]{43}$`)

// New makes a sandbox. It panics where the options are unusable: that is a
// mistake in a test or in the wiring of the demonstration.
func New(o Options) *Sandbox {
	switch {
	case o.AppID == "" || o.Secret == "" || o.Now == nil:
		panic("sandbox: AppID, Secret and Now are needed")
	case o.EncodingAESKey != "" && !aesKeyForm.MatchString(o.EncodingAESKey):
		panic("sandbox: EncodingAESKey must be 43 letters and digits")
	case o.PushURL != "" && o.Token == "":
		panic("sandbox: PushURL needs a Token")
	}
	o.LoginsAMinute = orInt(o.LoginsAMinute, 100)
	o.CodesAMinute = orInt(o.CodesAMinute, 5000)
	if o.Hang == 0 {
		o.Hang = 65 * time.Second
	}
	s := &Sandbox{
		o: o, mux: http.NewServeMux(),
		codes: map[string]*code{}, keys: map[string]string{}, visits: map[string]time.Time{},
		windows: map[string]window{}, grants: map[grant]int{}, faces: map[string]*face{},
		seqNos: map[string]bool{}, faults: map[string][]Fault{}, calls: map[string]int{},
	}
	for _, p := range o.Persons {
		s.AddPerson(p)
	}
	s.platform()
	s.control()
	return s
}

func orInt(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// ServeHTTP serves the platform's interfaces, and /sandbox/ for those who play.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	s.mux.ServeHTTP(w, r)
}

// Calls tells how often a path of the platform was called.
func (s *Sandbox) Calls(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[path]
}

// platform lists the interfaces played.
func (s *Sandbox) platform() {
	s.play("/cgi-bin/stable_token", http.MethodPost, false, s.stableToken)
	s.play("/sns/jscode2session", http.MethodGet, false, s.code2Session)
	s.play("/wxa/business/getuserphonenumber", http.MethodPost, true, s.phoneNumber)
	s.play("/cgi-bin/message/subscribe/send", http.MethodPost, true, s.subscribeSend)
	s.play("/wxa/getwxacodeunlimit", http.MethodPost, true, s.programCode)
	s.play("/wxa/msg_sec_check", http.MethodPost, true, s.textCheck)
	s.play("/wxa/media_check_async", http.MethodPost, true, s.mediaCheck)
	s.play("/cityservice/face/identify/getverifyid", http.MethodPost, true, s.faceStart)
	s.play("/cityservice/face/identify/queryverifyinfo", http.MethodPost, true, s.faceResult)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		s.refuse(w, refusal{40066, "invalid url"})
	})
}

// refusal is an errcode with its text.
type refusal struct {
	code int
	msg  string
}

// jpegBytes is the one answer that is no JSON.
type jpegBytes []byte

// play serves one interface. do runs with the lock held.
func (s *Sandbox) play(path, method string, needsToken bool, do func(*http.Request) (any, *refusal)) {
	s.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.calls[path]++
		failed := s.nextFault(path)
		s.mu.Unlock()
		if failed != "" {
			s.act(failed, w, r)
			return
		}
		answer, no := s.guarded(r, method, needsToken, do)
		if no != nil {
			s.refuse(w, *no)
			return
		}
		reply(w, answer)
	})
}

func (s *Sandbox) guarded(r *http.Request, method string, needsToken bool, do func(*http.Request) (any, *refusal)) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method != method {
		return nil, &refusal{map[string]int{http.MethodGet: 43001, http.MethodPost: 43002}[method], "require " + method + " method"}
	}
	if needsToken {
		if no := s.tokens.check(r.URL.Query().Get("access_token"), s.o.Now()); no != nil {
			return nil, no
		}
	}
	return do(r)
}

// refuse answers as the platform does: HTTP 200, with a request id in the text.
func (s *Sandbox) refuse(w http.ResponseWriter, no refusal) {
	rid := fmt.Sprintf("%08x-%s-%s", s.o.Now().Unix(), hexes(4), hexes(4))
	reply(w, map[string]any{"errcode": no.code, "errmsg": no.msg + " rid: " + rid})
}

func reply(w http.ResponseWriter, answer any) {
	if pic, ok := answer.(jpegBytes); ok {
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(pic)
		return
	}
	w.Header().Set("Content-Type", "application/json; encoding=utf-8")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(answer)
}

// decode reads a JSON body.
func decode(r *http.Request, into any) *refusal {
	if json.NewDecoder(r.Body).Decode(into) != nil {
		return &refusal{47001, "data format error"}
	}
	return nil
}

func hexes(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// random gives n characters of the URL-safe base64 alphabet.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)[:n]
}
