package roads

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/storage/circlefile"
)

func TestABadRoadFileLeavesTheOldIndexInUse(t *testing.T) {
	dir := t.TempDir()
	pbf, index := filepath.Join(dir, "city.osm.pbf"), filepath.Join(dir, "roads.index")
	offices := []circle.Stop{{Code: "a", At: place.Position{Lng: 113, Lat: 23}}}
	good := blocks().streets().file(t)
	require.NoError(t, os.WriteFile(pbf, good, 0o600))
	survey, err := BuildFile(context.Background(), pbf, index, offices, time.Unix(1e9, 0))
	require.NoError(t, err)
	require.Equal(t, 24, survey.Ways)
	before, err := os.ReadFile(index)
	require.NoError(t, err)

	far := []circle.Stop{{Code: "a", At: place.Position{Lng: 100, Lat: 30}}}
	for name, c := range map[string]struct {
		file    []byte
		offices []circle.Stop
		want    error
	}{
		"truncated":    {good[:len(good)-9], offices, ErrFile},
		"foreign":      {[]byte("<osm/>"), offices, ErrFile},
		"another city": {good, far, ErrCity},
	} {
		require.NoError(t, os.WriteFile(pbf, c.file, 0o600))
		_, err := BuildFile(context.Background(), pbf, index, c.offices, time.Unix(2e9, 0))
		require.ErrorIs(t, err, c.want, name)
	}
	_, err = BuildFile(context.Background(), filepath.Join(dir, "none"), index, offices, time.Unix(2e9, 0))
	require.ErrorIs(t, err, os.ErrNotExist)

	after, err := os.ReadFile(index)
	require.NoError(t, err)
	require.Equal(t, before, after)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 2, "no leftovers")
}

func TestAnIndexIsBroughtUpToDate(t *testing.T) {
	dir := t.TempDir()
	pbf, index := filepath.Join(dir, "city.osm.pbf"), filepath.Join(dir, "roads.index")
	stop := func(code string, lng float64) circle.Stop {
		return circle.Stop{Code: code, At: place.Position{Lng: lng, Lat: 23}}
	}
	require.NoError(t, os.WriteFile(pbf, blocks().streets().file(t), 0o600))
	_, err := BuildFile(context.Background(), pbf, index, []circle.Stop{stop("closed", 113), stop("moved", 113.001)}, time.Unix(1e9, 0))
	require.NoError(t, err)

	now := []circle.Stop{stop("moved", 113.010), stop("new", 113.012), stop("elsewhere", 100)}
	require.NoError(t, RenewFile(index, now, time.Unix(2e9, 0)))
	opened, err := circlefile.Open(index)
	require.NoError(t, err)
	require.Contains(t, opened.Source, "city.osm.pbf sha256:")
	require.Len(t, opened.Blocks[0].Offices, 2)

	times, err := opened.NewMap(now, nil).Times(context.Background(), now[0].At, circle.Walk, now)
	require.NoError(t, err)
	require.Less(t, times[0].Seconds, 5)
	require.Positive(t, times[1].Meters)
	require.Equal(t, circle.Unreachable, times[2].Seconds)

	require.ErrorIs(t, RenewFile(pbf, now, time.Unix(2e9, 0)), road.ErrIndex)
}
