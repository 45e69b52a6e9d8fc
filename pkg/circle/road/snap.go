package road

import (
	"math"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Snapper finds the road that is nearest to a position. It is a grid over the
// straight segments of the roads on which journeys may start and end.
type Snapper struct {
	Grid     Grid
	Start    []uint32 // first of each cell's entries in List, and the end
	List     []uint32 // segments that touch the cell
	Segments []Segment
}

// Segment is a straight piece of an edge, in units of 1e-7° from the grid's
// origin, with its ends' places along the edge.
type Segment struct {
	AX, AY, BX, BY int32
	Edge           uint32
	From, To       uint32
}

// Grid lays square cells over a rectangle.
type Grid struct {
	Lng, Lat   float64 // of the origin, the south-western corner, in degrees
	DX, DY     float64 // a cell's sides, in units
	Cols, Rows int64
}

const unit = 1e-7 // degrees

// metresPerUnit is the length of a unit of latitude.
const metresPerUnit = unit * math.Pi / 180 * 6371008.8

// Spot is where a journey meets the roads: on an edge, so far along it, after
// an access from the position itself.
type Spot struct {
	Edge, Along uint32
	Access      Cost
}

// nowhere is the edge of an office that no road comes near.
const nowhere = 1<<32 - 1

// farthest is how far from a road a journey may begin or end, in metres.
const farthest = 2000

// access is the way from a position to the road that is so many metres off: at
// a walk, and not quite straight.
func access(metres float64) Cost {
	way := metres * 1.2
	return newCost(way/circle.PaceOf(circle.Walk).Speed, way)
}

// Find gives the spot nearest to a position and how many metres off it is; ok
// is false when no road is within 2 km.
func (s *Snapper) Find(p place.Position) (spot Spot, metres float64, ok bool) {
	x, y := (p.Lng-s.Grid.Lng)/unit, (p.Lat-s.Grid.Lat)/unit
	// Lengths are taken in units of latitude; those of longitude are shorter.
	shrink := math.Cos(p.Lat * math.Pi / 180)
	n := nearest{Snapper: s, x: x, y: y, shrink: shrink, best: math.Inf(1), root: math.Inf(1)}
	reach := farthest / metresPerUnit
	step := min(s.Grid.DX*shrink, s.Grid.DY)
	for ring := int64(0); float64(ring-1)*step <= min(n.root, reach); ring++ {
		n.ring(ring)
	}
	if n.root > reach {
		return Spot{}, 0, false
	}
	metres = n.root * metresPerUnit
	return Spot{Edge: n.edge, Along: n.along, Access: access(metres)}, metres, true
}

// nearest is a search for the nearest segment, ring by ring of cells.
type nearest struct {
	*Snapper
	x, y, shrink float64
	best, root   float64 // squared distance and distance, in units
	edge, along  uint32
}

func (n *nearest) ring(r int64) {
	col, row := int64(math.Floor(n.x/n.Grid.DX)), int64(math.Floor(n.y/n.Grid.DY))
	for dy := -r; dy <= r; dy++ {
		step := max(1, 2*r)
		if dy == -r || dy == r {
			step = 1
		}
		for dx := -r; dx <= r; dx += step {
			n.cell(col+dx, row+dy)
		}
	}
}

func (n *nearest) cell(col, row int64) {
	if col < 0 || row < 0 || col >= n.Grid.Cols || row >= n.Grid.Rows {
		return
	}
	c := row*n.Grid.Cols + col
	for _, i := range n.List[n.Start[c]:n.Start[c+1]] {
		n.segment(&n.Segments[i])
	}
}

func (n *nearest) segment(s *Segment) {
	ax, ay := (float64(s.AX)-n.x)*n.shrink, float64(s.AY)-n.y
	dx, dy := float64(s.BX-s.AX)*n.shrink, float64(s.BY-s.AY)
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = max(0, min(1, -(ax*dx+ay*dy)/length))
	}
	px, py := ax+t*dx, ay+t*dy
	if d := px*px + py*py; d < n.best {
		n.best, n.root = d, math.Sqrt(d)
		n.edge = s.Edge
		n.along = s.From + uint32(math.Round(t*float64(s.To-s.From)))
	}
}
