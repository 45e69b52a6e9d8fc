package cache

import (
	"bytes"
	"container/heap"
	"context"
	"hash/maphash"
	"sync"
	"time"
)

// Memory is a cache in this process. When it is full, what would have ended
// soonest goes first. It starts no goroutine: what has ended is swept when
// something new comes.
type Memory struct {
	now    func() time.Time
	seed   maphash.Seed
	shards [shards]shard
}

var _ Cache = (*Memory)(nil)

const (
	shards   = 16
	overhead = 160 // bytes: what an entry costs besides key and value, roughly
)

// NewMemory makes a cache that holds at most about maxBytes.
func NewMemory(now func() time.Time, maxBytes int) *Memory {
	m := &Memory{now: now, seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i].entries = map[name]*entry{}
		m.shards[i].max = maxBytes / shards
	}
	return m
}

// name tells values and counters of the same key apart.
type name struct {
	key     string
	counter bool
}

type entry struct {
	name  name
	value []byte
	count int
	ends  time.Time
	at    int // in the shard's queue
}

func (e *entry) cost() int { return overhead + len(e.name.key) + len(e.value) }

type shard struct {
	mu      sync.Mutex
	entries map[name]*entry
	queue   queue
	bytes   int
	max     int
}

// Get gives a copy of a value.
func (m *Memory) Get(_ context.Context, key string) ([]byte, bool, error) {
	s := m.lock(key)
	defer s.mu.Unlock()
	e := s.find(name{key: key}, m.now())
	if e == nil {
		return nil, false, nil
	}
	return bytes.Clone(e.value), true, nil
}

// Set keeps a copy of a value.
func (m *Memory) Set(_ context.Context, key string, value []byte, ttl time.Duration) error {
	if ttl <= 0 {
		return errTime
	}
	s := m.lock(key)
	defer s.mu.Unlock()
	s.put(m.value(key, value, ttl), m.now())
	return nil
}

// SetNX keeps a copy of a value where there is none.
func (m *Memory) SetNX(_ context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if ttl <= 0 {
		return false, errTime
	}
	s := m.lock(key)
	defer s.mu.Unlock()
	if s.find(name{key: key}, m.now()) != nil {
		return false, nil
	}
	s.put(m.value(key, value, ttl), m.now())
	return true, nil
}

// Delete removes a value.
func (m *Memory) Delete(_ context.Context, key string) error {
	s := m.lock(key)
	defer s.mu.Unlock()
	s.drop(s.entries[name{key: key}])
	return nil
}

// Allow counts an event.
func (m *Memory) Allow(_ context.Context, key string, limit int, window time.Duration) (bool, time.Duration, int, error) {
	if window <= 0 {
		return false, 0, 0, errTime
	}
	s := m.lock(key)
	defer s.mu.Unlock()
	now := m.now()
	e := s.find(name{key, true}, now)
	if e == nil {
		e = &entry{name: name{key, true}, ends: now.Add(millis(window))}
		s.put(e, now)
	}
	e.count++
	ok, ends, remaining := verdict(e.count, limit, e.ends.Sub(now))
	return ok, ends, remaining, nil
}

// Count adds to a counter.
func (m *Memory) Count(_ context.Context, key string, add int, ttl time.Duration) (int64, error) {
	if ttl <= 0 {
		return 0, errTime
	}
	s := m.lock(key)
	defer s.mu.Unlock()
	now := m.now()
	count := add
	if e := s.find(name{key, true}, now); e != nil {
		count += e.count
	}
	if add != 0 {
		s.put(&entry{name: name{key, true}, count: count, ends: now.Add(millis(ttl))}, now)
	}
	return int64(count), nil
}

func (m *Memory) lock(key string) *shard {
	s := &m.shards[maphash.String(m.seed, key)%shards]
	s.mu.Lock()
	return s
}

func (m *Memory) value(key string, value []byte, ttl time.Duration) *entry {
	return &entry{name: name{key: key}, value: bytes.Clone(value), ends: m.now().Add(millis(ttl))}
}

// find gives an entry that has not ended, or nil.
func (s *shard) find(n name, now time.Time) *entry {
	e := s.entries[n]
	if e == nil || !now.Before(e.ends) {
		return nil
	}
	return e
}

// put adds an entry in place of an older one, and makes room for it.
func (s *shard) put(e *entry, now time.Time) {
	s.drop(s.entries[e.name])
	if e.cost() > s.max {
		return // larger than all the room there is: lost at once, as a cache may
	}
	for len(s.queue) > 0 && (!now.Before(s.queue[0].ends) || s.bytes+e.cost() > s.max) {
		s.drop(s.queue[0])
	}
	s.entries[e.name] = e
	heap.Push(&s.queue, e)
	s.bytes += e.cost()
}

func (s *shard) drop(e *entry) {
	if e == nil {
		return
	}
	delete(s.entries, e.name)
	heap.Remove(&s.queue, e.at)
	s.bytes -= e.cost()
}

// queue is a heap by the time of ending.
type queue []*entry

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].ends.Before(q[j].ends) }

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}

// Push is for container/heap.
func (q *queue) Push(x any) {
	e := x.(*entry)
	e.at = len(*q)
	*q = append(*q, e)
}

// Pop is for container/heap.
func (q *queue) Pop() any {
	old := *q
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return e
}
