package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/server/demo"
)

// house is an instance under test: all of it, behind a real listener, with
// everything recorded that goes in and out.
type house struct {
	t     *testing.T
	conf  *Config
	in    *instance
	time  clock
	log   *record
	api   *tap
	play  *tap
	codes []string // of invitations
}

// record is a log that tests read.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(b)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// passed is one request and its answer.
type passed struct {
	method, path string
	in, out      map[string]any
	raw          string
}

// tap is a proxy that remembers.
type tap struct {
	*httptest.Server
	mu   sync.Mutex
	seen []passed
}

func newTap(t *testing.T, to string) *tap {
	target, err := url.Parse(to)
	require.NoError(t, err)
	p := &tap{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, r)
		p.keep(r, body, answer.Body.Bytes())
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *tap) keep(r *http.Request, in, out []byte) {
	e := passed{method: r.Method, path: r.URL.Path, raw: string(out)}
	_ = json.Unmarshal(in, &e.in)
	_ = json.Unmarshal(out, &e.out)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, e)
}

// found lists the answers to requests of a method whose path ends so.
func (p *tap) found(method, end string) (list []passed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.seen {
		if e.method == method && strings.HasSuffix(e.path, end) {
			list = append(list, e)
		}
	}
	return list
}

// newHouse brings an instance up, with limits on and everything logged.
func newHouse(t *testing.T, with ...func(*Config)) *house {
	h := &house{t: t, log: &record{}, conf: &Config{Env: "development", Data: t.TempDir(), SandboxAddr: "127.0.0.1:0", Limits: "on"}}
	for _, set := range with {
		set(h.conf)
	}
	log := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	h.in, err = openInstance(t.Context(), h.conf, log, h.time.now)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- h.in.serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-served)
		require.NoError(t, h.in.close())
	})
	h.api, h.play = newTap(t, "http://"+l.Addr().String()), newTap(t, h.in.playURL)
	return h
}

// journey plays the whole journey.
func (h *house) journey() {
	h.t.Helper()
	stage := h.in.stage(h.api.URL, &h.time)
	stage.WeChat = h.play.URL
	invite := stage.Invite
	stage.Invite = func(ctx context.Context, p demo.Post) (string, error) {
		code, err := invite(ctx, p)
		h.codes = append(h.codes, code)
		return code, err
	}
	_, err := demo.Play(h.t.Context(), stage, io.Discard)
	require.NoError(h.t, err)
}

// token is the session of somebody who has logged in, by the openid.
func (h *house) token(openID string) string {
	for _, given := range h.play.found(http.MethodPost, "/sandbox/login-code") {
		for _, login := range h.api.found(http.MethodPost, "/api/v1/sessions") {
			if given.in["openid"] == openID && login.in["code"] == given.out["code"] {
				return login.out["token"].(string)
			}
		}
	}
	h.t.Fatalf("%s has not logged in", openID)
	return ""
}

// ask sends a request and returns status and answer.
func (h *house) ask(method, path, token string, body any) (int, string) {
	h.t.Helper()
	content, err := json.Marshal(body)
	require.NoError(h.t, err)
	if body == nil {
		content = nil
	}
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.api.URL+path, bytes.NewReader(content))
	require.NoError(h.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", uuid.NewString())
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := (&http.Client{Timeout: 20 * time.Second}).Do(req)
	require.NoError(h.t, err)
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	require.NoError(h.t, err)
	return resp.StatusCode, string(got)
}

// actor is somebody of the local WeChat.
type actor struct{ Name, IDNumber, Phone, OpenID string }

func (h *house) people() (list []actor) {
	var persons []struct {
		Name     string `json:"name"`
		IDNumber string `json:"id_number"`
		Phone    string `json:"phone"`
		OpenID   string `json:"openid"`
	}
	resp, err := http.Get(h.play.URL + "/sandbox/persons")
	require.NoError(h.t, err)
	defer resp.Body.Close()
	require.NoError(h.t, json.NewDecoder(resp.Body).Decode(&persons))
	for _, p := range persons {
		require.NotEmpty(h.t, p.OpenID)
		list = append(list, actor{p.Name, p.IDNumber, p.Phone, p.OpenID})
	}
	return list
}

// photograph is a small JPEG.
func photograph(t *testing.T) []byte {
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64)), nil))
	return b.Bytes()
}

// scanOne and execOne look and reach into the database past the house.
func scanOne(path, query string, into any) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return err
	}
	defer db.Close()
	return db.QueryRow(query).Scan(into)
}

func execOne(path, query string, args ...any) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(query, args...)
	return err
}
