package cache

import (
	"context"
	"errors"
	"time"
)

// Standby is a cache with a second one that stands in while the first cannot be
// reached. What either holds the other does not know.
type Standby struct{ First, Second Cache }

var _ Cache = Standby{}

// Get implements Cache.
func (s Standby) Get(ctx context.Context, key string) ([]byte, bool, error) {
	value, found, err := s.First.Get(ctx, key)
	if errors.Is(err, ErrUnavailable) {
		return s.Second.Get(ctx, key)
	}
	return value, found, err
}

// Set implements Cache.
func (s Standby) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	err := s.First.Set(ctx, key, value, ttl)
	if errors.Is(err, ErrUnavailable) {
		return s.Second.Set(ctx, key, value, ttl)
	}
	return err
}

// SetNX implements Cache.
func (s Standby) SetNX(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	set, err := s.First.SetNX(ctx, key, value, ttl)
	if errors.Is(err, ErrUnavailable) {
		return s.Second.SetNX(ctx, key, value, ttl)
	}
	return set, err
}

// Delete implements Cache: what was kept while the first was away goes too.
func (s Standby) Delete(ctx context.Context, key string) error {
	err := s.First.Delete(ctx, key)
	if second := s.Second.Delete(ctx, key); errors.Is(err, ErrUnavailable) {
		return second
	}
	return err
}

// Allow implements Cache.
func (s Standby) Allow(ctx context.Context, key string, limit int, window time.Duration) (bool, time.Duration, int, error) {
	ok, ends, remaining, err := s.First.Allow(ctx, key, limit, window)
	if errors.Is(err, ErrUnavailable) {
		return s.Second.Allow(ctx, key, limit, window)
	}
	return ok, ends, remaining, err
}

// Count implements Cache.
func (s Standby) Count(ctx context.Context, key string, add int, ttl time.Duration) (int64, error) {
	n, err := s.First.Count(ctx, key, add, ttl)
	if errors.Is(err, ErrUnavailable) {
		return s.Second.Count(ctx, key, add, ttl)
	}
	return n, err
}
