package circle

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"

	"github.com/yimen-gov/yimen/pkg/place"
)

// Pace turns a straight line into a journey: the line is made longer by Detour
// and travelled at Speed, in metres a second, stops at lights included.
type Pace struct{ Speed, Detour float64 }

// paces are round figures: a walker's 4.5 km/h; 15 km/h for an e-bike, which
// GB 17761 holds to 25 km/h; 25 km/h for a car in town. The detour is what the
// road networks of Jinan and Porto Alegre have at the median, 1.33 to 1.37.
var paces = [...]Pace{
	Walk:  {Speed: 1.25, Detour: 1.35},
	EBike: {Speed: 4.2, Detour: 1.35},
	Car:   {Speed: 7, Detour: 1.35},
}

// PaceOf gives the stated pace of a mode. It panics for an unknown one.
func PaceOf(by Mode) Pace { return paces[by] }

// way is the journey that a straight line of so many metres stands for. Seconds
// are rounded up: who is told 900 must not need more.
func (p Pace) way(line float64) (seconds, metres int) {
	way := line * p.Detour
	return int(math.Ceil(way / p.Speed)), int(math.Round(way))
}

// reach is the longest straight line that takes at most so many seconds.
func (p Pace) reach(seconds int) float64 {
	return float64(seconds) * p.Speed / p.Detour * (1 + 1e-12)
}

// Straight estimates travel by straight line × detour. It needs no roads and
// serves where none are known.
type Straight struct{}

var _ TravelTime = Straight{}

// Times implements TravelTime.
func (Straight) Times(_ context.Context, from place.Position, by Mode, to []Stop) ([]Estimate, error) {
	if !by.Valid() {
		return nil, ErrUnknownMode
	}
	times := make([]Estimate, len(to))
	for i, stop := range to {
		times[i] = StraightEstimate(from, stop.At, by)
	}
	return times, nil
}

// StraightEstimate is the straight-line journey between two positions.
func StraightEstimate(from, to place.Position, by Mode) Estimate {
	seconds, metres := paces[by].way(Metres(from, to))
	return Estimate{Seconds: seconds, Meters: metres, Model: ModelStraight}
}

// Field is the straight-line model over a fixed set of offices. It is safe for
// concurrent use.
type Field struct {
	grid    *grid
	numbers []int32 // of the offices; nil = their order
	points  []int32 // by number: which point of the grid, plus one; 0 = none
}

var _ Reacher = (*Field)(nil)

// NewField makes the field of offices that stand at these places and have
// these numbers; without numbers, their order numbers them.
func NewField(at []place.Position, numbers []int32) *Field {
	f := &Field{grid: newGrid(at), numbers: numbers}
	for i := range at {
		n := int(f.number(int32(i)))
		f.points = append(f.points, make([]int32, max(0, n+1-len(f.points)))...)
		f.points[n] = int32(i) + 1
	}
	return f
}

func (f *Field) number(point int32) int32 {
	if f.numbers == nil {
		return point
	}
	return f.numbers[point]
}

// Model implements Reacher.
func (*Field) Model() string { return ModelStraight }

// Within implements Reacher. Errors: ErrUnknownMode.
func (f *Field) Within(dst []Reached, from place.Position, by Mode, seconds int, among Mask) ([]Reached, error) {
	if !by.Valid() {
		return dst, ErrUnknownMode
	}
	pace := paces[by]
	f.grid.within(from, pace.reach(seconds), func(point int32, line float64) {
		office := f.number(point)
		if !among.Has(int(office)) {
			return
		}
		if s, m := pace.way(line); s <= seconds {
			dst = append(dst, Reached{office, int32(s), int32(m)})
		}
	})
	return dst, nil
}

// Nearest appends the n offices of among that are nearest to from, the nearest
// first, however far they are. Errors: ErrUnknownMode.
func (f *Field) Nearest(dst []Reached, from place.Position, by Mode, n int, among Mask) ([]Reached, error) {
	if !by.Valid() {
		return dst, ErrUnknownMode
	}
	head := len(dst)
	if among.Count() <= sparse {
		dst = f.each(dst, from, by, among)
	} else {
		for seconds := 600; len(dst)-head < n && paces[by].reach(seconds) < 2*halfRound; seconds *= 2 {
			dst, _ = f.Within(dst[:head], from, by, seconds, among)
		}
	}
	found := dst[head:]
	slices.SortFunc(found, func(a, b Reached) int {
		return cmp.Or(cmp.Compare(a.Seconds, b.Seconds), cmp.Compare(a.Office, b.Office))
	})
	return dst[:head+min(n, len(found))], nil
}

// sparse is how many offices are sooner looked at one by one than by widening
// circles.
const sparse = 100

// each appends every office of among.
func (f *Field) each(dst []Reached, from place.Position, by Mode, among Mask) []Reached {
	here := direction(from)
	for w, word := range among {
		for ; word != 0; word &= word - 1 {
			n := w<<6 | bits.TrailingZeros64(word)
			if n < len(f.points) && f.points[n] > 0 {
				s, m := paces[by].way(arc(here, f.grid.directions[f.points[n]-1]))
				dst = append(dst, Reached{int32(n), int32(s), int32(m)})
			}
		}
	}
	return dst
}

// Half round the earth from a place nothing is farther.
const halfRound = 180 * metresPerDegree
