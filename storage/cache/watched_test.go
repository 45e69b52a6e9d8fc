package cache

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/stretchr/testify/require"
)

// guard is a watched cache on a server of its own.
type guard struct {
	*Watched
	server *miniredis.Miniredis
	clock  *clock
	log    *bytes.Buffer
}

func watch(t *testing.T) *guard {
	g := &guard{server: miniredis.RunT(t), clock: &clock{t: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, log: &bytes.Buffer{}}
	var err error
	g.Watched, err = Watch(t.Context(), NewRedis(dial(t, g.server.Addr()), "yimen:"), "foshan", g.clock.now, slog.New(slog.NewTextHandler(g.log, nil)))
	require.NoError(t, err)
	return g
}

func TestAWatchedRedisKeepsItsPromises(t *testing.T) {
	g := watch(t)
	suite(t, bench{g, g.server.FastForward})
	g.server.FlushAll()
	suite(t, bench{Standby{g, NewMemory(g.clock.now, 1<<20)}, g.server.FastForward})
	require.True(t, g.Well())
}

func TestAServerThatFellIsLeftAloneAndComesBackByItself(t *testing.T) {
	g := watch(t)
	memory := NewMemory(g.clock.now, 1<<20)
	both := Standby{g, memory}
	require.NoError(t, both.Set(t.Context(), "k", []byte("before"), time.Hour))
	g.server.SetError("LOADING Redis is loading the dataset in memory")
	_, found, err := both.Get(t.Context(), "k")
	require.NoError(t, err)
	require.False(t, found, "the second one knows nothing of it")
	require.False(t, g.Well())
	require.NoError(t, both.Set(t.Context(), "k", []byte("meanwhile"), time.Hour))

	g.server.SetError("")
	require.Equal(t, "meanwhile", value(t, both, "k"), "it rests for a while")
	require.False(t, g.Well())
	g.clock.pass(restTime)
	require.Equal(t, "before", value(t, both, "k"))
	require.True(t, g.Well())
	require.Equal(t, 2, strings.Count(g.log.String(), "shared cache"), "told once that it fell and once that it is back: %s", g.log)

	require.NoError(t, both.Delete(t.Context(), "k"))
	g.server.SetError("LOADING")
	require.Equal(t, "(none)", value(t, both, "k"), "what was deleted stays so in both")
}

func TestWhoLeavesSaysNothingAboutTheServer(t *testing.T) {
	g := watch(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, _, err := g.Get(gone, "k")
	require.Error(t, err)
	require.True(t, g.Well())
}

func TestAServerThatIsDownAtTheStartIsNoObstacle(t *testing.T) {
	server := miniredis.RunT(t)
	at := server.Addr()
	server.Close()
	c := &clock{t: time.Now()}
	w, err := Watch(t.Context(), NewRedis(dial(t, at), "yimen:"), "foshan", c.now, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.False(t, w.Well())
	require.NoError(t, server.Restart())
	c.pass(restTime)
	require.NoError(t, w.Set(t.Context(), "k", nil, time.Minute))
	require.True(t, w.Well())
}

func TestTheKeysOfAnotherAreNotTouched(t *testing.T) {
	for name, tc := range map[string]struct {
		before func(*miniredis.Miniredis)
		fails  error
	}{
		"an empty server":                  {func(*miniredis.Miniredis) {}, nil},
		"our own mark":                     {func(m *miniredis.Miniredis) { _ = m.Set("yimen:owner", "foshan") }, nil},
		"our own state whose mark is gone": {func(m *miniredis.Miniredis) { _ = m.Set("yimen:v:k", "x"); _ = m.Set("yimen:n:k", "1") }, nil},
		"another prefix":                   {func(m *miniredis.Miniredis) { _ = m.Set("shop:cart", "x") }, nil},
		"another city":                     {func(m *miniredis.Miniredis) { _ = m.Set("yimen:owner", "jinan") }, ErrNotOurs},
		"another application":              {func(m *miniredis.Miniredis) { _ = m.Set("yimen:cart:7", "x") }, ErrNotOurs},
		"a mark that is no text":           {func(m *miniredis.Miniredis) { _, _ = m.Push("yimen:owner", "x") }, ErrNotOurs},
		"a password":                       {func(m *miniredis.Miniredis) { m.RequireAuth("secret") }, ErrNotLetIn},
	} {
		t.Run(name, func(t *testing.T) {
			server := miniredis.RunT(t)
			tc.before(server)
			before := server.Dump()
			w, err := Watch(t.Context(), NewRedis(dial(t, server.Addr()), "yimen:"), "foshan", time.Now, slog.New(slog.DiscardHandler))
			if tc.fails != nil {
				require.ErrorIs(t, err, tc.fails)
				require.Equal(t, before, server.Dump(), "nothing was changed")
				return
			}
			require.NoError(t, err)
			require.True(t, w.Well())
		})
	}
}

func TestAnotherServerInItsPlaceIsNotUsed(t *testing.T) {
	g := watch(t)
	g.server.SetError("LOADING")
	_, _, _ = g.Get(t.Context(), "k")
	g.server.FlushAll()
	require.NoError(t, g.server.Set("yimen:owner", "jinan"))
	g.server.SetError("")
	g.clock.pass(restTime)
	require.ErrorIs(t, g.Set(t.Context(), "k", nil, time.Minute), ErrUnavailable)
	require.False(t, g.Well())
	require.Contains(t, g.log.String(), "another city")
	require.Equal(t, []string{"yimen:owner"}, g.server.Keys())
}
