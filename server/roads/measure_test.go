package roads

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/circle"
)

// networks are the real ones, in the folder that YIMEN_ROADS names.
var networks = []string{"jinan/jinan.osm.pbf", "porto-alegre/porto-alegre.osm.pbf"}

func trialOn(t *testing.T, network string) *Trial {
	t.Helper()
	root := os.Getenv("YIMEN_ROADS")
	if root == "" {
		t.Skip("YIMEN_ROADS is not set: the folder with " + network)
	}
	path := filepath.Join(root, network)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no road network: %v", err)
	}
	trial, err := trials(path)
	require.NoError(t, err)
	return trial
}

var made = map[string]*Trial{}

// trials builds each network once. Its file may go at once: it stays mapped.
func trials(path string) (*Trial, error) {
	if made[path] != nil {
		return made[path], nil
	}
	folder, err := os.MkdirTemp("", "yimen-roads-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	made[path], err = NewTrial(context.Background(), path, folder, 830)
	return made[path], err
}

func TestOnRealRoadsTheIndexAnswersWhatASearchFinds(t *testing.T) {
	for _, network := range networks {
		t.Run(filepath.Base(network), func(t *testing.T) {
			trial := trialOn(t, network)
			for _, by := range circle.Modes {
				positions := trial.Positions(by, 1000, 2)
				require.Zero(t, trial.Differing(by, positions, 15*60), "%s, 15 minutes", by)
				for _, minutes := range []int{1, 5, 30} {
					require.Zero(t, trial.Differing(by, positions[:150], minutes*60), "%s, %d minutes", by, minutes)
				}
				look := trial.LookUp(by, positions, 900)
				search := trial.Dijkstra(by, positions[:200], 900)
				t.Logf("%s: index %v, Dijkstra %v", by, look, search)
				require.Less(t, look.P50, search.P50)
			}
			ask, allocations := trial.Ask(circle.Car, trial.Positions(circle.Car, 2000, 3), 15, time.Now())
			t.Logf("ask: %v, %.2f allocations; index of %d bytes built in %v, opened in %v", ask, allocations, trial.Bytes, trial.Built, trial.Opened)
			require.Less(t, allocations, 2.5)
		})
	}
}

func TestAJinanIndexIsSmallAndSoonThere(t *testing.T) {
	trial := trialOn(t, networks[0])
	require.LessOrEqual(t, trial.Bytes, int64(96<<20))
	require.Less(t, trial.Built, 90*time.Second)
	require.Less(t, trial.Opened, 2*time.Second, "200 ms on a quiet machine")
}

func TestAProvinceAnswersAsItsCitiesDo(t *testing.T) {
	trial := trialOn(t, networks[0])
	province, err := trial.NewProvince(t.TempDir(), 4)
	require.NoError(t, err)
	positions := trial.Positions(circle.Car, 200, 4)
	for city := range province.Cities {
		for i, p := range province.In(city, positions) {
			want, err := trial.Map.Within(nil, positions[i], circle.Car, 900, trial.Among)
			require.NoError(t, err)
			got, err := province.Map.Within(nil, p, circle.Car, 900, province.Among)
			require.NoError(t, err)
			require.InDelta(t, len(want), len(got), 1)
		}
	}
}
