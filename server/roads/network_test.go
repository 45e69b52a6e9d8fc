package roads

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/place"
)

// blocks is a 4 × 4 grid of two-way streets, 500 m apart. Node 10·row+col
// stands at their crossings; way 100+row runs along a row, 200+col up a column.
func blocks() *sheet {
	s := &sheet{}
	for row := range 4 {
		for col := range 4 {
			s.node(int64(10*row+col+1), 113+0.0049*float64(col), 23+0.0045*float64(row))
		}
	}
	return s
}

func (s *sheet) streets() *sheet {
	for i := range int64(4) {
		for j := range int64(3) {
			s.way(1000+10*i+j, []int64{10*i + j + 1, 10*i + j + 2}, "highway", "residential")
			s.way(2000+10*i+j, []int64{10*j + i + 1, 10*(j+1) + i + 1}, "highway", "residential")
		}
	}
	return s
}

// metres is how far it is by a mode from beside one node to beside another.
func metres(t *testing.T, s *sheet, by circle.Mode, from, to place.Position) int {
	t.Helper()
	x := read(t, s.file(t), world)
	graph, _, err := road.NewGraph(x.Network(by))
	require.NoError(t, err)
	stop := circle.Stop{Code: "to", At: to}
	block := road.NewBlock(func() (g road.Graphs) { g[by] = graph; return g }(), []circle.Stop{stop})
	m := (&road.Index{Blocks: []*road.Block{block}}).NewMap([]circle.Stop{stop}, nil)
	times, err := m.Times(context.Background(), from, by, []circle.Stop{stop})
	require.NoError(t, err)
	require.NotEqual(t, circle.Unreachable, times[0].Seconds)
	return times[0].Meters
}

// On the street south of node 12 (row 1, column 1), 100 m before it; and on
// the street west of it: a left turn for who comes from the south.
var (
	south = place.Position{Lng: 113 + 0.0049, Lat: 23 + 0.0036}
	west  = place.Position{Lng: 113 + 0.0039, Lat: 23 + 0.0045}
)

func TestATurnThatIsBannedIsDrivenAround(t *testing.T) {
	const south12, west12, north12 = 2010, 1010, 2011
	free := metres(t, blocks().streets(), circle.Car, south, west)
	require.InDelta(t, 202, free, 3)

	for _, c := range []struct {
		name  string
		by    circle.Mode
		ban   func(*sheet)
		freed bool
	}{
		{"no left turn", circle.Car, func(s *sheet) { s.ban(south12, 12, west12, "restriction", "no_left_turn") }, false},
		{"straight on only", circle.Car, func(s *sheet) { s.ban(south12, 12, north12, "restriction", "only_straight_on") }, false},
		{"for bicycles too", circle.EBike, func(s *sheet) { s.ban(south12, 12, west12, "restriction", "no_left_turn") }, false},
		{"but not for bicycles", circle.EBike, func(s *sheet) {
			s.ban(south12, 12, west12, "restriction", "no_left_turn", "except", "bus;bicycle")
		}, true},
		{"nobody walks round a ban", circle.Walk, func(s *sheet) { s.ban(south12, 12, west12, "restriction", "no_left_turn") }, true},
		{"of lorries only", circle.Car, func(s *sheet) { s.ban(south12, 12, west12, "restriction:hgv", "no_left_turn") }, true},
		{"of cars", circle.Car, func(s *sheet) { s.ban(south12, 12, west12, "restriction:motorcar", "no_left_turn") }, false},
		{"of the other way", circle.Car, func(s *sheet) { s.ban(west12, 12, south12, "restriction", "no_right_turn") }, true},
		{"of unknown roads", circle.Car, func(s *sheet) { s.ban(9999, 12, west12, "restriction", "no_left_turn") }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := blocks().streets()
			c.ban(s)
			got := metres(t, s, c.by, south, west)
			if c.freed {
				require.Equal(t, free, got)
				return
			}
			require.Greater(t, got, 1000, "round a block")
		})
	}
}

func TestAOneWayStreetIsDrivenOneWay(t *testing.T) {
	s := blocks().streets()
	s.ways[0].Tags = tagsOf([]string{"highway", "residential", "oneway", "yes"}) // node 1 to node 2
	a, b := place.Position{Lng: 113.001, Lat: 23}, place.Position{Lng: 113.004, Lat: 23}

	require.InDelta(t, 307, metres(t, s, circle.Car, a, b), 3)
	require.Greater(t, metres(t, s, circle.Car, b, a), 1500)
	require.InDelta(t, 307, metres(t, s, circle.Walk, b, a), 3)
}

func TestABollardStopsCars(t *testing.T) {
	s := blocks()
	s.node(99, 113.00245, 23, "barrier", "bollard")
	s.streets()
	s.ways = s.ways[1:]
	s.way(1000, []int64{1, 99, 2}, "highway", "residential")
	a, b := place.Position{Lng: 113.001, Lat: 23}, place.Position{Lng: 113.004, Lat: 23}

	require.Greater(t, metres(t, s, circle.Car, a, b), 1500)
	require.InDelta(t, 307, metres(t, s, circle.EBike, a, b), 3)
}

func TestNobodySetsOutOnAMotorwayOrInATunnel(t *testing.T) {
	s := blocks().streets()
	s.node(50, 113.0005, 23.0010)
	s.way(3000, []int64{1, 50, 13}, "highway", "motorway", "oneway", "no")
	x := read(t, s.file(t), world)
	graph, _, err := road.NewGraph(x.Network(circle.Car))
	require.NoError(t, err)
	_, off, ok := graph.Snap.Find(place.Position{Lng: 113.0005, Lat: 23.0010})
	require.True(t, ok)
	require.InDelta(t, 51, off, 1, "the street is 51 m off, the motorway 0 m")
}

func TestRestrictionsByWayOfAWayAreCounted(t *testing.T) {
	s := blocks().streets()
	s.ban(2010, 12, 1010, "restriction", "no_u_turn")
	s.relations[0].Members[1].Type = "way"
	x := read(t, s.file(t), world)
	require.Equal(t, 1, x.Skipped)
	require.Empty(t, x.Restrictions)
}
