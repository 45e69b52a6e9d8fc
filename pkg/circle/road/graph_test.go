package road

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// reaches lists the arcs that can be reached from an arc, itself among them.
func reaches(turns [][]Turn, from int) map[int]bool {
	seen, queue := map[int]bool{from: true}, []int{from}
	for len(queue) > 0 {
		arc := queue[0]
		queue = queue[1:]
		for _, turn := range turns[arc] {
			if !seen[int(turn.To)] {
				seen[int(turn.To)] = true
				queue = append(queue, int(turn.To))
			}
		}
	}
	return seen
}

func TestTheLargestPartHangsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "arcs")
		turns := make([][]Turn, n)
		for range rapid.IntRange(0, 60).Draw(t, "turns") {
			a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
			turns[a] = append(turns[a], Turn{To: uint32(b)})
		}
		reach := make([]map[int]bool, n)
		for i := range reach {
			reach[i] = reaches(turns, i)
		}
		largest := 0
		heads := map[int]bool{} // the first arc of each part
		for i := range n {
			size, first := 0, i
			for j := range n {
				if reach[i][j] && reach[j][i] {
					size++
					first = min(first, j)
				}
			}
			heads[first] = true
			largest = max(largest, size)
		}

		kept, parts := largestPart(turns, func(int) bool { return true })
		require.Equal(t, len(heads), parts)
		var list []int
		for arc, in := range kept {
			if in {
				list = append(list, arc)
			}
		}
		require.Len(t, list, largest)
		for _, a := range list {
			for _, b := range list {
				require.True(t, reach[a][b])
			}
		}
	})
}

func TestALongRoadDoesNotOverflow(t *testing.T) {
	n := &Network{}
	for i := range 60_000 {
		n.Nodes = append(n.Nodes, Node{At: place.Position{Lng: 113 + 1e-6*float64(i), Lat: 23}})
		if i > 0 {
			n.Ways = append(n.Ways, Way{Nodes: []int32{int32(i - 1), int32(i)}, Ahead: 5, Back: 5})
		}
	}
	g, report, err := NewGraph(n, Manners{})
	require.NoError(t, err)
	require.Len(t, g.Arcs, 2*59_999)
	require.Equal(t, 1, report.Parts)
}

func TestAnIslandIsLeftOut(t *testing.T) {
	g, report, err := NewGraph(town(1, 10), manners)
	require.NoError(t, err)
	require.Greater(t, report.Parts, 1)
	require.Less(t, report.Kept, 1.0)
	require.Greater(t, report.Kept, 0.8)
	_, metres, ok := g.Snap.Find(place.Position{Lng: 113.0012, Lat: 23.0010})
	require.True(t, ok)
	require.Greater(t, metres, 20.0, "the island's street is not there")
}

func TestNoRoadsAreTold(t *testing.T) {
	for name, n := range map[string]*Network{
		"nothing":       {},
		"nodes only":    {Nodes: []Node{{}, {}}},
		"a closed road": {Nodes: []Node{{}, {At: place.Position{Lng: 1}}}, Ways: []Way{{Nodes: []int32{0, 1}}}},
	} {
		_, _, err := NewGraph(n, manners)
		require.ErrorIs(t, err, ErrNoRoads, name)
	}
}

// The grid must find the road that looking at every segment finds.
func TestTheNearestRoadIsFound(t *testing.T) {
	g := mustGraph(t, town(3, 15), manners)
	rnd := rand.New(rand.NewPCG(1, 7))
	for range 2000 {
		p := place.Position{Lng: 112.99 + 0.05*rnd.Float64(), Lat: 22.99 + 0.05*rnd.Float64()}
		n := nearest{Snapper: &g.Snap, best: math.Inf(1), shrink: math.Cos(p.Lat * math.Pi / 180),
			x: (p.Lng - g.Snap.Grid.Lng) / unit, y: (p.Lat - g.Snap.Grid.Lat) / unit}
		for i := range g.Snap.Segments {
			n.segment(&g.Snap.Segments[i])
		}
		spot, metres, ok := g.Snap.Find(p)
		want := math.Sqrt(n.best) * metresPerUnit
		require.Equal(t, want <= farthest, ok)
		if ok {
			require.InDelta(t, want, metres, 1e-9)
			require.Equal(t, access(metres), spot.Access)
		}
	}
}

