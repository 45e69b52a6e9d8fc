package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/fault"
)

var home = Place{Table: "person", Column: "id_number", Row: "p-1"}

func secret(fill byte, n int) []byte { return bytes.Repeat([]byte{fill}, n) }

func config() Config {
	return Config{
		Keys: map[uint8]Key{
			1: {SM4, secret(1, 16)},
			2: {AES, secret(2, 32)},
			3: {AES, secret(3, 16)},
		},
		Current:  1,
		IndexKey: secret(9, 32),
	}
}

func ring(t testing.TB, c Config) *Keyring {
	t.Helper()
	k, err := NewKeyring(c)
	require.NoError(t, err)
	return k
}

func TestWhatIsSealedOpensAtItsOwnPlaceOnly(t *testing.T) {
	for id := range config().Keys {
		c := config()
		c.Current = id
		k := ring(t, c)
		rapid.Check(t, func(t *rapid.T) {
			plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
			name := rapid.StringMatching(`[a-c.|:]{0,3}`)
			here := Place{name.Draw(t, "table"), name.Draw(t, "column"), name.Draw(t, "row")}
			there := Place{name.Draw(t, "table2"), name.Draw(t, "column2"), name.Draw(t, "row2")}
			sealed := k.Seal(plain, here)

			got, err := k.Open(sealed, here)
			require.NoError(t, err)
			require.True(t, bytes.Equal(plain, got))
			_, err = k.Open(sealed, there)
			require.Equal(t, here == there, err == nil)
		})
	}
}

func TestPlacesThatReadAlikeAreDifferent(t *testing.T) {
	k := ring(t, config())
	sealed := k.Seal([]byte("x"), Place{"a", "b.c", "d"})
	for _, other := range []Place{{"a.b", "c", "d"}, {"a", "b", "c.d"}, {"ab", ".c", "d"}, {"a", "b.c", "d "}, {"a", "b.c", ""}} {
		_, err := k.Open(sealed, other)
		require.ErrorIs(t, err, ErrBroken, "%+v", other)
	}
}

func TestEveryFlippedBitIsNoticed(t *testing.T) {
	for id := range config().Keys {
		c := config()
		c.Current = id
		k := ring(t, c)
		sealed := k.Seal([]byte("440601199001011234"), home)
		for i := range len(sealed) * 8 {
			bad := bytes.Clone(sealed)
			bad[i/8] ^= 1 << (i % 8)
			_, err := k.Open(bad, home)
			require.ErrorIs(t, err, ErrBroken, "bit %d", i)
		}
		for n := range sealed {
			_, err := k.Open(sealed[:n], home)
			require.ErrorIs(t, err, ErrBroken, "cut to %d", n)
		}
		_, err := k.Open(append(bytes.Clone(sealed), 0), home)
		require.ErrorIs(t, err, ErrBroken)
	}
}

func TestTheKeyIdIsAuthenticated(t *testing.T) {
	c := config()
	c.Keys[4] = c.Keys[1] // the same secret under another id
	k := ring(t, c)
	sealed := k.Seal([]byte("x"), home)
	sealed[0] = 4
	_, err := k.Open(sealed, home)
	require.ErrorIs(t, err, ErrBroken)
}

func TestABrokenValueTellsNothingAndIsInternal(t *testing.T) {
	_, err := ring(t, config()).Open([]byte("junk"), home)
	require.Equal(t, fault.Internal, fault.From(err).Kind)
	require.Equal(t, "seal.broken", fault.From(err).Code)
}

func TestKeysRotate(t *testing.T) {
	old := ring(t, config())
	sealed := old.Seal([]byte("张三"), home)

	c := config()
	c.Current = 2
	now := ring(t, c)
	got, err := now.Open(sealed, home)
	require.NoError(t, err)
	require.Equal(t, "张三", string(got))
	require.Equal(t, uint8(1), now.KeyOf(sealed))
	require.NotEqual(t, now.Current(), now.KeyOf(sealed))
	require.Equal(t, now.Current(), now.KeyOf(now.Seal(got, home)))

	delete(c.Keys, 1)
	without := ring(t, c)
	_, err = without.Open(sealed, home)
	require.ErrorIs(t, err, ErrBroken)
	require.Zero(t, without.KeyOf(sealed))
	require.Zero(t, without.KeyOf(nil))
}

func TestTheSameTextIsNeverSealedAlike(t *testing.T) {
	k := ring(t, config())
	seen := map[string]bool{}
	for range 1000 {
		seen[string(k.Seal([]byte("13800138000"), home))] = true
	}
	require.Len(t, seen, 1000)
}

