package coverage

import (
	"math"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Ground is a city's ground in square cells.
type Ground struct {
	Cells  []Cell
	People float64 // on the ground; 0 = no population is known
	Beyond float64 // people of the population grid who live off the ground

	box        circle.Box
	cols, rows int
	lng, lat   float64 // a cell's sides, in degrees
	number     []int32 // of the cell at row × cols + col; none = off the ground
}

// Cell is a square of ground.
type Cell struct {
	At     place.Position // its middle
	Area   float64        // km²
	People float64
	Post   int32 // index of the nearest post that has a town
	row    int32
	col    int32
}

const (
	none      = -1
	cellsMost = 4_000_000 // of the rectangle
)

// NewGround lays cells with sides of so many metres over all places that lie
// within reach metres of a post.
func NewGround(posts []Post, side, reach float64) *Ground {
	g := &Ground{}
	var at []place.Position
	var numbers []int32
	for i, p := range posts {
		if p.Town.Code != "" {
			at, numbers = append(at, p.At), append(numbers, int32(i))
			g.box = g.box.With(p.At)
		}
	}
	if len(at) == 0 {
		return g
	}
	g.box = g.box.Widen(reach)
	g.measure(side)
	g.fill(circle.NewField(at, numbers), at, numbers, reach)
	return g
}

// measure sizes the cells; over a very wide box they grow.
func (g *Ground) measure(side float64) {
	middle := (g.box.Min.Lat + g.box.Max.Lat) / 2
	perDegree := circle.Metres(place.Position{Lat: middle}, place.Position{Lat: middle + 1})
	shrink := math.Cos(middle * math.Pi / 180)
	width, height := (g.box.Max.Lng-g.box.Min.Lng)*perDegree*shrink, (g.box.Max.Lat-g.box.Min.Lat)*perDegree
	side = max(side, math.Sqrt(width*height/cellsMost))
	g.lng, g.lat = side/perDegree/shrink, side/perDegree
	g.cols, g.rows = int(width/side)+1, int(height/side)+1
	g.number = make([]int32, g.cols*g.rows)
}

func (g *Ground) fill(field *circle.Field, at []place.Position, numbers []int32, reach float64) {
	among := circle.NewMask(int(numbers[len(numbers)-1]) + 1)
	stands := map[int32]place.Position{}
	for i, n := range numbers {
		among.Set(int(n))
		stands[n] = at[i]
	}
	var near []circle.Reached
	for i := range g.number {
		g.number[i] = none
		p := g.middle(i/g.cols, i%g.cols)
		near, _ = field.Nearest(near[:0], p, circle.Walk, 1, among)
		if circle.Metres(p, stands[near[0].Office]) > reach {
			continue
		}
		g.number[i] = int32(len(g.Cells))
		g.Cells = append(g.Cells, Cell{
			At: p, Area: g.cellArea(p.Lat), Post: near[0].Office, row: int32(i / g.cols), col: int32(i % g.cols),
		})
	}
}

func (g *Ground) middle(row, col int) place.Position {
	return place.Position{
		Lng: g.box.Min.Lng + (float64(col)+0.5)*g.lng,
		Lat: g.box.Min.Lat + (float64(row)+0.5)*g.lat,
	}
}

func (g *Ground) cellArea(lat float64) float64 {
	perDegree := circle.Metres(place.Position{Lat: lat}, place.Position{Lat: lat + 1}) / 1000
	return g.lng * g.lat * perDegree * perDegree * math.Cos(lat*math.Pi/180)
}

// at gives the cell that holds a position, or none.
func (g *Ground) at(p place.Position) int32 {
	col, row := math.Floor((p.Lng-g.box.Min.Lng)/g.lng), math.Floor((p.Lat-g.box.Min.Lat)/g.lat)
	if !(col >= 0 && row >= 0 && col < float64(g.cols) && row < float64(g.rows)) {
		return none
	}
	return g.number[int(row)*g.cols+int(col)]
}

// Settle puts residents on the ground.
func (g *Ground) Settle(residents []Resident) {
	for _, r := range residents {
		if cell := g.at(r.At); cell != none {
			g.Cells[cell].People += r.People
			g.People += r.People
			continue
		}
		g.Beyond += r.People
	}
}

// weight is what a cell counts for: its people where they are known, its area
// where not.
func (g *Ground) weight(c *Cell) float64 {
	if g.People > 0 {
		return c.People
	}
	return c.Area
}
