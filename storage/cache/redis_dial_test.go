package cache

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAnAddressSaysWhatKindOfRedisItIs(t *testing.T) {
	for address, want := range map[string]string{
		"redis://127.0.0.1":                               "Redis<127.0.0.1:6379 db:0>",
		"redis://:secret@cache.local:7000/3":              "Redis<cache.local:7000 db:3>",
		"rediss://user:secret@[::1]:6380":                 "Redis<[::1]:6380 db:0>",
		"redis://a:26379/2?master=main&addr=b:26379":      "Redis<FailoverClient db:2>",
		"redis://a?cluster=true&addr=b:7001":              "cluster",
		"redis://a:26379?master=main&sentinel_password=s": "Redis<FailoverClient db:0>",
		"http://a":                           "should be redis://",
		"a:6379":                             "should be redis://",
		"redis://":                           "should be redis://",
		"redis://a/x":                        "number of a database",
		"redis://a/-1":                       "number of a database",
		"redis://a?addr=b":                   "several addresses need",
		"redis://a?cluster=true&master=main": "either a Cluster",
		"redis://a/1?cluster=true":           "only database 0",
		"redis://:secret@a?password=x":       `knows no "password"`,
		"redis://:sec%zzret@a":               "should be redis://",
	} {
		client, err := Dial(address)
		if err != nil {
			require.ErrorContains(t, err, want, address)
			require.NotContains(t, err.Error(), "sec", "the password stays out of it")
			continue
		}
		t.Cleanup(func() { _ = client.Close() })
		if s, ok := client.(interface{ String() string }); ok {
			require.Equal(t, want, s.String(), address)
		} else {
			require.Equal(t, want, "cluster", address)
		}
	}
}

func TestNobodyWaitsLongForACache(t *testing.T) {
	o, _, err := options("rediss://cache.local")
	require.NoError(t, err)
	for _, wait := range []time.Duration{o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout} {
		require.Positive(t, wait)
		require.LessOrEqual(t, wait, 500*time.Millisecond)
	}
	require.Equal(t, "cache.local", o.TLSConfig.ServerName)
	require.True(t, strings.HasSuffix(o.Addrs[0], ":6379"))
}
