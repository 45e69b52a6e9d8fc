package circlefile

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/place"
)

// street is an index of one street with an office at its end.
func street(t *testing.T, source string) (*road.Index, []circle.Stop) {
	t.Helper()
	network := &road.Network{
		Nodes: []road.Node{
			{At: place.Position{Lng: 113, Lat: 23}}, {At: place.Position{Lng: 113.01, Lat: 23}},
		},
		Ways: []road.Way{{Nodes: []int32{0, 1}, Ahead: 5, Back: 5}},
	}
	graph, _, err := road.NewGraph(network, road.Manners{})
	require.NoError(t, err)
	offices := []circle.Stop{{Code: "end", At: network.Nodes[1].At}}
	block := road.NewBlock(road.Graphs{circle.Walk: graph}, offices)
	return &road.Index{Built: time.Unix(1e9, 0), Source: source, Blocks: []*road.Block{block}}, offices
}

func find(t *testing.T, index *road.Index, offices []circle.Stop) []circle.Reached {
	t.Helper()
	m := index.NewMap(offices, nil)
	among := circle.NewMask(m.Size)
	among.Set(int(m.Numbers[0]))
	found, err := m.Within(nil, place.Position{Lng: 113.005, Lat: 23}, circle.Walk, 600, among)
	require.NoError(t, err)
	return found
}

func TestAnIndexAnswersFromItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roads.index")
	made, offices := street(t, "made up")
	require.NoError(t, Replace(path, made))

	opened, err := Open(path)
	require.NoError(t, err)
	require.Equal(t, "made up", opened.Source)
	require.True(t, made.Built.Equal(opened.Built))
	require.Len(t, find(t, opened, offices), 1)
	require.Equal(t, find(t, made, offices), find(t, opened, offices))

	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), road.Attribution)
}

func TestAReplacedFileLeavesItsReadersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roads.index")
	first, offices := street(t, "first")
	require.NoError(t, Replace(path, first))
	old, err := Open(path)
	require.NoError(t, err)

	second, _ := street(t, "second")
	require.NoError(t, Replace(path, second))
	runtime.GC()
	require.Len(t, find(t, old, offices), 1)
	now, err := Open(path)
	require.NoError(t, err)
	require.Equal(t, "second", now.Source)

	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, files, 1, "no leftovers")
}

// Every flipped bit and every shortened file must be seen.
func TestADamagedFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roads.index")
	index, _ := street(t, "made up")
	require.NoError(t, Replace(path, index))
	good, err := os.ReadFile(path)
	require.NoError(t, err)

	refused := func(data []byte) {
		t.Helper()
		require.NoError(t, os.WriteFile(path, data, 0o644))
		_, err := Open(path)
		require.ErrorIs(t, err, road.ErrIndex)
	}
	for i := range good {
		bad := append([]byte(nil), good...)
		bad[i] ^= 1 << (i % 8)
		refused(bad)
	}
	for _, n := range []int{0, 1, 47, 48, 100, len(good) / 2, len(good) - 1} {
		refused(good[:n])
	}
	refused(append(append([]byte(nil), good...), 0))
	refused([]byte("\x00\x00\x00\x0d\x0a\x09OSMHeader, and more of another kind of file than that"))
}

func TestAFailedReplaceLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	index, _ := street(t, "made up")
	require.Error(t, Replace(filepath.Join(dir, "missing", "roads.index"), index))

	taken := filepath.Join(dir, "taken")
	require.NoError(t, os.MkdirAll(filepath.Join(taken, "child"), 0o755))
	require.Error(t, Replace(taken, index), "a folder is in the way")
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 1, "no leftovers")
}

func TestAMissingFileSaysSo(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = Open(t.TempDir())
	require.Error(t, err)
}