func TestASpotLiesWhereItsRoadDoes(t *testing.T) {
	n := &Network{
		Nodes: []Node{{At: place.Position{Lng: 113, Lat: 23}}, {At: place.Position{Lng: 113.01, Lat: 23}}, {At: place.Position{Lng: 113.01, Lat: 23.005}}},
		Ways:  []Way{{Nodes: []int32{0, 1, 2}, Ahead: 10, Back: 5}},
	}
	g := mustGraph(t, n, manners)
	spot, metres, ok := g.Snap.Find(place.Position{Lng: 113.01009, Lat: 23.0025})
	require.True(t, ok)
	require.InDelta(t, 9.2, metres, 0.1)
	total := circle.Metres(n.Nodes[0].At, n.Nodes[1].At) + circle.Metres(n.Nodes[1].At, n.Nodes[2].At)
	want := (circle.Metres(n.Nodes[0].At, n.Nodes[1].At) + 278) / total
	require.InDelta(t, want, float64(spot.Along)/whole, 0.001)
	require.InDelta(t, 2*g.Arcs[0].ticks(), g.Arcs[1].ticks(), 1, "half as fast back")
}

func TestTurningCostsWhatItShould(t *testing.T) {
	// A crossing with arms to the west (0), south (1), east (2) and north (3).
	centre := place.Position{Lng: 113, Lat: 23}
	arms := []place.Position{{Lng: 112.99, Lat: 23}, {Lng: 113, Lat: 22.99}, {Lng: 113.01, Lat: 23}, {Lng: 113, Lat: 23.01}}
	cross := func(delay float64, mains ...int) (*crossroads, []int32) {
		n := &Network{Nodes: []Node{{At: centre, Delay: delay}}}
		for i, at := range arms {
			n.Nodes = append(n.Nodes, Node{At: at})
			n.Ways = append(n.Ways, Way{Nodes: []int32{int32(i + 1), 0}, Ahead: 5, Back: 5, Main: slices.Contains(mains, i)})
		}
		return newCrossroads(n, manners, split(n)), []int32{0, 2, 4, 6}
	}
	c, in := cross(0)
	for _, turn := range []struct {
		from, to int
		seconds  uint32
	}{{0, 2, 0}, {0, 1, 2}, {0, 3, 6}, {1, 0, 6}, {1, 2, 2}, {3, 1, 0}, {2, 3, 2}, {2, 1, 6}} {
		require.Equal(t, turn.seconds*ticksPerSecond, c.ticks(in[turn.from], in[turn.to]^1, 0), "%+v", turn)
	}
	require.False(t, c.allowed(in[0], in[0]^1, 0), "turning round in a crossing")

	c, in = cross(0, 0, 2)
	require.EqualValues(t, 40, c.ticks(in[1], in[3]^1, 0), "crossing the main road")
	require.EqualValues(t, 0, c.ticks(in[0], in[2]^1, 0), "staying on it")
	c, in = cross(10, 0, 2)
	require.EqualValues(t, 100, c.ticks(in[1], in[3]^1, 0), "with a light nobody gives way")
}

func TestADeadEndLetsOneTurnRound(t *testing.T) {
	n := &Network{
		Nodes: []Node{{At: place.Position{Lng: 113, Lat: 23}}, {At: place.Position{Lng: 113.01, Lat: 23}}},
		Ways:  []Way{{Nodes: []int32{0, 1}, Ahead: 5, Back: 5}},
	}
	g := mustGraph(t, n, manners)
	require.Equal(t, []Turn{{To: 1, Ticks: 150}}, g.turnsFrom(0))
}

func TestNeighboursOnTheCurveAreNeighbours(t *testing.T) {
	const side = 16 // of the 65,536
	byPlace := map[uint32][2]uint32{}
	for x := range uint32(side) {
		for y := range uint32(side) {
			byPlace[hilbert(x, y)] = [2]uint32{x, y}
		}
	}
	require.Len(t, byPlace, side*side)
	for d := range uint32(side*side - 1) {
		a, b := byPlace[d], byPlace[d+1]
		step := math.Abs(float64(a[0])-float64(b[0])) + math.Abs(float64(a[1])-float64(b[1]))
		require.Equal(t, 1.0, step)
	}
}

func TestTheQueueGivesTheCheapestFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h heap
		var want []entry
		for _, c := range rapid.SliceOf(rapid.Uint64Range(0, 50)).Draw(t, "costs") {
			e := entry{Cost(c), uint32(len(want) % 7)}
			h.push(e)
			want = append(want, e)
		}
		slices.SortFunc(want, func(a, b entry) int {
			switch {
			case a.before(b):
				return -1
			case b.before(a):
				return 1
			}
			return 0
		})
		for _, e := range want {
			require.Equal(t, e, h.pop())
		}
		require.Empty(t, h)
	})
}
