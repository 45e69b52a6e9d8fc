package road

import (
	"cmp"
	"slices"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// The faults of a network.
var (
	ErrNoRoads  = fault.New(fault.Invalid, "circle.no_roads", "路网中没有可通行的道路，请检查文件是否为本市的 OpenStreetMap 道路数据")
	ErrInPieces = fault.New(fault.Invalid, "circle.roads_in_pieces", "路网不连通：最大的一片不足全部道路的一半，请换用完整的道路数据")
)

// Graph is the part of a network that one mode can use and that hangs
// together. It is flat, so that it lies in the index as it lies in memory.
type Graph struct {
	Arcs      []Cost   // of passing each arc; 0 = closed
	TurnStart []uint32 // first of each arc's Turns, and the end
	Turns     []Turn
	Snap      Snapper
}

// Report tells what became of a network.
type Report struct {
	Edges  int     // of the graph
	Arcs   int     // directions of those that are open
	Parts  int     // strongly connected parts found; the largest is kept
	Kept   float64 // share of the open arcs' length that the largest part has
	Metres float64 // length of the kept arcs
}

// NewGraph keeps the largest part of a network in which every road can be
// reached from every other. Errors: ErrNoRoads, ErrInPieces.
func NewGraph(n *Network, m Manners) (*Graph, Report, error) {
	edges := split(n)
	cross := newCrossroads(n, m, edges)
	open := func(arc int) bool { return edges[arc>>1].costs[arc&1] != 0 }
	turns := make([][]Turn, 2*len(edges))
	for arc := range turns {
		if open(arc) {
			turns[arc] = cross.turns(int32(arc))
		}
	}
	kept, parts := largestPart(turns, open)
	report := survey(edges, kept, parts)
	if report.Arcs == 0 {
		return nil, report, ErrNoRoads
	}
	if report.Kept < 0.5 {
		return nil, report, ErrInPieces
	}
	return flatten(n, edges, turns, kept), report, nil
}

func survey(edges []edge, kept []bool, parts int) Report {
	r := Report{Parts: parts}
	total := 0.0
	for arc := range kept {
		e := &edges[arc>>1]
		if e.costs[arc&1] == 0 {
			continue
		}
		total += e.metres
		if kept[arc] {
			r.Arcs++
			r.Metres += e.metres
		}
		if arc&1 == 1 && (kept[arc] || kept[arc^1]) {
			r.Edges++
		}
	}
	r.Kept = r.Metres / max(total, 1)
	return r
}

// flatten lays the kept arcs out along a Hilbert curve.
func flatten(n *Network, edges []edge, turns [][]Turn, kept []bool) *Graph {
	order := along(n, edges, kept)
	number := make([]uint32, len(kept)) // of each old arc
	for i, e := range order {
		number[2*e], number[2*e+1] = uint32(2*i), uint32(2*i+1)
	}
	g := &Graph{Arcs: make([]Cost, 2*len(order)), TurnStart: make([]uint32, 1, 2*len(order)+1)}
	for i, e := range order {
		for arc := 2 * e; arc <= 2*e+1; arc++ {
			if kept[arc] {
				g.Arcs[2*i+arc&1] = edges[e].costs[arc&1]
				g.addTurns(turns[arc], kept, number)
			}
			g.TurnStart = append(g.TurnStart, uint32(len(g.Turns)))
		}
	}
	g.Snap = newSnapper(n, edges, order)
	return g
}

func (g *Graph) addTurns(turns []Turn, kept []bool, number []uint32) {
	for _, t := range turns {
		if kept[t.To] {
			g.Turns = append(g.Turns, Turn{number[t.To], t.Ticks})
		}
	}
}

// along lists the edges with a kept arc in the order of a Hilbert curve.
func along(n *Network, edges []edge, kept []bool) []int {
	var box circle.Box
	for _, node := range n.Nodes {
		box = box.With(node.At)
	}
	var order []int
	key := make([]uint32, len(edges))
	for e := range edges {
		if kept[2*e] || kept[2*e+1] {
			order = append(order, e)
			key[e] = curve(box, n.Nodes[edges[e].nodes[len(edges[e].nodes)/2]].At)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key[a], key[b]) })
	return order
}

// curve is the place of a position on the Hilbert curve through a box.
func curve(box circle.Box, p place.Position) uint32 {
	scale := func(v, lo, hi float64) uint32 { return uint32((v - lo) / max(hi-lo, 1e-9) * (1<<16 - 1)) }
	return hilbert(scale(p.Lng, box.Min.Lng, box.Max.Lng), scale(p.Lat, box.Min.Lat, box.Max.Lat))
}

// turnsFrom lists the turns that an arc allows.
func (g *Graph) turnsFrom(arc uint32) []Turn {
	return g.Turns[g.TurnStart[arc]:g.TurnStart[arc+1]]
}

// reversed lists, for each arc, the arcs that turn into it.
func (g *Graph) reversed() (start []uint32, turns []Turn) {
	start = make([]uint32, len(g.Arcs)+1)
	for _, t := range g.Turns {
		start[t.To+1]++
	}
	for i := 1; i < len(start); i++ {
		start[i] += start[i-1]
	}
	turns = make([]Turn, len(g.Turns))
	next := slices.Clone(start)
	for arc := range g.Arcs {
		for _, t := range g.turnsFrom(uint32(arc)) {
			turns[next[t.To]] = Turn{uint32(arc), t.Ticks}
			next[t.To]++
		}
	}
	return start, turns
}
