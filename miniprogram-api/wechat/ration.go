package wechat

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// shanghai is the zone of the platform's days.
var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

const (
	forcesADay = 20
	forcePause = 30 * time.Second
)

// ration counts forced token refreshes for all replicas, and for this one alone
// where the shared cache is down.
type ration struct {
	now    func() time.Time
	shared Cache // nil = none
	prefix string

	mu   sync.Mutex
	last time.Time
	day  string
	used int
}

// take says whether a refresh may be forced now, and counts it.
func (r *ration) take(ctx context.Context) bool {
	day := r.now().In(shanghai).Format("20060102")
	if !r.own(day) {
		return false
	}
	if !r.add(ctx, "pause", forcePause) {
		return false
	}
	for n := range forcesADay {
		if r.add(ctx, day+":"+strconv.Itoa(n), 24*time.Hour) {
			return true
		}
	}
	return false
}

// own is this process's count.
func (r *ration) own(day string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if r.day != day {
		r.day, r.used = day, 0
	}
	if r.used >= forcesADay || !r.last.IsZero() && now.Sub(r.last) < forcePause {
		return false
	}
	r.last, r.used = now, r.used+1
	return true
}

// add marks the key for all replicas; a cache that is down does not refuse.
func (r *ration) add(ctx context.Context, key string, ttl time.Duration) bool {
	if r.shared == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, cacheWait)
	defer cancel()
	added, err := r.shared.Add(ctx, r.prefix+key, "1", ttl)
	return added || err != nil
}
