// Package cache (短时状态) keeps what may be lost: tokens, one-time answers,
// counters. It decides when such a thing has ended. Nothing whose loss would
// break a promise may live here: that belongs into the database.
package cache

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrUnavailable says that the cache cannot be reached. Whoever can do without
// it goes on.
var ErrUnavailable = fault.New(fault.Unavailable, "cache.unavailable", "系统繁忙，请稍后再试").After(2)

// errTime refuses state that would never end: it is a slip in our own code.
var errTime = errors.New("cache: time must be positive")

// Cache keeps short-lived state. It is safe for use by many goroutines. Times
// are kept to the millisecond, rounded up. Every method may give ErrUnavailable.
type Cache interface {
	// Get gives a copy of the value, unless it has ended, was deleted or has
	// been lost.
	Get(ctx context.Context, key string) (value []byte, found bool, err error)
	// Set keeps a copy of the value for ttl, in place of what was there.
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error
	// SetNX is Set where there is no value. Of many at once one succeeds.
	SetNX(ctx context.Context, key string, value []byte, ttl time.Duration) (set bool, err error)
	// Delete removes the value; one that is not there is no error.
	Delete(ctx context.Context, key string) error
	// Allow counts one more event of key and says whether it is among the
	// first limit of its window. A window begins with the first event after
	// the last window has ended, and refused events do not lengthen it; so two
	// windows that touch may see 2×limit events close together. remaining says
	// how many more are allowed, ends when the window ends, which is when to
	// try again where none is. Counters and values of the same key are apart.
	Allow(ctx context.Context, key string, limit int, window time.Duration) (ok bool, ends time.Duration, remaining int, err error)
	// Count adds to a counter, which lives ttl from its last change, and
	// returns it; to add 0 is to read. It shares its keys with Allow.
	Count(ctx context.Context, key string, add int, ttl time.Duration) (int64, error)
}

// verdict judges the count-th event of a window that has left to run.
func verdict(count, limit int, left time.Duration) (ok bool, ends time.Duration, remaining int) {
	return count <= limit, max(left, time.Millisecond), max(0, limit-count)
}

// millis rounds a time up to whole milliseconds.
func millis(d time.Duration) time.Duration {
	return (d + time.Millisecond - 1).Truncate(time.Millisecond)
}
