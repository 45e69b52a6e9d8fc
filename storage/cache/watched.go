package cache

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"
)

// restTime is how long a server that failed is left alone.
const restTime = 5 * time.Second

// Watched is a Redis that is asked only while it is well: after a failure it is
// left alone for a while, then claimed anew, since it may be another server by
// then. While it rests every method gives ErrUnavailable at once.
type Watched struct {
	redis *Redis
	owner string
	now   func() time.Time
	log   *slog.Logger
	rests atomic.Int64 // Unix nanoseconds until which it rests; 0 = it is well
	asked atomic.Bool  // somebody is finding out whether it is well again
}

var _ Cache = (*Watched)(nil)

// Watch claims the server's keys for owner. One that cannot be reached is no
// error: it will be asked again. Errors: ErrNotOurs, ErrNotLetIn.
func Watch(ctx context.Context, r *Redis, owner string, now func() time.Time, log *slog.Logger) (*Watched, error) {
	w := &Watched{redis: r, owner: owner, now: now, log: log}
	err := r.Claim(ctx, owner)
	if errors.Is(err, ErrNotOurs) || errors.Is(err, ErrNotLetIn) {
		return nil, err
	}
	if err != nil {
		w.fell(err)
	}
	return w, nil
}

// Well says whether the server answered when it was last asked.
func (w *Watched) Well() bool { return w.rests.Load() == 0 }

// up says whether to ask the server. The first to come after its rest finds
// out for all whether it is back.
func (w *Watched) up(ctx context.Context) bool {
	until := w.rests.Load()
	switch {
	case until == 0:
		return true
	case w.now().UnixNano() < until || !w.asked.CompareAndSwap(false, true):
		return false
	}
	defer w.asked.Store(false)
	if err := w.redis.Claim(ctx, w.owner); err != nil {
		w.fell(err)
		return false
	}
	w.rests.Store(0)
	w.log.Info("the shared cache is back")
	return true
}

// fell leaves the server alone for a while; the first failure is logged, and
// that the keys are somebody else's each time.
func (w *Watched) fell(err error) {
	was := w.rests.Swap(w.now().Add(restTime).UnixNano())
	switch {
	case errors.Is(err, ErrNotOurs), errors.Is(err, ErrNotLetIn):
		w.log.Error("the shared cache is not used", "err", err)
	case was == 0:
		w.log.Error("the shared cache cannot be reached: this process counts and remembers alone, and grants less", "err", err)
	}
}

// ask runs use where the server is up. A caller who left says nothing about it.
func (w *Watched) ask(ctx context.Context, use func() error) error {
	if !w.up(ctx) {
		return ErrUnavailable
	}
	err := use()
	if errors.Is(err, ErrUnavailable) && !errors.Is(ctx.Err(), context.Canceled) {
		w.fell(err)
	}
	return err
}

// Get implements Cache.
func (w *Watched) Get(ctx context.Context, key string) (value []byte, found bool, err error) {
	err = w.ask(ctx, func() error {
		value, found, err = w.redis.Get(ctx, key)
		return err
	})
	return value, found, err
}

// Set implements Cache.
func (w *Watched) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	return w.ask(ctx, func() error { return w.redis.Set(ctx, key, value, ttl) })
}

// SetNX implements Cache.
func (w *Watched) SetNX(ctx context.Context, key string, value []byte, ttl time.Duration) (set bool, err error) {
	err = w.ask(ctx, func() error {
		set, err = w.redis.SetNX(ctx, key, value, ttl)
		return err
	})
	return set, err
}

// Delete implements Cache.
func (w *Watched) Delete(ctx context.Context, key string) error {
	return w.ask(ctx, func() error { return w.redis.Delete(ctx, key) })
}

// Allow implements Cache.
func (w *Watched) Allow(ctx context.Context, key string, limit int, window time.Duration) (ok bool, ends time.Duration, remaining int, err error) {
	err = w.ask(ctx, func() error {
		ok, ends, remaining, err = w.redis.Allow(ctx, key, limit, window)
		return err
	})
	return ok, ends, remaining, err
}

// Count implements Cache.
func (w *Watched) Count(ctx context.Context, key string, add int, ttl time.Duration) (n int64, err error) {
	err = w.ask(ctx, func() error {
		n, err = w.redis.Count(ctx, key, add, ttl)
		return err
	})
	return n, err
}
