package api

import (
	"context"
	"sync"
	"time"
)

// timed is a context that ends at a time or with its request, like that of
// context.WithDeadline, but sets a timer only once somebody waits for its end:
// most reads are done before any timer could be set.
type timed struct {
	context.Context
	until time.Time

	mu    sync.Mutex
	clock context.Context // nil while nobody waits
	stop  context.CancelFunc
	ended bool
}

// Deadline implements context.Context.
func (t *timed) Deadline() (time.Time, bool) { return t.until, true }

// Done implements context.Context.
func (t *timed) Done() <-chan struct{} { return t.waited().Done() }

// Err implements context.Context.
func (t *timed) Err() error {
	t.mu.Lock()
	idle := t.clock == nil && !t.ended && time.Now().Before(t.until)
	t.mu.Unlock()
	if idle {
		return t.Context.Err()
	}
	return t.waited().Err()
}

func (t *timed) waited() context.Context {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.clock == nil {
		t.clock, t.stop = context.WithDeadline(t.Context, t.until)
		if t.ended {
			t.stop()
		}
	}
	return t.clock
}

// end ends the context with its request.
func (t *timed) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	if t.stop != nil {
		t.stop()
	}
}
