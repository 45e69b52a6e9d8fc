package road

import (
	"math/bits"

	"github.com/yimen-gov/yimen/pkg/circle"
)

// Net is one mode's part of a block: the graph, where the offices stand on it,
// and what they cost from everywhere.
type Net struct {
	Graph
	Offices []Spot
	Doors   Doors
	Table   Table
}

func newNet(g *Graph, offices []Spot) *Net {
	return &Net{
		Graph: *g, Offices: offices, Doors: newDoors(g, offices),
		Table: newTable(len(g.Arcs), columns(g, offices)),
	}
}

// within appends the offices of among that are at most so much away from a
// spot. Among is the part of the mask that begins with the net's first office,
// which is numbered base.
func (n *Net) within(dst []circle.Reached, from Spot, most Cost, among circle.Mask, base int32) []circle.Reached {
	head := len(dst)
	a, b := n.leave(2*from.Edge, from), n.leave(2*from.Edge+1, from)
	for word := min(a.first, b.first); word < max(a.end, b.end); word++ {
		inA, inB := a.word(word), b.word(word)
		for set := (inA | inB) & among.Word(word); set != 0; set &= set - 1 {
			bit := set & -set
			if cost := min(a.cost(inA, bit), b.cost(inB, bit)); cost <= most {
				dst = append(dst, reached(base+int32(word<<6|bits.TrailingZeros64(bit)), cost))
			}
		}
		a.costs, b.costs = a.costs[bits.OnesCount64(inA):], b.costs[bits.OnesCount64(inB):]
	}
	for _, o := range n.Doors.on(from.Edge) {
		if among.Has(int(o)) {
			dst = n.nextDoor(dst, head, from, o, most, base)
		}
	}
	return dst
}

// leave reads the row of an arc that a spot's journey may begin with.
func (n *Net) leave(arc uint32, from Spot) cursor {
	cost, ok := n.leaving(arc, from)
	if !ok {
		return nothing
	}
	return n.Table.cursor(arc, cost)
}

// nextDoor sees to an office on the spot's own edge, which may be nearer than
// by way of the edge's end.
func (n *Net) nextDoor(dst []circle.Reached, head int, from Spot, office uint32, most Cost, base int32) []circle.Reached {
	for arc := 2 * from.Edge; arc <= 2*from.Edge+1; arc++ {
		if cost, ok := n.direct(arc, from, n.Offices[office]); ok && cost <= most {
			dst = nearer(dst, head, reached(base+int32(office), cost))
		}
	}
	return dst
}

// nearer puts an office in, or a shorter journey in the place of a longer one.
func nearer(dst []circle.Reached, head int, r circle.Reached) []circle.Reached {
	for i := range dst[head:] {
		old := &dst[head+i]
		if old.Office != r.Office {
			continue
		}
		if r.Seconds < old.Seconds || r.Seconds == old.Seconds && r.Meters < old.Meters {
			*old = r
		}
		return dst
	}
	return append(dst, r)
}

func reached(office int32, c Cost) circle.Reached {
	return circle.Reached{Office: office, Seconds: c.Seconds(), Meters: c.Meters()}
}
