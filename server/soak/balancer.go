package soak

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// fleetURL is what visitors ask; the balancer knows who answers.
const fleetURL = "http://fleet"

// balancer hands each request to the next instance that is ready, and to
// another one where nobody listens, as any load balancer does.
type balancer struct {
	mu   sync.Mutex
	list []string
	down map[string]bool
	next atomic.Uint64
	wire http.RoundTripper
	beat *beat
}

func newBalancer() *balancer {
	return &balancer{down: map[string]bool{}, wire: &http.Transport{MaxIdleConnsPerHost: 64, DialContext: (&net.Dialer{Timeout: time.Second}).DialContext}, beat: &beat{}}
}

// client is for those who give up on an answer after a while and ask again.
func (b *balancer) client() *http.Client { return &http.Client{Timeout: 6 * time.Second, Transport: b} }

func (b *balancer) add(at string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = append(b.list, at)
}

// watch asks the instances again and again whether they are ready.
func (b *balancer) watch(ctx context.Context) {
	for ctx.Err() == nil {
		for _, at := range b.list {
			well := ready(ctx, at) == nil
			b.mu.Lock()
			b.down[at] = !well
			b.mu.Unlock()
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// RoundTrip implements http.RoundTripper.
func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "fleet" {
		return b.wire.RoundTrip(r)
	}
	var err error
	for range 2 * chaosInstances {
		out := r.Clone(r.Context())
		out.URL.Host = b.pick()
		if r.GetBody != nil {
			if out.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
		var res *http.Response
		if res, err = b.wire.RoundTrip(out); err == nil {
			if r.Method == http.MethodPost && res.StatusCode == http.StatusOK {
				b.beat.now()
			}
			return res, nil
		}
		if op, ok := errors.AsType[*net.OpError](err); !ok || op.Op != "dial" {
			return nil, err
		}
	}
	return nil, err
}

// pick is the next one that is ready, or any where none is.
func (b *balancer) pick() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := ""
	for range b.list {
		at = b.list[b.next.Add(1)%uint64(len(b.list))]
		if !b.down[at] {
			return at
		}
	}
	return at
}

// beat notes when writes were answered: how long nobody was.
type beat struct {
	mu         sync.Mutex
	begun      time.Time
	one, last  time.Time // the first and the last since the reset
	longestYet time.Duration
}

func (b *beat) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.begun, b.last, b.one, b.longestYet = time.Now(), time.Now(), time.Time{}, 0
}

func (b *beat) now() {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := time.Now()
	if b.one.IsZero() {
		b.one = at
	}
	b.longestYet, b.last = max(b.longestYet, at.Sub(b.last)), at
}

// first is when the first was answered since the reset; zero before it.
func (b *beat) first() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.one
}

func (b *beat) longest() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(b.longestYet, time.Since(b.last))
}
