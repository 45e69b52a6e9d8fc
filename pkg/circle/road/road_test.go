package road

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

func mustGraph(t require.TestingT, n *Network, m Manners) *Graph {
	g, _, err := NewGraph(n, m)
	require.NoError(t, err)
	return g
}

func byOffice(list []circle.Reached) []circle.Reached {
	slices.SortFunc(list, func(a, b circle.Reached) int { return cmp.Compare(a.Office, b.Office) })
	return list
}

// saved is an index of one car block, written and read back.
func saved(t require.TestingT, b *Block) *Index {
	var file bytes.Buffer
	n, err := (&Index{Built: time.Unix(1e9, 0), Source: "made up", Blocks: []*Block{b}}).WriteTo(&file)
	require.NoError(t, err)
	require.EqualValues(t, file.Len(), n)
	x, err := Read(file.Bytes())
	require.NoError(t, err)
	require.NoError(t, Verify(file.Bytes(), bytes.NewReader(file.Bytes())))
	return x
}

// The promise of the index: what a search would find, in the same time.
func TestTheIndexAnswersWhatASearchFinds(t *testing.T) {
	for seed := range uint64(6) {
		const side = 24
		g := mustGraph(t, town(seed, side), manners)
		block := saved(t, NewBlock(Graphs{circle.Car: g}, around(seed, side, 150))).Blocks[0]
		net := block.Nets[circle.Car]
		search := NewReference(g, net.Offices)
		rnd := rand.New(rand.NewPCG(seed, 9))
		for range 500 {
			spot, _, ok := net.Snap.Find(somewhere(rnd, side))
			require.True(t, ok)
			seconds := 1 + rnd.IntN(1800)
			among := circle.NewMask(150)
			for range rnd.IntN(300) {
				among.Set(rnd.IntN(150))
			}
			want := byOffice(search.Within(nil, spot, seconds, among))
			got := byOffice(net.within(nil, spot, within(seconds), among, 0))
			require.Equal(t, want, got)
		}
	}
}

// brute is the plainest search there is: it relaxes every turn until nothing
// changes. It guards the search that the index is compared with.
func brute(g *Graph, from, to Spot) (best Cost) {
	const never = 1 << 60
	cost := make([]Cost, len(g.Arcs))
	for arc := range cost {
		cost[arc] = never
	}
	best = never
	for arc := 2 * from.Edge; arc <= 2*from.Edge+1; arc++ {
		if c, ok := g.leaving(arc, from); ok {
			cost[arc] = c
		}
		if c, ok := g.direct(arc, from, to); ok && from.Edge == to.Edge {
			best = min(best, c)
		}
	}
	for changed := true; changed; {
		changed = false
		for arc := range cost {
			for _, turn := range g.turnsFrom(uint32(arc)) {
				at := cost[arc] + wait(turn.Ticks)
				if c := at + g.Arcs[turn.To]; c < cost[turn.To] {
					cost[turn.To], changed = c, true
				}
				if turn.To>>1 == to.Edge {
					best = min(best, at+g.Arcs[turn.To].part(ahead(turn.To, to.Along))+to.Access)
				}
			}
		}
	}
	return best
}

func TestTheSearchFindsTheBestWay(t *testing.T) {
	const side = 8
	rnd := rand.New(rand.NewPCG(4, 4))
	for seed := range uint64(10) {
		g := mustGraph(t, town(seed, side), manners)
		offices := g.place(around(seed, side, 20))
		search := NewReference(g, offices)
		spot, _, ok := g.Snap.Find(somewhere(rnd, side))
		require.True(t, ok)
		found := byOffice(search.Within(nil, spot, 1800, full(20)))
		require.Len(t, found, 20)
		for i, r := range found {
			want := brute(g, spot, offices[i])
			require.Equal(t, reached(int32(i), want), r)
		}
	}
}

