package cache

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func memory(maxBytes int) (*Memory, *clock) {
	c := &clock{t: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	return NewMemory(c.now, maxBytes), c
}

func TestMemoryKeepsItsPromises(t *testing.T) {
	m, c := memory(1 << 20)
	suite(t, bench{m, c.pass})
}

// held gives what a cache holds, and checks its bookkeeping.
func held(t *testing.T, m *Memory) (entries, bytes int) {
	t.Helper()
	for i := range m.shards {
		s := &m.shards[i]
		sum := 0
		for n, e := range s.entries {
			require.Equal(t, n, e.name)
			require.Same(t, e, s.queue[e.at])
			sum += e.cost()
		}
		require.Equal(t, sum, s.bytes)
		require.Len(t, s.queue, len(s.entries))
		require.LessOrEqual(t, s.bytes, s.max)
		entries, bytes = entries+len(s.entries), bytes+sum
	}
	return entries, bytes
}

func TestMemoryStaysWithinItsBound(t *testing.T) {
	const bound = 200_000
	m, c := memory(bound)
	for i := range 20_000 {
		require.NoError(t, m.Set(t.Context(), fmt.Sprint("value", i), make([]byte, i%500), time.Duration(i%97+1)*time.Second))
		_, _, _, err := m.Allow(t.Context(), fmt.Sprint("counter", i), 1, time.Minute)
		require.NoError(t, err)
		if i%7 == 0 {
			require.NoError(t, m.Delete(t.Context(), fmt.Sprint("value", i/2)))
		}
		if i%1000 == 0 {
			c.pass(time.Second)
		}
	}
	entries, bytes := held(t, m)
	require.LessOrEqual(t, bytes, bound)
	require.Greater(t, bytes, bound/2, "and it uses the room it has")
	require.Greater(t, entries, 100)
}

func TestWhatEndsSoonestGoesFirst(t *testing.T) {
	m, _ := memory(shards * 1000)
	require.NoError(t, m.Set(t.Context(), "lasting", []byte("x"), 24*time.Hour))
	for i := range 10_000 {
		require.NoError(t, m.Set(t.Context(), fmt.Sprint(i), nil, time.Minute))
	}
	require.Equal(t, "x", value(t, m, "lasting"))
}

func TestTheEndedMakesRoomFirst(t *testing.T) {
	m, c := memory(1 << 20)
	for i := range 1000 {
		require.NoError(t, m.Set(t.Context(), fmt.Sprint(i), nil, time.Second))
	}
	c.pass(time.Second)
	for i := range 200 { // enough to touch every shard
		require.NoError(t, m.Set(t.Context(), fmt.Sprint("new", i), nil, time.Hour))
	}
	entries, _ := held(t, m)
	require.Equal(t, 200, entries)
}

func TestATooLargeValueIsLostAlone(t *testing.T) {
	m, _ := memory(shards * 1000)
	require.NoError(t, m.Set(t.Context(), "a", []byte("small"), time.Hour))
	require.NoError(t, m.Set(t.Context(), "b", make([]byte, 5000), time.Hour))
	require.NoError(t, m.Set(t.Context(), "a", make([]byte, 5000), time.Hour))
	require.Equal(t, "(none)", value(t, m, "b"))
	require.Equal(t, "(none)", value(t, m, "a"), "never an older value")
	held(t, m)

	none, _ := memory(0)
	require.NoError(t, none.Set(t.Context(), "a", nil, time.Hour))
	ok, _, _, err := none.Allow(t.Context(), "a", 1, time.Hour)
	require.NoError(t, err)
	require.True(t, ok)
}

func TestMemoryStartsNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 100 {
		m, _ := memory(1 << 20)
		require.NoError(t, m.Set(t.Context(), "a", nil, time.Minute))
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}

func BenchmarkMemoryAllow(b *testing.B) {
	m := NewMemory(time.Now, 1<<20)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, _, _, err := m.Allow(b.Context(), "key", 1<<40, time.Minute); err != nil {
				b.Fatal(err)
			}
		}
	})
}
