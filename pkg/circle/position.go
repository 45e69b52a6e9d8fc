package circle

import (
	"math"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// The faults of a question's position.
var (
	ErrPosition = fault.New(fault.Invalid, "circle.position", "位置无效：经度须在 -180 至 180 之间，纬度须在 -90 至 90 之间，请重新定位")
	ErrSwapped  = fault.New(fault.Invalid, "circle.swapped", "经度和纬度似乎写反了，请按“经度在前、纬度在后”重新提供位置")
	ErrOutside  = fault.New(fault.Invalid, "circle.outside_city", "该位置不在本市范围内，请在地图上选择本市内的位置")
)

// Box is a rectangle of the map, WGS-84. The zero Box holds nothing.
type Box struct{ Min, Max place.Position }

// Holds says whether p lies in the box, its border included.
func (b Box) Holds(p place.Position) bool {
	return p.Lng >= b.Min.Lng && p.Lng <= b.Max.Lng && p.Lat >= b.Min.Lat && p.Lat <= b.Max.Lat &&
		b != Box{}
}

// With gives the smallest box that holds b and p.
func (b Box) With(p place.Position) Box {
	if b == (Box{}) {
		return Box{p, p}
	}
	return Box{
		place.Position{Lng: min(b.Min.Lng, p.Lng), Lat: min(b.Min.Lat, p.Lat)},
		place.Position{Lng: max(b.Max.Lng, p.Lng), Lat: max(b.Max.Lat, p.Lat)},
	}
}

// Widen pushes each side out by metres.
func (b Box) Widen(metres float64) Box {
	lat := metres / metresPerDegree
	lng := lat / math.Max(math.Cos(radians((b.Min.Lat+b.Max.Lat)/2)), 0.01)
	return Box{
		place.Position{Lng: b.Min.Lng - lng, Lat: b.Min.Lat - lat},
		place.Position{Lng: b.Max.Lng + lng, Lat: b.Max.Lat + lat},
	}
}

// CheckPosition refuses a WGS-84 position that no question about this city can
// mean. A point that lies in the city once its numbers change places is told
// so. Errors: ErrPosition, ErrSwapped, ErrOutside.
func CheckPosition(p place.Position, city Box) error {
	swapped := place.Position{Lng: p.Lat, Lat: p.Lng}
	switch {
	case city.Holds(p):
		return nil
	case city.Holds(swapped):
		return ErrSwapped
	case onEarth(p):
		return ErrOutside
	case onEarth(swapped):
		return ErrSwapped
	}
	return ErrPosition
}

// onEarth refuses NaN and infinities too: no comparison with them is true.
func onEarth(p place.Position) bool {
	return math.Abs(p.Lng) <= 180 && math.Abs(p.Lat) <= 90
}

// earthRadius is the earth's mean radius in metres (IUGG).
const earthRadius = 6371008.8

// metresPerDegree is a degree of latitude.
const metresPerDegree = earthRadius * math.Pi / 180

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// Metres is the great-circle distance between two positions (on a sphere of
// the mean radius; within 0.5 % of the ellipsoid).
func Metres(a, b place.Position) float64 { return arc(direction(a), direction(b)) }

// vector is a point of the unit sphere.
type vector struct{ x, y, z float64 }

func direction(p place.Position) vector {
	sinLng, cosLng := math.Sincos(radians(p.Lng))
	sinLat, cosLat := math.Sincos(radians(p.Lat))
	return vector{cosLat * cosLng, cosLat * sinLng, sinLat}
}

// arc is the distance along the sphere between two of its points, in metres.
// The chord keeps its precision down to a nanometre.
func arc(a, b vector) float64 {
	x, y, z := a.x-b.x, a.y-b.y, a.z-b.z
	half := math.Sqrt(x*x+y*y+z*z) / 2
	if half < 0.005 { // within 60 km two terms of the series tell micrometres
		return 2 * earthRadius * half * (1 + half*half/6)
	}
	return 2 * earthRadius * math.Asin(min(half, 1))
}