func TestSealedFormIsStable(t *testing.T) {
	// A value written by an earlier version must open for ever.
	c := config()
	c.Rand = bytes.NewReader(secret(7, 12))
	sealed := ring(t, c).Seal([]byte("佛山"), home)
	require.Equal(t, "01070707070707070707070707e18781f5eae263ed34d3d44e3558534536dd0552f33f", hex.EncodeToString(sealed))
}

func TestIndexIsKeyedAndKeepsKindsApart(t *testing.T) {
	k := ring(t, config())
	require.Equal(t, k.Index("phone", "138"), k.Index("phone", "138"))
	require.Len(t, k.Index("phone", "138"), 32)
	require.NotEqual(t, k.Index("phone", "138"), k.Index("id", "138"))
	require.NotEqual(t, k.Index("phone", "138"), k.Index("phone1", "38"))
	require.Equal(t, "cc2b6f49f9bbd2ee8b6519b4266c5e6f902836ed504c3614f7cd514427233547", hex.EncodeToString(k.Index("phone", "13800138000")))

	c := config()
	c.IndexKey = secret(8, 32)
	require.NotEqual(t, k.Index("phone", "138"), ring(t, c).Index("phone", "138"))
	c = config()
	c.Keys[1] = Key{SM4, secret(5, 16)}
	require.Equal(t, k.Index("phone", "138"), ring(t, c).Index("phone", "138"), "rotating sealing keys keeps the index")
}

func TestAKeyringServesManyAtOnce(t *testing.T) {
	c := config()
	c.Rand = bytes.NewReader(make([]byte, 12*64*20)) // no safe reader
	k := ring(t, c)
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			at := Place{"t", "c", fmt.Sprint(i)}
			for range 20 {
				got, err := k.Open(k.Seal([]byte(at.Row), at), at)
				if err != nil || string(got) != at.Row {
					t.Errorf("row %d: %q %v", i, got, err)
				}
			}
		})
	}
	all.Wait()
}

func TestCallersCannotChangeTheKeysLater(t *testing.T) {
	c := config()
	k := ring(t, c)
	before := k.Index("a", "b")
	sealed := k.Seal([]byte("x"), home)
	clear(c.IndexKey)
	clear(c.Keys[1].Secret)
	require.Equal(t, before, k.Index("a", "b"))
	_, err := k.Open(sealed, home)
	require.NoError(t, err)
}

type dry struct{}

func (dry) Read([]byte) (int, error) { return 0, errors.New("dry") }

func TestNoRandomnessStopsSealing(t *testing.T) {
	c := config()
	c.Rand = dry{}
	k := ring(t, c)
	require.Panics(t, func() { k.Seal([]byte("x"), home) })
	_, err := Generate(dry{})
	require.ErrorContains(t, err, "dry")
}

func FuzzOpen(f *testing.F) {
	k := ring(f, config())
	f.Add(k.Seal([]byte("x"), home), "person", "id_number", "p-1")
	f.Add([]byte{}, "", "", "")
	f.Add(make([]byte, overhead), "", "", "")
	f.Fuzz(func(t *testing.T, sealed []byte, table, column, row string) {
		at := Place{table, column, row}
		plain, err := k.Open(sealed, at)
		if err == nil && len(plain) != len(sealed)-overhead {
			t.Fatal("opened to a wrong length")
		}
		if err != nil && !errors.Is(err, ErrBroken) {
			t.Fatal(err)
		}
	})
}

func BenchmarkSealAndOpen(b *testing.B) {
	k := ring(b, config())
	plain := []byte("440601199001011234")
	for b.Loop() {
		if _, err := k.Open(k.Seal(plain, home), home); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	k := ring(b, config())
	for b.Loop() {
		k.Index("id_number", "440601199001011234")
	}
}

func TestAGeneratedKeyFileWorks(t *testing.T) {
	text, err := Generate(rand.Reader)
	require.NoError(t, err)
	c, err := ParseKeys(text)
	require.NoError(t, err)
	require.Equal(t, uint8(1), c.Current)
	require.Equal(t, SM4, c.Keys[1].Suite)
	k := ring(t, c)
	got, err := k.Open(k.Seal([]byte("x"), home), home)
	require.NoError(t, err)
	require.Equal(t, "x", string(got))

	again, err := Generate(rand.Reader)
	require.NoError(t, err)
	require.NotEqual(t, text, again)
	require.False(t, strings.Contains(text, strings.Repeat("0", 32)))
}
