package road

import (
	"math"

	"github.com/yimen-gov/yimen/pkg/circle"
)

// edge is a piece of a way between two junctions. Its arcs, one a direction,
// are numbered 2e along the nodes and 2e+1 against them, so that arc^1 turns
// round and arc>>1 is the edge.
type edge struct {
	way    int32
	nodes  []int32
	metres float64
	costs  [2]Cost // 0 = closed
}

// split cuts the ways at their junctions.
func split(n *Network) []edge {
	junction := junctions(n)
	var edges []edge
	for w := range n.Ways {
		way := &n.Ways[w]
		first := 0
		for i := 1; i < len(way.Nodes); i++ {
			if junction[way.Nodes[i]] {
				edges = append(edges, newEdge(n, w, way.Nodes[first:i+1]))
				first = i
			}
		}
	}
	return edges
}

// junctions marks the nodes at which a way ends, that ways share, that a way
// passes twice, or at which a turn is banned.
func junctions(n *Network) []bool {
	seen := make([]bool, len(n.Nodes))
	marked := make([]bool, len(n.Nodes))
	for _, way := range n.Ways {
		for i, node := range way.Nodes {
			marked[node] = marked[node] || seen[node] || i == 0 || i == len(way.Nodes)-1
			seen[node] = true
		}
	}
	for _, ban := range n.Bans {
		marked[ban.Via] = true
	}
	return marked
}

func newEdge(n *Network, way int, nodes []int32) edge {
	e := edge{way: int32(way), nodes: nodes}
	delay := 0.0
	for i := 1; i < len(nodes); i++ {
		e.metres += circle.Metres(n.Nodes[nodes[i-1]].At, n.Nodes[nodes[i]].At)
		if i < len(nodes)-1 {
			delay += n.Nodes[nodes[i]].Delay
		}
	}
	for arc, speed := range [...]float64{n.Ways[way].Ahead, n.Ways[way].Back} {
		if speed > 0 {
			// A tick at least, for a cost of 0 means closed.
			e.costs[arc] = max(newCost(e.metres/speed+delay, e.metres), wait(1))
		}
	}
	return e
}

// tail is the node an arc of the edge leaves, head the one it comes to.
func (e *edge) tail(arc int) int32 {
	if arc&1 == 1 {
		return e.nodes[len(e.nodes)-1]
	}
	return e.nodes[0]
}

func (e *edge) head(arc int) int32 { return e.tail(arc ^ 1) }

// bearing is the direction in which an arc leaves its tail, or comes to its
// head, in radians anticlockwise from east.
func (e *edge) bearing(n *Network, arc int, atHead bool) float64 {
	last := len(e.nodes) - 1
	a, b := e.nodes[0], e.nodes[1]
	if atHead != (arc&1 == 1) {
		a, b = e.nodes[last-1], e.nodes[last]
	}
	if arc&1 == 1 {
		a, b = b, a
	}
	from, to := n.Nodes[a].At, n.Nodes[b].At
	return math.Atan2(to.Lat-from.Lat, (to.Lng-from.Lng)*math.Cos(from.Lat*math.Pi/180))
}
