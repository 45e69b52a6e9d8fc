package cache

import (
	"bytes"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

func dial(t *testing.T, address string) redis.UniversalClient {
	client := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{address}, MaxRetries: -1})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestRedisKeepsItsPromises(t *testing.T) {
	server := miniredis.RunT(t)
	suite(t, bench{NewRedis(dial(t, server.Addr()), "yimen:"), server.FastForward})
	for _, key := range server.Keys() {
		require.Regexp(t, "^yimen:[vn]:", key, "a shared server needs the prefix")
		require.Positive(t, server.TTL(key), "everything ends: %s", key)
	}
}

func TestTwoPrefixesAreApart(t *testing.T) {
	server := miniredis.RunT(t)
	client := dial(t, server.Addr())
	a, b := NewRedis(client, "a:"), NewRedis(client, "b:")
	require.NoError(t, a.Set(t.Context(), "k", []byte("x"), time.Minute))
	require.Equal(t, "(none)", value(t, b, "k"))
}

func TestACounterWithoutAnEndGetsOne(t *testing.T) {
	server := miniredis.RunT(t)
	require.NoError(t, server.Set("p:n:k", "100"))
	r := NewRedis(dial(t, server.Addr()), "p:")
	ok, ends, _, err := r.Allow(t.Context(), "k", 3, time.Minute)
	require.NoError(t, err)
	require.False(t, ok)
	require.Equal(t, time.Minute, ends)
	server.FastForward(time.Minute)
	ok, _, _, err = r.Allow(t.Context(), "k", 3, time.Minute)
	require.NoError(t, err)
	require.True(t, ok)
}

func TestTheScriptIsSentAnewAfterARestart(t *testing.T) {
	server := miniredis.RunT(t)
	client := dial(t, server.Addr())
	r := NewRedis(client, "p:")
	_, _, _, err := r.Allow(t.Context(), "k", 3, time.Minute)
	require.NoError(t, err)
	require.NoError(t, client.ScriptFlush(t.Context()).Err())
	_, _, remaining, err := r.Allow(t.Context(), "k", 3, time.Minute)
	require.NoError(t, err)
	require.Equal(t, 1, remaining)
}

func TestARedisThatIsGoneIsUnavailable(t *testing.T) {
	server := miniredis.RunT(t)
	r := NewRedis(dial(t, server.Addr()), "")
	server.Close()
	_, _, err := r.Get(t.Context(), "k")
	require.ErrorIs(t, err, ErrUnavailable)
	require.Equal(t, fault.Unavailable, fault.From(err).Kind)
	require.ErrorIs(t, r.Set(t.Context(), "k", nil, time.Minute), ErrUnavailable)
	_, err = r.SetNX(t.Context(), "k", nil, time.Minute)
	require.ErrorIs(t, err, ErrUnavailable)
	require.ErrorIs(t, r.Delete(t.Context(), "k"), ErrUnavailable)
	ok, _, _, err := r.Allow(t.Context(), "k", 1, time.Minute)
	require.ErrorIs(t, err, ErrUnavailable)
	require.False(t, ok)
}

// program finds a real server on the PATH. Without it the test is skipped, or
// fails where YIMEN_REQUIRE_REAL=1 demands real servers.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("YIMEN_REQUIRE_REAL") == "1" {
		t.Fatalf("%s is not on the PATH, and YIMEN_REQUIRE_REAL=1 demands it", name)
	}
	t.Skipf("%s is not on the PATH: the Redis cache is not tested against a real server", name)
	return ""
}

// realRedis starts a server of its own and says where.
func realRedis(t *testing.T, more ...string) (address string) {
	server := program(t, "redis-server")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address = free.Addr().String()
	require.NoError(t, free.Close())
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)

	var said bytes.Buffer
	cmd := exec.Command(server, append([]string{
		"--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--dir", t.TempDir()}, more...)...)
	cmd.Stdout, cmd.Stderr = &said, &said
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	client := dial(t, address)
	require.Eventually(t, func() bool {
		err := client.Ping(t.Context()).Err()
		return err == nil || strings.HasPrefix(err.Error(), "NOAUTH")
	}, 10*time.Second, 20*time.Millisecond, "redis-server did not come up")
	return address
}

// sleepy lets the time of a real server pass.
func sleepy(d time.Duration) { time.Sleep(d + 5*time.Millisecond) }

func TestARealRedisServerKeepsThePromises(t *testing.T) {
	at := realRedis(t, "--requirepass", "secret")
	client, err := Dial("redis://:secret@" + at + "/3")
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	w, err := Watch(t.Context(), NewRedis(client, "yimen:"), "foshan", time.Now, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	suite(t, bench{w, sleepy})
	require.NoError(t, client.ScriptFlush(t.Context()).Err())
	_, _, remaining, err := w.Allow(t.Context(), "fresh", 3, time.Minute)
	require.NoError(t, err)
	require.Equal(t, 2, remaining, "a server that forgot the script gets it again")
	require.True(t, w.Well())

	wrong, err := Dial("redis://:guess@" + at)
	require.NoError(t, err)
	t.Cleanup(func() { _ = wrong.Close() })
	_, err = Watch(t.Context(), NewRedis(wrong, "yimen:"), "foshan", time.Now, slog.New(slog.DiscardHandler))
	require.ErrorIs(t, err, ErrNotLetIn)
	require.NotContains(t, err.Error(), "guess")
}

// TestARealClusterKeepsThePromises runs a cluster of one node that holds every
// slot: a script whose keys lie apart, or a command that a cluster refuses,
// fails there as in a large one.
func TestARealClusterKeepsThePromises(t *testing.T) {
	at := realRedis(t, "--cluster-enabled", "yes")
	node := dial(t, at)
	require.NoError(t, node.(*redis.Client).ClusterAddSlotsRange(t.Context(), 0, 16383).Err())
	require.Eventually(t, func() bool {
		info, err := node.ClusterInfo(t.Context()).Result()
		return err == nil && strings.Contains(info, "cluster_state:ok")
	}, 10*time.Second, 20*time.Millisecond)
	client, err := Dial("redis://" + at + "?cluster=true")
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	require.NoError(t, node.Set(t.Context(), "yimen:cart", "x", 0).Err())
	_, err = Watch(t.Context(), NewRedis(client, "yimen:"), "foshan", time.Now, slog.New(slog.DiscardHandler))
	require.ErrorIs(t, err, ErrNotOurs, "another application's keys are found in a cluster as well")
	require.NoError(t, node.Del(t.Context(), "yimen:cart").Err())
	w, err := Watch(t.Context(), NewRedis(client, "yimen:"), "foshan", time.Now, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	suite(t, bench{w, sleepy})
	require.True(t, w.Well())
}
