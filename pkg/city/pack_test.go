package city_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/city"
)

func sprint(n int) string { return strconv.Itoa(n) }

func TestAPackedCityIsTheSameCity(t *testing.T) {
	pack, err := city.Pack(foshan.Files)
	require.NoError(t, err)
	require.Less(t, len(pack), 200_000)
	files, err := city.Unpack(pack)
	require.NoError(t, err)

	before, err := city.Read(foshan.Files)
	require.NoError(t, err)
	after, err := city.Read(files)
	require.NoError(t, err)
	require.Equal(t, before.Digest, after.Digest)
	for _, name := range city.Files() {
		want, err := fs.ReadFile(foshan.Files, name)
		require.NoError(t, err)
		got, err := fs.ReadFile(files, name)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestTheSameFilesGiveTheSamePack(t *testing.T) {
	a, err := city.Pack(foshan.Files)
	require.NoError(t, err)
	files := copied(t)
	files["other.txt"] = &fstest.MapFile{Data: []byte("does not count")}
	b, err := city.Pack(files)
	require.NoError(t, err)
	require.Equal(t, a, b)
}

func TestOnlyWhatCountsIsPacked(t *testing.T) {
	files := copied(t)
	files["other.txt"] = &fstest.MapFile{Data: []byte("does not count")}
	delete(files, "catalogue/legal_units.csv")
	pack, err := city.Pack(files)
	require.NoError(t, err)
	r, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	require.NoError(t, err)
	require.Len(t, r.File, len(city.Files())-1)
}

func TestACityTooLargeIsNotPacked(t *testing.T) {
	files := copied(t)
	for _, name := range []string{"offices.csv", "divisions.csv", "catalogue/items.csv"} {
		files[name].Data = make([]byte, city.MaxBytes/3+1)
	}
	_, err := city.Pack(files)
	require.ErrorIs(t, err, city.ErrTooLarge)
}

// zipped makes a zip of entries, each a name and how many zero bytes it holds.
func zipped(t testing.TB, entries map[string]int) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, size := range entries {
		entry, err := w.Create(name)
		require.NoError(t, err)
		_, err = entry.Write(make([]byte, size))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

func TestABombIsNotUnpacked(t *testing.T) {
	_, err := city.Unpack(zipped(t, map[string]int{"offices.csv": city.MaxBytes + 1}))
	require.ErrorIs(t, err, city.ErrTooLarge)
	_, err = city.Unpack(zipped(t, map[string]int{"a": city.MaxBytes / 2, "b": city.MaxBytes / 2, "c": 1}))
	require.ErrorIs(t, err, city.ErrTooLarge)
	_, err = city.Unpack(zipped(t, map[string]int{"offices.csv": city.MaxBytes}))
	require.NoError(t, err)
}

func TestABombThatLiesAboutItsSizeIsNotUnpacked(t *testing.T) {
	bomb := zipped(t, map[string]int{"offices.csv": city.MaxBytes + 1})
	honest := []byte{1, 0, 0, 4} // 64 MiB and one, as little-endian bytes
	require.True(t, bytes.Contains(bomb, honest))
	_, err := city.Unpack(bytes.ReplaceAll(bomb, honest, []byte{1, 0, 0, 0}))
	require.Error(t, err)
}

func TestThousandsOfEntriesAreNotUnpacked(t *testing.T) {
	entries := map[string]int{}
	for n := range 5_000 {
		entries[fmt.Sprintf("catalogue/%d.csv", n)] = 0
	}
	_, err := city.Unpack(zipped(t, entries))
	require.ErrorIs(t, err, city.ErrBadPack)
}

func TestABrokenPackIsRefused(t *testing.T) {
	pack, err := city.Pack(foshan.Files)
	require.NoError(t, err)
	for _, bad := range [][]byte{nil, []byte("PK"), []byte("code,name\n"), pack[:len(pack)/2], pack[100:]} {
		_, err := city.Unpack(bad)
		require.ErrorIs(t, err, city.ErrBadPack)
	}
	flipped := bytes.Clone(pack)
	flipped[1_000] ^= 0xff
	_, err = city.Unpack(flipped)
	require.ErrorIs(t, err, city.ErrBadPack)
}

func TestNamesThatLeaveTheFolderAreRefused(t *testing.T) {
	for _, name := range []string{"../offices.csv", "/offices.csv", "catalogue/../../offices.csv", "catalogue//items.csv"} {
		_, err := city.Unpack(zipped(t, map[string]int{name: 1}))
		require.ErrorIs(t, err, city.ErrBadPack, name)
	}
	_, err := city.Unpack(zipped(t, map[string]int{"catalogue/": 0, "notes.txt": 1}))
	require.NoError(t, err)
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte("PK\x05\x06"))
	f.Add(zipped(f, map[string]int{"offices.csv": 10, "../x": 1, "catalogue/items.csv": 3}))
	f.Fuzz(func(t *testing.T, pack []byte) {
		files, err := city.Unpack(pack)
		if err == nil {
			_, err = city.Read(files)
			require.Error(t, err)
		}
	})
}
