package road

import (
	"math"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// newSnapper lays the segments of the edges, numbered by their order, into a
// grid.
func newSnapper(n *Network, edges []edge, order []int) Snapper {
	var box circle.Box
	for _, e := range order {
		for _, node := range edges[e].nodes {
			box = box.With(n.Nodes[node].At)
		}
	}
	s := Snapper{}
	for i, e := range order {
		if !n.Ways[edges[e].way].Through {
			s.addEdge(n, &edges[e], uint32(i), box.Min)
		}
	}
	s.Grid = newGrid(box, len(s.Segments))
	s.fill()
	return s
}

func (s *Snapper) addEdge(n *Network, e *edge, number uint32, origin place.Position) {
	passed := 0.0
	from := uint32(0)
	for i := 1; i < len(e.nodes); i++ {
		a, b := n.Nodes[e.nodes[i-1]].At, n.Nodes[e.nodes[i]].At
		passed += circle.Metres(a, b)
		to := uint32(math.Round(min(1, passed/max(e.metres, 1e-6)) * whole))
		ax, ay := units(a, origin)
		bx, by := units(b, origin)
		s.Segments = append(s.Segments, Segment{AX: ax, AY: ay, BX: bx, BY: by, Edge: number, From: from, To: to})
		from = to
	}
}

func units(p, origin place.Position) (x, y int32) {
	return int32(math.Round((p.Lng - origin.Lng) / unit)), int32(math.Round((p.Lat - origin.Lat) / unit))
}

// newGrid makes about as many cells as there are segments, but none below 50 m.
func newGrid(box circle.Box, segments int) Grid {
	width, height := (box.Max.Lng-box.Min.Lng)/unit, (box.Max.Lat-box.Min.Lat)/unit
	shrink := math.Cos(box.Min.Lat * math.Pi / 180)
	side := max(math.Sqrt(width*shrink*height/float64(max(segments, 1))), 50/metresPerUnit)
	g := Grid{Lng: box.Min.Lng, Lat: box.Min.Lat, DX: side / shrink, DY: side}
	g.Cols, g.Rows = int64(width/g.DX)+1, int64(height/g.DY)+1
	return g
}

// fill lists in each cell the segments whose rectangle touches it.
func (s *Snapper) fill() {
	s.Start = make([]uint32, s.Grid.Cols*s.Grid.Rows+1)
	s.eachCell(func(cell int64, _ int) { s.Start[cell+1]++ })
	for i := 1; i < len(s.Start); i++ {
		s.Start[i] += s.Start[i-1]
	}
	s.List = make([]uint32, s.Start[len(s.Start)-1])
	next := append([]uint32(nil), s.Start...)
	s.eachCell(func(cell int64, segment int) {
		s.List[next[cell]] = uint32(segment)
		next[cell]++
	})
}

func (s *Snapper) eachCell(visit func(cell int64, segment int)) {
	for i := range s.Segments {
		seg := &s.Segments[i]
		left, right := s.Grid.col(min(seg.AX, seg.BX)), s.Grid.col(max(seg.AX, seg.BX))
		for row := s.Grid.row(min(seg.AY, seg.BY)); row <= s.Grid.row(max(seg.AY, seg.BY)); row++ {
			for col := left; col <= right; col++ {
				visit(row*s.Grid.Cols+col, i)
			}
		}
	}
}

func (g *Grid) col(x int32) int64 { return min(int64(float64(x)/g.DX), g.Cols-1) }
func (g *Grid) row(y int32) int64 { return min(int64(float64(y)/g.DY), g.Rows-1) }
