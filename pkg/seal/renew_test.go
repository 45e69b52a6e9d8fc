package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// later is the config with a fourth key, which seals.
func later() Config {
	c := config()
	c.Keys[4] = Key{AES, secret(4, 32)}
	c.Current = 4
	return c
}

func TestAKeyThatWasAddedElsewhereIsFoundWhenAValueNamesIt(t *testing.T) {
	old, other := ring(t, config()), ring(t, later())
	sealed := other.Seal([]byte("x"), home)
	_, err := old.Open(sealed, home)
	require.ErrorIs(t, err, ErrBroken, "nothing tells it where to look")

	reads := 0
	old.Follow(func() (Config, error) { reads++; return later(), nil })
	require.Equal(t, uint8(4), old.KeyOf(sealed))
	plain, err := old.Open(sealed, home)
	require.NoError(t, err)
	require.Equal(t, "x", string(plain))
	require.Equal(t, 1, reads)
	require.Equal(t, uint8(4), old.Current(), "and seals with it from now on")
}

func TestKeysThatCannotBeReadChangeNothing(t *testing.T) {
	for name, reread := range map[string]func() (Config, error){
		"no file":       func() (Config, error) { return Config{}, errors.New("gone") },
		"empty":         func() (Config, error) { return Config{}, nil },
		"another index": func() (Config, error) { c := later(); c.IndexKey = secret(8, 32); return c, nil },
		"a blank key":   func() (Config, error) { c := later(); c.Keys[4] = Key{AES, secret(0, 32)}; return c, nil },
	} {
		t.Run(name, func(t *testing.T) {
			k := ring(t, config())
			k.Follow(reread)
			mine := k.Seal([]byte("x"), home)
			_, err := k.Open(ring(t, later()).Seal([]byte("y"), home), home)
			require.ErrorIs(t, err, ErrBroken)
			plain, err := k.Open(mine, home)
			require.NoError(t, err)
			require.Equal(t, "x", string(plain))
		})
	}
}

func TestARetiredKeyOpensNothingAnyMore(t *testing.T) {
	k := ring(t, config())
	sealed := k.Seal([]byte("x"), home)
	c := later()
	delete(c.Keys, 1)
	require.NoError(t, k.Renew(c))
	_, err := k.Open(sealed, home)
	require.ErrorIs(t, err, ErrBroken)
}

func TestKeysChangeWhileTheRingIsInUse(t *testing.T) {
	k := ring(t, config())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 2000 {
				if plain, err := k.Open(k.Seal([]byte("x"), home), home); err != nil || string(plain) != "x" {
					t.Errorf("%q, %v", plain, err)
					return
				}
			}
		})
	}
	for i := range 200 {
		c := config()
		if i%2 == 0 {
			c = later()
		}
		c.Keys[4] = Key{AES, secret(4, 32)}
		require.NoError(t, k.Renew(c))
	}
	all.Wait()
}

func TestALineAddsTheNextKey(t *testing.T) {
	text, err := Generate(rand.Reader)
	require.NoError(t, err)
	for _, suite := range []Suite{AES, SM4, AES} {
		c, err := ParseKeys(text)
		require.NoError(t, err)
		line, id, err := c.AddLine(suite, rand.Reader)
		require.NoError(t, err)
		require.Equal(t, c.Current+1, id)
		text += line
		next, err := ParseKeys(text)
		require.NoError(t, err)
		require.Equal(t, id, next.Current)
		require.Equal(t, suite, next.Keys[id].Suite)
		require.Equal(t, map[Suite]int{SM4: 16, AES: 32}[suite], len(next.Keys[id].Secret))
		ring(t, next)
	}
	_, _, err = config().AddLine("des", rand.Reader)
	require.ErrorIs(t, err, ErrKeys)
	_, _, err = Config{Current: 255}.AddLine(AES, rand.Reader)
	require.ErrorIs(t, err, ErrKeys)
	_, _, err = config().AddLine(AES, bytes.NewReader(nil))
	require.Error(t, err)
}
