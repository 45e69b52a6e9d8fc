package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat"
	"github.com/yimen-gov/yimen/storage/cache"
)

// How much memory short-lived state may take, in bytes: the cache itself, and
// the counters that stand in for it.
const (
	cacheMost = 64 << 20
	spareMost = 8 << 20
)

// openCache takes the memory of this process, and before it the Redis that all
// replicas share, where there is one.
func (in *instance) openCache(ctx context.Context) error {
	in.cache = cache.NewMemory(in.now, cacheMost)
	if in.conf.Redis == "" {
		return nil
	}
	client, err := cache.Dial(in.conf.Redis)
	if err != nil {
		return fmt.Errorf("YIMEN_REDIS: %w", err)
	}
	in.hangUp = client.Close
	in.shared, err = cache.Watch(ctx, cache.NewRedis(client, in.conf.RedisPrefix), in.owner(), in.now, in.log)
	switch {
	case errors.Is(err, cache.ErrNotOurs):
		return fmt.Errorf("YIMEN_REDIS: %w; choose another YIMEN_REDIS_PREFIX or another Redis", err)
	case err != nil:
		return fmt.Errorf("YIMEN_REDIS: %w", err)
	}
	in.cache = cache.Standby{First: in.shared, Second: in.cache}
	return nil
}

// owner tells cities apart that share a Redis: replicas of one city have the
// same keys, and nobody else has.
func (in *instance) owner() string {
	return hex.EncodeToString(in.rooms.keys.Index("cache owner", "")[:8])
}

// limits are the limits of the service, nil where they are switched off.
func (in *instance) limits() (*api.Limits, error) {
	trusted, err := api.ParseProxies(in.conf.TrustedProxies)
	if err != nil {
		return nil, fmt.Errorf("YIMEN_TRUSTED_PROXIES: %w", err)
	}
	if in.conf.Limits != "on" { // a measurement, a demonstration
		return nil, nil
	}
	l := &api.Limits{Counter: in.cache, Spare: cache.NewMemory(in.now, spareMost), Trusted: trusted, Now: in.now}
	if in.shared != nil {
		l.Counter = in.shared
	}
	return l, nil
}

// wechatCache is the cache as the WeChat client needs it.
type wechatCache struct{ shared cache.Cache }

var _ wechat.Cache = wechatCache{}

func (c wechatCache) Get(ctx context.Context, key string) (string, bool, error) {
	value, ok, err := c.shared.Get(ctx, "wechat:"+key)
	return string(value), ok, err
}

func (c wechatCache) Set(ctx context.Context, key, value string, ttl time.Duration) error {
	return c.shared.Set(ctx, "wechat:"+key, []byte(value), ttl)
}

func (c wechatCache) Add(ctx context.Context, key, value string, ttl time.Duration) (bool, error) {
	return c.shared.SetNX(ctx, "wechat:"+key, []byte(value), ttl)
}

func (c wechatCache) Delete(ctx context.Context, key string) error {
	return c.shared.Delete(ctx, "wechat:"+key)
}
