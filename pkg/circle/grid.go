package circle

import (
	"math"

	"github.com/yimen-gov/yimen/pkg/place"
)

// grid finds the points near a position. It is a plain grid of about two
// points a cell, the points of a cell side by side: 40,000 offices need no
// more, and it is built in milliseconds.
type grid struct {
	box        Box
	cols, rows int
	lng, lat   float64 // degrees per cell
	start      []int32 // first entry of each cell, and the end
	entries    []int32 // numbers of points
	points     []place.Position
	directions []vector
}

func newGrid(points []place.Position) *grid {
	g := &grid{points: points}
	for _, p := range points {
		g.box = g.box.With(p)
		g.directions = append(g.directions, direction(p))
	}
	side := int(math.Sqrt(float64(len(points))/2)) + 1
	g.cols, g.rows = side, side
	g.lng = max((g.box.Max.Lng-g.box.Min.Lng)/float64(side), 1e-6)
	g.lat = max((g.box.Max.Lat-g.box.Min.Lat)/float64(side), 1e-6)
	g.fill()
	return g
}

// fill sorts the points into their cells by counting.
func (g *grid) fill() {
	g.start = make([]int32, g.cols*g.rows+1)
	for _, p := range g.points {
		g.start[g.cell(p)+1]++
	}
	for i := 1; i < len(g.start); i++ {
		g.start[i] += g.start[i-1]
	}
	g.entries = make([]int32, len(g.points))
	next := append([]int32(nil), g.start...)
	for i, p := range g.points {
		c := g.cell(p)
		g.entries[next[c]] = int32(i)
		next[c]++
	}
}

func (g *grid) cell(p place.Position) int {
	return g.row(p.Lat)*g.cols + g.col(p.Lng)
}

func (g *grid) col(lng float64) int { return clamp((lng-g.box.Min.Lng)/g.lng, g.cols) }
func (g *grid) row(lat float64) int { return clamp((lat-g.box.Min.Lat)/g.lat, g.rows) }

func clamp(cell float64, cells int) int {
	return int(max(0, min(cell, float64(cells-1))))
}

// within calls visit for each point at most metres from p.
func (g *grid) within(p place.Position, metres float64, visit func(point int32, metres float64)) {
	area := Box{p, p}.Widen(metres)
	from := direction(p)
	left, right := g.col(area.Min.Lng), g.col(area.Max.Lng)
	for row := g.row(area.Min.Lat); row <= g.row(area.Max.Lat); row++ {
		first, last := g.start[row*g.cols+left], g.start[row*g.cols+right+1]
		for _, point := range g.entries[first:last] {
			if d := arc(from, g.directions[point]); d <= metres {
				visit(point, d)
			}
		}
	}
}
