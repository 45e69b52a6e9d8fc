package wechat

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

// redisCache is a Cache as the house has it.
type redisCache struct{ conn redis.Cmdable }

func (c redisCache) Get(ctx context.Context, key string) (string, bool, error) {
	v, err := c.conn.Get(ctx, key).Result()
	if errors.Is(err, redis.Nil) {
		return "", false, nil
	}
	return v, err == nil, err
}

func (c redisCache) Set(ctx context.Context, key, value string, ttl time.Duration) error {
	return c.conn.Set(ctx, key, value, ttl).Err()
}

func (c redisCache) Add(ctx context.Context, key, value string, ttl time.Duration) (bool, error) {
	return c.conn.SetNX(ctx, key, value, ttl).Result()
}

func (c redisCache) Delete(ctx context.Context, key string) error { return c.conn.Del(ctx, key).Err() }

func startRedis(t *testing.T) (*miniredis.Miniredis, Cache) {
	m := miniredis.RunT(t)
	conn := redis.NewClient(&redis.Options{Addr: m.Addr(), MaxRetries: -1, DialTimeout: 200 * time.Millisecond})
	t.Cleanup(func() { _ = conn.Close() })
	return m, redisCache{conn}
}

func TestForceIsRationedForAllReplicasTogether(t *testing.T) {
	_, shared := startRedis(t)
	p := start(t)
	a := &ration{now: p.clock.Now, shared: shared, prefix: "r:"}
	b := &ration{now: p.clock.Now, shared: shared, prefix: "r:"}
	require.True(t, a.take(bg))
	require.False(t, b.take(bg), "b waits for the pause that a began")
}

func TestReplicasShareTheToken(t *testing.T) {
	_, shared := startRedis(t)
	p := start(t)
	withCache := func(c *Config) { c.Cache = shared }
	a, b := newClient(t, p.clock, p.url, withCache), newClient(t, p.clock, p.url, withCache)
	for _, c := range []*Client{a, b} {
		p.Client = c
		require.NoError(t, p.phone())
	}
	require.Equal(t, 1, p.box.Calls(tokenPath))
	require.Equal(t, a.tokens.kept.held(), b.tokens.kept.held())
}

func TestAReplicaTakesTheTokenThatAnotherRenewed(t *testing.T) {
	_, shared := startRedis(t)
	p := start(t)
	withCache := func(c *Config) { c.Cache = shared }
	a, b := newClient(t, p.clock, p.url, withCache), newClient(t, p.clock, p.url, withCache)
	for _, c := range []*Client{a, b} {
		p.Client = c
		require.NoError(t, p.phone())
	}
	p.box.Revoke()
	for _, c := range []*Client{a, b} {
		p.Client = c
		require.NoError(t, p.phone())
	}
	require.Equal(t, 2, p.box.Calls(tokenPath), "b did not throw a's new token away")
}

// With Redis down the SDK gives a token and an error.
func TestACacheThatIsDownStopsNothing(t *testing.T) {
	m, shared := startRedis(t)
	m.Close()
	p := start(t)
	p.Client = newClient(t, p.clock, p.url, func(c *Config) { c.Cache = shared })
	for _, m := range methods {
		require.NoError(t, m.call(bg, p), m.name)
	}
	require.Equal(t, 1, p.box.Calls(tokenPath), "the token is kept in the process")
	p.box.Revoke()
	require.NoError(t, p.phone())
	require.NoError(t, p.box.Fail(phonePath, sandbox.TokenRefused, 1))
	require.NoError(t, p.phone(), "force works without the shared ration")
}

func TestACacheThatDiesOnTheWayStopsNothing(t *testing.T) {
	m, shared := startRedis(t)
	p := start(t)
	p.Client = newClient(t, p.clock, p.url, func(c *Config) { c.Cache = shared })
	require.NoError(t, p.phone())
	m.Close()
	p.clock.turn(3 * time.Hour)
	require.NoError(t, p.phone())
	require.Equal(t, 2, p.box.Calls(tokenPath))
}

// hungCache never answers before its context ends.
type hungCache struct{ uses atomic.Int32 }

func (h *hungCache) wait(ctx context.Context) error {
	h.uses.Add(1)
	<-ctx.Done()
	return ctx.Err()
}

func (h *hungCache) Get(ctx context.Context, _ string) (string, bool, error) {
	return "", false, h.wait(ctx)
}
func (h *hungCache) Set(ctx context.Context, _, _ string, _ time.Duration) error { return h.wait(ctx) }
func (h *hungCache) Add(ctx context.Context, _, _ string, _ time.Duration) (bool, error) {
	return false, h.wait(ctx)
}
func (h *hungCache) Delete(ctx context.Context, _ string) error { return h.wait(ctx) }

func TestACacheThatHangsDelaysOnlyTheFetch(t *testing.T) {
	h := &hungCache{}
	p := start(t)
	p.Client = newClient(t, p.clock, p.url, func(c *Config) { c.Cache = h })
	require.NoError(t, p.phone())
	used := h.uses.Load()
	require.Positive(t, used)
	began := time.Now()
	require.NoError(t, p.phone())
	require.Less(t, time.Since(began), cacheWait)
	require.Equal(t, used, h.uses.Load(), "a held token asks no cache")
}

func TestRubbishInTheSharedCacheIsIgnored(t *testing.T) {
	for _, rubbish := range []string{"", "|", "abc|token", "99999999999", "1|old-token", "99999999999|"} {
		m, shared := startRedis(t)
		p := start(t)
		p.Client = newClient(t, p.clock, p.url, func(c *Config) { c.Cache = shared })
		require.NoError(t, m.Set(p.tokens.key(), rubbish))
		require.NoError(t, p.phone(), rubbish)
		require.Equal(t, 1, p.box.Calls(tokenPath), rubbish)
	}
}

func TestTheSharedTokenEndsWithTheTokenItself(t *testing.T) {
	m, shared := startRedis(t)
	p := start(t)
	p.Client = newClient(t, p.clock, p.url, func(c *Config) { c.Cache = shared })
	require.NoError(t, p.phone())
	require.Equal(t, 6900*time.Second, m.TTL(p.tokens.key()), "7200 s less the five minutes of the change")
}
