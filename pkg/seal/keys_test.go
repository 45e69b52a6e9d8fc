package seal

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

func hexes(fill string, n int) string { return strings.Repeat(fill, n) }

func TestTheHighestIdSealsNow(t *testing.T) {
	c, err := ParseKeys("\ufeff# keys\r\n\r\n 7:aes:" + hexes("ab", 32) + " \r\n2:sm4:" + hexes("cd", 16) +
		"\r\n12:aes:" + hexes("01", 16) + "\nindex:" + hexes("ef", 32))
	require.NoError(t, err)
	require.Equal(t, uint8(12), c.Current)
	require.Len(t, c.Keys, 3)
	require.Equal(t, AES, c.Keys[7].Suite)
	require.Equal(t, hexes("cd", 16), hex.EncodeToString(c.Keys[2].Secret))
	require.Equal(t, hexes("ef", 32), hex.EncodeToString(c.IndexKey))
	ring(t, c)
}

func TestEveryWrongLineIsTold(t *testing.T) {
	good := "1:sm4:" + hexes("ab", 16)
	lines := []string{
		good,
		"1:aes:" + hexes("ab", 16), // the id again
		"0:sm4:" + hexes("ab", 16),
		"256:sm4:" + hexes("ab", 16),
		"x:sm4:" + hexes("ab", 16),
		"-1:sm4:" + hexes("ab", 16),
		"2:des:" + hexes("ab", 16),
		"3:sm4:" + hexes("ab", 15),
		"4:sm4:" + hexes("ab", 32),
		"5:aes:" + hexes("ab", 24),
		"6:aes:" + hexes("zz", 16),
		"7:sm4:" + hexes("00", 16),
		"8:sm4:",
		"9:sm4",
		"a:b:c:d",
		"nonsense",
		"index:xx",
		"index:" + hexes("01", 32),
		"index:" + hexes("02", 32), // a second one
	}
	_, err := ParseKeys(strings.Join(lines, "\n"))
	require.ErrorIs(t, err, ErrKeys)
	told := map[string]bool{}
	for _, f := range fault.From(err).Fields {
		told[f.Path] = true
		require.NotEmpty(t, f.Text)
		require.NotContains(t, f.Text, "abab", "a key must never be told")
	}
	require.Len(t, told, len(lines)-2)
	require.False(t, told["line.1"])
	require.False(t, told["line.18"])
}

func TestAKeyringRefusesKeysThatDoNotProtect(t *testing.T) {
	cases := map[string]struct {
		change func(*Config)
		path   string
	}{
		"no keys":                      {func(c *Config) { c.Keys = nil }, "current"},
		"current not held":             {func(c *Config) { c.Current = 77 }, "current"},
		"no index key":                 {func(c *Config) { c.IndexKey = nil }, "index"},
		"index key short":              {func(c *Config) { c.IndexKey = secret(9, 15) }, "index"},
		"index key zero":               {func(c *Config) { c.IndexKey = secret(0, 32) }, "index"},
		"index key also a sealing key": {func(c *Config) { c.IndexKey = secret(2, 32) }, "index"},
		"key zero":                     {func(c *Config) { c.Keys[1] = Key{SM4, secret(0, 16)} }, "keys.1"},
		"key short":                    {func(c *Config) { c.Keys[1] = Key{SM4, secret(1, 8)} }, "keys.1"},
		"suite unknown":                {func(c *Config) { c.Keys[1] = Key{"rot13", secret(1, 16)} }, "keys.1"},
		"id zero":                      {func(c *Config) { c.Keys[0] = Key{SM4, secret(1, 16)} }, "keys.0"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := config()
			tc.change(&c)
			_, err := NewKeyring(c)
			require.ErrorIs(t, err, ErrKeys)
			require.Equal(t, tc.path, fault.From(err).Fields[0].Path)
		})
	}
}

func FuzzParseKeys(f *testing.F) {
	f.Add("1:sm4:" + hexes("ab", 16) + "\nindex:" + hexes("cd", 32))
	f.Add(":\n::\nindex:\n#")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseKeys(text)
		if err != nil {
			require.ErrorIs(t, err, ErrKeys)
			return
		}
		for id, key := range c.Keys {
			require.LessOrEqual(t, id, c.Current)
			require.NotEmpty(t, key.Secret)
		}
	})
}