func TestAMapFollowsItsOffices(t *testing.T) {
	const side, seed = 16, 3
	g := mustGraph(t, town(seed, side), manners)
	before := around(seed, side, 70)
	x := saved(t, NewBlock(Graphs{circle.Car: g, circle.Walk: g}, before))
	rapid.Check(t, func(t *rapid.T) {

		now := slices.Clone(before[rapid.IntRange(0, 69).Draw(t, "closed"):])
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for range rapid.IntRange(0, 5).Draw(t, "moved") {
			now[rnd.IntN(len(now))].At = somewhere(rnd, side)
		}
		added := around(seed+1, side, rapid.IntRange(0, 5).Draw(t, "added"))
		for i := range added {
			added[i].Code = "new-" + added[i].Code
		}
		old := x.NewMap(before, nil)
		if rapid.Bool().Draw(t, "in two steps") {
			old = x.NewMap(now, old)
		}
		now = append(now, added...)
		m := x.NewMap(now, old)

		search := NewReference(g, g.place(now))
		among := circle.NewMask(m.Size)
		for _, n := range m.Numbers {
			require.False(t, among.Has(int(n)), "a number is given once")
			among.Set(int(n))
		}
		for range 20 {
			from := somewhere(rnd, side)
			spot, _, _ := g.Snap.Find(from)
			want := byOffice(search.Within(nil, spot, 900, full(len(now))))
			got, err := m.Within(nil, from, circle.Car, 900, among)
			require.NoError(t, err)
			for i := range got {
				got[i].Office = int32(slices.Index(m.Numbers, got[i].Office))
			}
			require.Equal(t, want, byOffice(got))
		}
	})
}

func TestARenewedBlockIsAsANewOne(t *testing.T) {
	const side = 20
	g := mustGraph(t, town(1, side), manners)
	offices := around(1, side, 100)
	old := NewBlock(Graphs{circle.EBike: g}, offices)
	offices = append(offices[5:], circle.Stop{Code: "new", At: offices[0].At})
	offices[7].At = offices[8].At

	renewed, fresh := old.Renew(offices), NewBlock(Graphs{circle.EBike: g}, offices)
	require.Equal(t, fresh, renewed)
}

func TestTimesAreToldForTheStopsAsked(t *testing.T) {
	const side = 20
	g := mustGraph(t, town(1, side), manners)
	offices := around(1, side, 10)
	m := saved(t, NewBlock(Graphs{circle.Car: g}, offices)).NewMap(offices, nil)
	far := circle.Stop{Code: "elsewhere", At: place.Position{Lng: 116, Lat: 39}}

	times, err := m.Times(context.Background(), offices[3].At, circle.Car, []circle.Stop{far, offices[3], offices[4]})
	require.NoError(t, err)
	require.Equal(t, circle.Unreachable, times[0].Seconds)
	require.Less(t, times[1].Seconds, times[2].Seconds)
	require.Positive(t, times[2].Meters)
	require.Equal(t, circle.ModelRoad, times[2].Model)

	_, err = m.Times(context.Background(), offices[3].At, circle.Mode(7), nil)
	require.ErrorIs(t, err, circle.ErrUnknownMode)
}

func TestNobodyIsNearARoadAtSea(t *testing.T) {
	g := mustGraph(t, town(1, 10), manners)
	offices := around(1, 10, 5)
	m := saved(t, NewBlock(Graphs{circle.Car: g}, offices)).NewMap(offices, nil)
	for name, p := range map[string]place.Position{
		"3 km out": {Lng: 112.97, Lat: 23.005}, "another continent": {Lng: -51, Lat: -30},
		"NaN": {Lng: math.NaN(), Lat: 23}, "infinite": {Lng: 113, Lat: math.Inf(1)},
	} {
		_, err := m.Within(nil, p, circle.Car, 900, full(m.Size))
		require.ErrorIs(t, err, circle.ErrNoRoad, name)
	}
	_, err := m.Within(nil, offices[0].At, circle.Walk, 900, full(m.Size))
	require.ErrorIs(t, err, circle.ErrNoRoad, "a mode without roads")
}

func TestALookUpAllocatesNothing(t *testing.T) {
	const side = 24
	g := mustGraph(t, town(1, side), manners)
	offices := around(1, side, 200)
	m := saved(t, NewBlock(Graphs{circle.Car: g}, offices)).NewMap(offices, nil)
	among, dst := full(m.Size), make([]circle.Reached, 0, 200)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		dst, _ = m.Within(dst[:0], offices[9].At, circle.Car, 900, among)
	}))
	require.NotEmpty(t, dst)
}
