package coverage

import (
	"cmp"
	"math"
	"slices"

	"github.com/yimen-gov/yimen/pkg/place"
)

// Ring is a closed line; its last point is its first. What it encloses lies to
// its left, so that outer rings run anticlockwise and holes clockwise
// (RFC 7946, section 3.1.6).
type Ring []place.Position

// Polygon is an outer ring and its holes.
type Polygon []Ring

// Isochrone outlines what lies within so many minutes (等时圈).
func (s *Survey) Isochrone(minutes int) []Polygon {
	c := contour{ground: s.ground, times: s.times, level: float64(minutes * 60), next: map[int]int{}}
	for row := -1; row < s.ground.rows; row++ {
		for col := -1; col < s.ground.cols; col++ {
			c.square(row, col)
		}
	}
	return nest(c.rings())
}

// contour follows a level between the middles of cells (marching squares).
// Beyond the ground lies a rim of one cell, which is outside.
type contour struct {
	ground *Ground
	times  []int32
	level  float64
	next   map[int]int // from one crossed side to the next
}

// outside is the time of what cannot be reached: late enough, but near enough
// that the line stays close to what can.
const outside = 3600

func (c *contour) value(row, col int) float64 {
	g := c.ground
	if row < 0 || col < 0 || row >= g.rows || col >= g.cols || g.number[row*g.cols+col] == none {
		return outside
	}
	return math.Min(float64(c.times[g.number[row*g.cols+col]]), outside)
}

// Sides of a square, as seen from its south-western corner.
const (
	south = iota
	east
	north
	west
)

// steps gives, for each set of corners inside (1 south-west, 2 south-east,
// 4 north-east, 8 north-west), the lines through the square from side to side.
var steps = [16][][2]int{
	1: {{south, west}}, 2: {{east, south}}, 3: {{east, west}}, 4: {{north, east}},
	5: {{south, west}, {north, east}}, 6: {{north, south}}, 7: {{north, west}},
	8: {{west, north}}, 9: {{south, north}}, 10: {{east, south}, {west, north}},
	11: {{east, north}}, 12: {{west, east}}, 13: {{south, east}}, 14: {{west, south}},
}

func (c *contour) square(row, col int) {
	corners := 0
	for i, at := range [...][2]int{{row, col}, {row, col + 1}, {row + 1, col + 1}, {row + 1, col}} {
		if c.value(at[0], at[1]) <= c.level {
			corners |= 1 << i
		}
	}
	for _, step := range steps[corners] {
		c.next[c.side(row, col, step[0])] = c.side(row, col, step[1])
	}
}

// side numbers the sides of all squares: twice a corner, plus one for the side
// that runs north from it.
func (c *contour) side(row, col, side int) int {
	corner := func(row, col int) int { return 2 * ((row+1)*(c.ground.cols+2) + col + 1) }
	switch side {
	case south:
		return corner(row, col)
	case east:
		return corner(row, col+1) + 1
	case north:
		return corner(row+1, col)
	}
	return corner(row, col) + 1
}

// point is where the level crosses a side.
func (c *contour) point(side int) place.Position {
	corner, northward := side/2, side%2
	row, col := corner/(c.ground.cols+2)-1, corner%(c.ground.cols+2)-1
	a, b := c.value(row, col), c.value(row+northward, col+1-northward)
	t := (c.level - a) / (b - a)
	p := c.ground.middle(row, col)
	if northward == 1 {
		p.Lat += t * c.ground.lat
	} else {
		p.Lng += t * c.ground.lng
	}
	return p
}

func (c *contour) rings() []Ring {
	var rings []Ring
	starts := make([]int, 0, len(c.next))
	for side := range c.next {
		starts = append(starts, side)
	}
	slices.Sort(starts)
	for _, start := range starts {
		if ring := c.follow(start); len(ring) > 0 {
			rings = append(rings, ring)
		}
	}
	return rings
}

// follow takes a line off the sides, back to where it began.
func (c *contour) follow(start int) Ring {
	var ring Ring
	for side := start; ; {
		next, ok := c.next[side]
		if !ok {
			return ring
		}
		delete(c.next, side)
		if len(ring) == 0 {
			ring = append(ring, c.point(side))
		}
		ring = append(ring, c.point(next))
		side = next
	}
}

// nest puts each hole into the smallest outer ring around it.
func nest(rings []Ring) []Polygon {
	var polygons []Polygon
	var holes []Ring
	for _, r := range rings {
		if r.area() > 0 {
			polygons = append(polygons, Polygon{r})
		} else {
			holes = append(holes, r)
		}
	}
	slices.SortStableFunc(polygons, func(a, b Polygon) int { return cmp.Compare(a[0].area(), b[0].area()) })
	for _, h := range holes {
		i := slices.IndexFunc(polygons, func(p Polygon) bool { return p[0].holds(h[0]) })
		if i >= 0 {
			polygons[i] = append(polygons[i], h)
		}
	}
	return polygons
}

// area is in square degrees, positive for anticlockwise rings.
func (r Ring) area() float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		// From the first point on, or the products would drown the difference.
		a, b := r[i-1], r[i]
		sum += (a.Lng-r[0].Lng)*(b.Lat-r[0].Lat) - (b.Lng-r[0].Lng)*(a.Lat-r[0].Lat)
	}
	return sum / 2
}

// holds says whether a point lies within the ring: whether a line from it to
// the east crosses the ring an odd number of times.
func (r Ring) holds(p place.Position) bool {
	inside := false
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if (a.Lat > p.Lat) != (b.Lat > p.Lat) && p.Lng < a.Lng+(p.Lat-a.Lat)/(b.Lat-a.Lat)*(b.Lng-a.Lng) {
			inside = !inside
		}
	}
	return inside
}
