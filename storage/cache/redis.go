package cache

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is a cache that many processes share. Windows and ends are measured by
// the server's clock.
type Redis struct {
	client redis.UniversalClient
	prefix string
}

var _ Cache = (*Redis)(nil)

// NewRedis keeps everything under keys that start with prefix, so that a server
// can be shared. The client stays the caller's, who closes it.
func NewRedis(client redis.UniversalClient, prefix string) *Redis {
	return &Redis{client: client, prefix: prefix}
}

// allow counts and tells when the window ends, in one step. A counter without
// an end, which nobody should have made, gets one.
var allow = redis.NewScript(`
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
	redis.call('PEXPIRE', KEYS[1], ARGV[1])
	left = tonumber(ARGV[1])
end
return {count, left}
`)

// count adds and lets the counter live on, in one step.
var count = redis.NewScript(`
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return count
`)

// Get gives a value.
func (r *Redis) Get(ctx context.Context, key string) ([]byte, bool, error) {
	value, err := r.client.Get(ctx, r.value(key)).Bytes()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, false, nil
	case err != nil:
		return nil, false, ErrUnavailable.Because(err)
	default:
		return value, true, nil
	}
}

// Set keeps a value.
func (r *Redis) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if ttl <= 0 {
		return errTime
	}
	return told(r.client.Set(ctx, r.value(key), value, millis(ttl)).Err())
}

// SetNX keeps a value where there is none.
func (r *Redis) SetNX(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if ttl <= 0 {
		return false, errTime
	}
	set, err := r.client.SetNX(ctx, r.value(key), value, millis(ttl)).Result()
	return set, told(err)
}

// Delete removes a value.
func (r *Redis) Delete(ctx context.Context, key string) error {
	return told(r.client.Del(ctx, r.value(key)).Err())
}

// Allow counts an event.
func (r *Redis) Allow(ctx context.Context, key string, limit int, window time.Duration) (bool, time.Duration, int, error) {
	if window <= 0 {
		return false, 0, 0, errTime
	}
	answer, err := allow.Run(ctx, r.client, []string{r.prefix + "n:" + key}, millis(window).Milliseconds()).Int64Slice()
	if err == nil && len(answer) != 2 {
		err = fmt.Errorf("cache: script answered %v", answer)
	}
	if err != nil {
		return false, 0, 0, ErrUnavailable.Because(err)
	}
	ok, ends, remaining := verdict(int(answer[0]), limit, time.Duration(answer[1])*time.Millisecond)
	return ok, ends, remaining, nil
}

// Count adds to a counter.
func (r *Redis) Count(ctx context.Context, key string, add int, ttl time.Duration) (n int64, err error) {
	key = r.prefix + "n:" + key
	switch {
	case ttl <= 0:
		return 0, errTime
	case add == 0:
		n, err = r.client.Get(ctx, key).Int64()
	default:
		n, err = count.Run(ctx, r.client, []string{key}, add, millis(ttl).Milliseconds()).Int64()
	}
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	return n, told(err)
}

func (r *Redis) value(key string) string { return r.prefix + "v:" + key }

func told(err error) error {
	if err != nil {
		return ErrUnavailable.Because(err)
	}
	return nil
}
