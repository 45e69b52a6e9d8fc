package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// suite is what every store promises.
func suite(t *testing.T, s Store) {
	t.Run("what is put is got", func(t *testing.T) { testPutIsGot(t, s) })
	t.Run("a new file takes the old one's place", func(t *testing.T) { testReplaced(t, s) })
	t.Run("a deleted file is gone", func(t *testing.T) { testDeleted(t, s) })
	t.Run("keys are apart", func(t *testing.T) { testKeysApart(t, s) })
	t.Run("a bad key goes nowhere", func(t *testing.T) { testBadKeys(t, s) })
	t.Run("a file of the wrong length is not kept", func(t *testing.T) { testWrongLength(t, s) })
	t.Run("a failed upload leaves the old file", func(t *testing.T) { testFailedUpload(t, s) })
	t.Run("a cancelled upload keeps nothing", func(t *testing.T) { testCancelled(t, s) })
	t.Run("readers see whole files only", func(t *testing.T) { testWhole(t, s) })
}

func put(t *testing.T, s Store, key string, data []byte) {
	t.Helper()
	require.NoError(t, s.Put(t.Context(), key, int64(len(data)), bytes.NewReader(data)))
}

func get(t *testing.T, s Store, key string) []byte {
	t.Helper()
	r, size, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	data, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, int(size), len(data))
	return data
}

func absent(t *testing.T, s Store, key string) {
	t.Helper()
	_, _, err := s.Get(t.Context(), key)
	require.ErrorIs(t, err, ErrNoFile)
	require.Equal(t, fault.NotFound, fault.From(err).Kind)
}

func testPutIsGot(t *testing.T, s Store) {
	for _, size := range []int{0, 1, 4096, 300_000, 5 << 20} {
		data := make([]byte, size)
		_, _ = rand.Read(data)
		key := fmt.Sprintf("case/got-%d.pdf", size)
		absent(t, s, key)
		put(t, s, key, data)
		require.True(t, bytes.Equal(data, get(t, s, key)), "%d bytes", size)
	}
	require.NoError(t, s.Put(t.Context(), "slow", 5, iotest.OneByteReader(strings.NewReader("hello"))))
	require.Equal(t, "hello", string(get(t, s, "slow")))
	require.NoError(t, s.Put(t.Context(), "eager", 5, iotest.DataErrReader(strings.NewReader("hello"))))
	require.Equal(t, "hello", string(get(t, s, "eager")))
}

func testReplaced(t *testing.T, s Store) {
	put(t, s, "replaced", []byte("a long first text"))
	put(t, s, "replaced", []byte("short"))
	require.Equal(t, "short", string(get(t, s, "replaced")))
}

func testDeleted(t *testing.T, s Store) {
	put(t, s, "deleted", []byte("x"))
	require.NoError(t, s.Delete(t.Context(), "deleted"))
	absent(t, s, "deleted")
	require.NoError(t, s.Delete(t.Context(), "deleted"), "twice is fine")
	require.NoError(t, s.Delete(t.Context(), "never/was"))
	put(t, s, "deleted", []byte("again"))
	require.Equal(t, "again", string(get(t, s, "deleted")))
}

func testKeysApart(t *testing.T, s Store) {
	keys := []string{"apart/a", "apart/A", "apart/a.b", "apart/a-b", "apart_a", "apart.a", strings.Repeat("k", 100) + "/" + strings.Repeat("n", 200)}
	for _, key := range keys {
		put(t, s, key, []byte(key))
	}
	for _, key := range keys {
		require.Equal(t, key, string(get(t, s, key)))
	}
}

func testBadKeys(t *testing.T, s Store) {
	for _, key := range []string{
		"", "/", "/etc/passwd", "../x", "a/../../x", "a/..", "./a", "a//b", "a/", ".", "..", "a b", "a\x00b", "a\nb",
		`a"b`, `a\b`, "文件", "a%2e%2e", "a?b", "a#b", strings.Repeat("k", 256), strings.Repeat("k/", 256) + "k", "\xff",
	} {
		require.ErrorIs(t, s.Put(t.Context(), key, 1, strings.NewReader("x")), ErrKey, "%q", key)
		_, _, err := s.Get(t.Context(), key)
		require.ErrorIs(t, err, ErrKey, "%q", key)
		require.ErrorIs(t, s.Delete(t.Context(), key), ErrKey, "%q", key)
	}
}

func testWrongLength(t *testing.T, s Store) {
	put(t, s, "length", []byte("old"))
	for _, size := range []int64{0, 1, 4, 6, 100_000} {
		err := s.Put(t.Context(), "length", size, strings.NewReader("hello"))
		require.ErrorIs(t, err, ErrSize, "%d told, 5 given", size)
		require.Equal(t, "old", string(get(t, s, "length")))
	}
	require.ErrorIs(t, s.Put(t.Context(), "length-new", 4, strings.NewReader("hello")), ErrSize)
	absent(t, s, "length-new")
}

func testFailedUpload(t *testing.T, s Store) {
	put(t, s, "failed", []byte("old"))
	broken := errors.New("line went dead")
	half := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
	require.ErrorIs(t, s.Put(t.Context(), "failed", 8, half), broken)
	require.Equal(t, "old", string(get(t, s, "failed")))
	full := io.MultiReader(strings.NewReader("full"), iotest.ErrReader(broken)) // fails where it should end
	require.ErrorIs(t, s.Put(t.Context(), "failed", 4, full), broken)
	require.Equal(t, "old", string(get(t, s, "failed")))
}

func testCancelled(t *testing.T, s Store) {
	ctx, cancel := context.WithCancel(t.Context())
	midway := io.MultiReader(strings.NewReader("half"), readerFunc(func(p []byte) (int, error) {
		cancel()
		return copy(p, "rest"), nil
	}))
	require.ErrorIs(t, s.Put(ctx, "cancelled", 12, midway), context.Canceled)
	absent(t, s, "cancelled")
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func testWhole(t *testing.T, s Store) {
	text := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i)}, 50_000+i) }
	put(t, s, "whole", text(0))
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			data := text(i)
			if err := s.Put(t.Context(), "whole", int64(len(data)), bytes.NewReader(data)); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			r, size, err := s.Get(t.Context(), "whole")
			if err != nil {
				t.Error(err)
				return
			}
			data, err := io.ReadAll(r)
			if err != nil || int64(len(data)) != size || !bytes.Equal(data, text(int(data[0]-'a'))) {
				t.Errorf("torn file of %d bytes, %v", len(data), err)
			}
			_ = r.Close()
		})
	}
	all.Wait()
}
