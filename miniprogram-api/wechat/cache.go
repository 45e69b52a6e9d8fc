package wechat

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Cache is short-lived state shared between replicas. It may be down or lose
// everything at any time: then each replica works with what it holds itself.
// Implementations are safe for concurrent use and honour the context.
type Cache interface {
	// Get returns the value; ok is false where none is kept.
	Get(ctx context.Context, key string) (value string, ok bool, err error)
	// Set keeps the value for ttl.
	Set(ctx context.Context, key, value string, ttl time.Duration) error
	// Add keeps the value for ttl where none is kept, and says whether it did.
	Add(ctx context.Context, key, value string, ttl time.Duration) (added bool, err error)
	// Delete forgets the key; one that is not there is no error.
	Delete(ctx context.Context, key string) error
}

// cacheWait bounds each use of the shared cache: one that hangs must not hang
// a login.
const cacheWait = 500 * time.Millisecond

// leastKept is how long a token is kept even where WeChat calls it all but
// expired, so that a burst of calls makes one request and not one each.
const leastKept = 10 * time.Second

// kept is the SDK's cache for the access token: this process's copy first, the
// shared one behind it. It never fails, because a token that could not be
// shared is still a token.
type kept struct {
	now    func() time.Time
	shared Cache // nil = none

	mu    sync.Mutex
	token string
	until time.Time
}

// held returns this process's copy, or "".
func (k *kept) held() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.now().Before(k.until) {
		return ""
	}
	return k.token
}

func (k *kept) hold(token string, until time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.token, k.until = token, until
}

// Get is the SDK's: it returns a string, or nil for none.
func (k *kept) Get(key string) any {
	if token := k.held(); token != "" {
		return token
	}
	token, until := k.others(key)
	if token == "" {
		return nil
	}
	k.hold(token, until)
	return token
}

// others reads the shared copy: "unix seconds of its end|token".
func (k *kept) others(key string) (token string, until time.Time) {
	if k.shared == nil {
		return "", until
	}
	ctx, cancel := context.WithTimeout(context.Background(), cacheWait)
	defer cancel()
	v, ok, err := k.shared.Get(ctx, key)
	if err != nil || !ok {
		return "", until
	}
	end, token, _ := strings.Cut(v, "|")
	sec, err := strconv.ParseInt(end, 10, 64)
	if until = time.Unix(sec, 0); err != nil || !k.now().Before(until) {
		return "", until
	}
	return token, until
}

// Set is the SDK's.
func (k *kept) Set(key string, val any, ttl time.Duration) error {
	token, _ := val.(string)
	if token == "" {
		return nil
	}
	ttl = max(ttl, leastKept)
	until := k.now().Add(ttl)
	k.hold(token, until)
	if k.shared == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), cacheWait)
	defer cancel()
	_ = k.shared.Set(ctx, key, strconv.FormatInt(until.Unix(), 10)+"|"+token, ttl)
	return nil
}

// IsExist is the SDK's.
func (k *kept) IsExist(key string) bool { return k.Get(key) != nil }

// Delete is the SDK's.
func (k *kept) Delete(key string) error {
	k.hold("", time.Time{})
	if k.shared == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), cacheWait)
	defer cancel()
	_ = k.shared.Delete(ctx, key)
	return nil
}

// drop forgets a token that WeChat refused, and only that one: another replica
// may have put a newer one in its place.
func (k *kept) drop(key, refused string) {
	k.mu.Lock()
	if k.token == refused {
		k.token = ""
	}
	k.mu.Unlock()
	if token, _ := k.others(key); token == refused {
		_ = k.Delete(key)
	}
}
