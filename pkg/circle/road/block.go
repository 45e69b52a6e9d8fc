package road

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Block is one city of an index: its offices, numbered along a Hilbert curve,
// and a net for each mode that has roads.
type Block struct {
	Box     circle.Box
	Offices []circle.Stop
	Nets    [len(circle.Modes)]*Net
}

// Graphs holds a graph for each mode; a mode without roads has none.
type Graphs [len(circle.Modes)]*Graph

// NewBlock places the offices on the graphs and searches outwards from them.
func NewBlock(graphs Graphs, offices []circle.Stop) *Block {
	b := &Block{Offices: inOrder(offices)}
	for mode, g := range graphs {
		if g == nil {
			continue
		}
		b.Box = b.Box.With(g.Snap.Grid.origin()).With(g.Snap.Grid.end())
		b.Nets[mode] = newNet(g, g.place(b.Offices))
	}
	return b
}

// inOrder sorts offices along a Hilbert curve, so that those that are reached
// from the same place stand together.
func inOrder(offices []circle.Stop) []circle.Stop {
	var box circle.Box
	for _, o := range offices {
		box = box.With(o.At)
	}
	sorted := slices.Clone(offices)
	slices.SortFunc(sorted, func(a, b circle.Stop) int {
		return cmp.Or(cmp.Compare(curve(box, a.At), curve(box, b.At)), cmp.Compare(a.Code, b.Code))
	})
	return sorted
}

// place finds where offices meet the roads.
func (g *Graph) place(offices []circle.Stop) []Spot {
	spots := make([]Spot, len(offices))
	for i, o := range offices {
		spots[i] = g.spot(o.At)
	}
	return spots
}

func (g *Graph) spot(at place.Position) Spot {
	if spot, _, ok := g.Snap.Find(at); ok {
		return spot
	}
	return Spot{Edge: nowhere}
}

// Stranded is an office that is far from every road of a mode.
type Stranded struct {
	Office circle.Stop
	By     circle.Mode
	Metres float64 // from the nearest road; 0 = more than 2 km, not placed
}

// far is how many metres from a road an office can hardly be: it stands in a
// river, or its position is wrong.
const far = 300

// Stranded lists the offices whose position should be looked at.
func (b *Block) Stranded() []Stranded {
	var list []Stranded
	for mode, n := range b.Nets {
		if n == nil {
			continue
		}
		for _, o := range b.Offices {
			if _, metres, ok := n.Snap.Find(o.At); !ok || metres > far {
				list = append(list, Stranded{o, circle.Mode(mode), metres})
			}
		}
	}
	return list
}

// Renew makes a block with other offices. Only those that are new, or stand
// elsewhere than before, are searched from.
func (b *Block) Renew(offices []circle.Stop) *Block {
	renewed := &Block{Box: b.Box, Offices: inOrder(offices)}
	old := map[circle.Stop]int{}
	for i, o := range b.Offices {
		old[o] = i
	}
	for mode, n := range b.Nets {
		if n != nil {
			renewed.Nets[mode] = n.renew(renewed.Offices, old)
		}
	}
	return renewed
}

func (n *Net) renew(offices []circle.Stop, old map[circle.Stop]int) *Net {
	spots := n.place(offices)
	known := n.Table.columns(len(n.Offices))
	cols := make([]column, len(offices))
	var missing []int
	var search []Spot
	for i, o := range offices {
		if j, ok := old[o]; ok {
			cols[i] = known[j]
			continue
		}
		missing = append(missing, i)
		search = append(search, spots[i])
	}
	for i, c := range columns(&n.Graph, search) {
		cols[missing[i]] = c
	}
	return &Net{
		Graph: n.Graph, Offices: spots, Doors: newDoors(&n.Graph, spots),
		Table: newTable(len(n.Arcs), cols),
	}
}

func (g *Grid) origin() place.Position { return place.Position{Lng: g.Lng, Lat: g.Lat} }

func (g *Grid) end() place.Position {
	return place.Position{
		Lng: g.Lng + float64(g.Cols)*g.DX*unit,
		Lat: g.Lat + float64(g.Rows)*g.DY*unit,
	}
}

// codes writes the offices' codes, one a line.
func codes(offices []circle.Stop) []byte {
	var b bytes.Buffer
	for _, o := range offices {
		b.WriteString(o.Code)
		b.WriteByte('\n')
	}
	return b.Bytes()
}
