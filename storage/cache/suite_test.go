package cache

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bench is a cache under test, and a way to let its time pass.
type bench struct {
	Cache
	pass func(time.Duration)
}

const short = 300 * time.Millisecond

// suite is what every cache promises.
func suite(t *testing.T, b bench) {
	t.Run("what is set is got", func(t *testing.T) { testSetIsGot(t, b) })
	t.Run("a value ends", func(t *testing.T) { testEnds(t, b) })
	t.Run("a new value has a new end", func(t *testing.T) { testNewEnd(t, b) })
	t.Run("one of many sets first", func(t *testing.T) { testFirst(t, b) })
	t.Run("a window allows its limit", func(t *testing.T) { testWindow(t, b) })
	t.Run("many at once get the limit and no more", func(t *testing.T) { testLimitTogether(t, b) })
	t.Run("a counter counts until it is left alone", func(t *testing.T) { testCount(t, b) })
	t.Run("counters and values are apart", func(t *testing.T) { testApart(t, b) })
	t.Run("what would never end is refused", func(t *testing.T) { testEndless(t, b) })
}

func value(t *testing.T, c Cache, key string) string {
	t.Helper()
	v, found, err := c.Get(t.Context(), key)
	require.NoError(t, err)
	if !found {
		return "(none)"
	}
	return string(v)
}

func testSetIsGot(t *testing.T, b bench) {
	require.Equal(t, "(none)", value(t, b, "a"))
	for _, v := range []string{"x", "", "\x00\xff 佛山", string(bytes.Repeat([]byte("long"), 10_000))} {
		require.NoError(t, b.Set(t.Context(), "a", []byte(v), time.Minute))
		require.Equal(t, v, value(t, b, "a"))
	}
	mine := []byte("mine")
	require.NoError(t, b.Set(t.Context(), "b", mine, time.Minute))
	mine[0] = 'w'
	require.Equal(t, "mine", value(t, b, "b"), "the cache keeps a copy")
	got, _, err := b.Get(t.Context(), "b")
	require.NoError(t, err)
	got[0] = 'w'
	require.Equal(t, "mine", value(t, b, "b"), "the cache gives a copy")

	require.NoError(t, b.Delete(t.Context(), "b"))
	require.Equal(t, "(none)", value(t, b, "b"))
	require.NoError(t, b.Delete(t.Context(), "b"))
	for _, key := range []string{"", "with space", "a:b{c}", "键"} {
		require.NoError(t, b.Set(t.Context(), key, []byte(key), time.Minute))
		require.Equal(t, key, value(t, b, key))
	}
}

func testEnds(t *testing.T, b bench) {
	require.NoError(t, b.Set(t.Context(), "ends", []byte("x"), short))
	require.Equal(t, "x", value(t, b, "ends"))
	b.pass(short)
	require.Equal(t, "(none)", value(t, b, "ends"))
	require.NoError(t, b.Set(t.Context(), "ends", []byte("x"), time.Nanosecond), "rounded up to a millisecond")
	b.pass(time.Millisecond)
	require.Equal(t, "(none)", value(t, b, "ends"))
}

func testNewEnd(t *testing.T, b bench) {
	require.NoError(t, b.Set(t.Context(), "again", []byte("1"), short))
	require.NoError(t, b.Set(t.Context(), "again", []byte("2"), time.Minute))
	b.pass(short)
	require.Equal(t, "2", value(t, b, "again"))
	require.NoError(t, b.Set(t.Context(), "again", []byte("3"), short))
	b.pass(short)
	require.Equal(t, "(none)", value(t, b, "again"))
}

func testFirst(t *testing.T, b bench) {
	var won atomic.Int32
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			set, err := b.SetNX(t.Context(), "first", []byte(fmt.Sprint(i)), short)
			if err != nil {
				t.Error(err)
			}
			if set {
				won.Add(1)
			}
		})
	}
	all.Wait()
	require.Equal(t, int32(1), won.Load())
	b.pass(short)
	set, err := b.SetNX(t.Context(), "first", []byte("later"), time.Minute)
	require.NoError(t, err)
	require.True(t, set)
	require.Equal(t, "later", value(t, b, "first"))
	require.NoError(t, b.Delete(t.Context(), "first"))
	set, err = b.SetNX(t.Context(), "first", []byte("last"), time.Minute)
	require.NoError(t, err)
	require.True(t, set)
}

func testWindow(t *testing.T, b bench) {
	for range 2 { // a second window is like the first
		for i := range 3 {
			ok, ends, remaining, err := b.Allow(t.Context(), "window", 3, short)
			require.NoError(t, err)
			require.True(t, ok)
			require.True(t, ends > 0 && ends <= short, ends)
			require.Equal(t, 2-i, remaining)
		}
		b.pass(short / 3)
		for range 5 { // refused events do not lengthen the window
			ok, ends, remaining, err := b.Allow(t.Context(), "window", 3, short)
			require.NoError(t, err)
			require.False(t, ok)
			require.True(t, ends > 0 && ends <= short-short/3, ends)
			require.Zero(t, remaining)
		}
		b.pass(short - short/3)
	}
	ok, _, _, err := b.Allow(t.Context(), "window of another", 3, short)
	require.NoError(t, err)
	require.True(t, ok)
	ok, ends, _, err := b.Allow(t.Context(), "nothing allowed", 0, short)
	require.NoError(t, err)
	require.False(t, ok)
	require.Positive(t, ends)
}

func testLimitTogether(t *testing.T, b bench) {
	var allowed atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			ok, _, _, err := b.Allow(t.Context(), "together", 7, time.Minute)
			if err != nil {
				t.Error(err)
			}
			if ok {
				allowed.Add(1)
			}
		})
	}
	all.Wait()
	require.Equal(t, int32(7), allowed.Load())
}

func testApart(t *testing.T, b bench) {
	require.NoError(t, b.Set(t.Context(), "both", []byte("41"), time.Minute))
	ok, _, remaining, err := b.Allow(t.Context(), "both", 5, time.Minute)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, 4, remaining)
	require.Equal(t, "41", value(t, b, "both"))
	require.NoError(t, b.Delete(t.Context(), "both"))
	_, _, remaining, err = b.Allow(t.Context(), "both", 5, time.Minute)
	require.NoError(t, err)
	require.Equal(t, 3, remaining)
}

func testEndless(t *testing.T, b bench) {
	for _, d := range []time.Duration{0, -time.Second} {
		require.ErrorIs(t, b.Set(t.Context(), "endless", nil, d), errTime)
		_, err := b.SetNX(t.Context(), "endless", nil, d)
		require.ErrorIs(t, err, errTime)
		_, _, _, err = b.Allow(t.Context(), "endless", 1, d)
		require.ErrorIs(t, err, errTime)
	}
	require.Equal(t, "(none)", value(t, b, "endless"))
}

func testCount(t *testing.T, b bench) {
	counted := func(add int) int64 {
		n, err := b.Count(t.Context(), "counter", add, short)
		require.NoError(t, err)
		return n
	}
	require.Zero(t, counted(0))
	require.EqualValues(t, 1, counted(1))
	require.EqualValues(t, 3, counted(2))
	b.pass(short / 2)
	require.EqualValues(t, 4, counted(1), "its life begins anew")
	b.pass(short * 3 / 4)
	require.EqualValues(t, 4, counted(0))
	b.pass(short)
	require.Zero(t, counted(0))
	_, err := b.Count(t.Context(), "counter", 1, 0)
	require.Error(t, err)
}
