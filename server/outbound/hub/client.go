package hub

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"
)

// Limits bounds what is asked of the hub. The zero value takes the defaults.
type Limits struct {
	Timeout time.Duration // of one call; 0 = 800 ms
	Rest    time.Duration // how long one that failed is left alone; 0 = 30 s
	AtOnce  int           // calls under way to one base; 0 = 64
}

const (
	defaultTimeout = 800 * time.Millisecond
	defaultRest    = 30 * time.Second
	defaultAtOnce  = 64
	tripAfter      = 3 // failures in a row
	answerMost     = 1 << 20
)

// Client calls the hub. Each base and system has a circuit of its own: one that
// is slow or down fails at once after three failures, until it has rested, and
// no more than so many calls wait for it.
type Client struct {
	url    string
	keys   Keys
	http   *http.Client
	limits Limits
	now    func() time.Time

	mu    sync.Mutex
	lines map[string]*line
}

// line is the way to one base or system.
type line struct {
	breaker *gobreaker.CircuitBreaker[[]byte]
	slots   chan struct{}
}

// New makes a client for the hub at an address.
func New(address string, keys Keys, client *http.Client, l Limits, now func() time.Time) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, errors.New("the hub's address is http://host or https://host")
	}
	if l.Timeout <= 0 {
		l.Timeout = defaultTimeout
	}
	if l.Rest <= 0 {
		l.Rest = defaultRest
	}
	if l.AtOnce <= 0 {
		l.AtOnce = defaultAtOnce
	}
	return &Client{url: strings.TrimSuffix(address, "/"), keys: keys, http: client, limits: l, now: now, lines: map[string]*line{}}, nil
}

func (c *Client) line(name string) *line {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.lines[name]
	if !ok {
		l = &line{slots: make(chan struct{}, c.limits.AtOnce), breaker: gobreaker.NewCircuitBreaker[[]byte](gobreaker.Settings{
			Name: name, Timeout: c.limits.Rest,
			ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= tripAfter },
			// Somebody who hangs up says nothing about the base, nor does a refusal.
			IsExcluded: func(err error) bool {
				return errors.Is(err, context.Canceled) || errors.Is(err, errRefused)
			},
		})}
		c.lines[name] = l
	}
	return l
}

var (
	errNoKey   = errors.New("there is no key for it")
	errBusy    = errors.New("too many calls wait for it")
	errRefused = errors.New("it refused the request")
)

// call posts in to a base or system and reads its signed answer into out. Its
// errors never hold what was asked.
func (c *Client) call(ctx context.Context, name, path string, in, out any) error {
	key, ok := c.keys[name]
	if !ok {
		return errNoKey
	}
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	l := c.line(name)
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	default:
		return errBusy
	}
	raw, err := l.breaker.Execute(func() ([]byte, error) { return c.post(ctx, key, path, body) })
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return errors.New("the answer is not as agreed")
	}
	return nil
}

func (c *Client) post(ctx context.Context, key Key, path string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.limits.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	nonce := hex.EncodeToString(random[:])
	req.Header.Set("Content-Type", "application/json")
	key.sign(req, body, c.now(), nonce)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, answerMost))
	if err != nil {
		return nil, err
	}
	if !hmac.Equal([]byte(key.answer(resp.StatusCode, nonce, raw)), []byte(resp.Header.Get(headerSignature))) {
		return nil, fmt.Errorf("status %d: %w", resp.StatusCode, errSignature)
	}
	switch {
	case resp.StatusCode == http.StatusOK:
		return raw, nil
	case resp.StatusCode < http.StatusInternalServerError:
		return nil, fmt.Errorf("status %d: %w", resp.StatusCode, errRefused)
	default:
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
}
