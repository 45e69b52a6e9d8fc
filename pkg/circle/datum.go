package circle

import (
	"math"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Datum says on which map a position was read (坐标系). Phones in China give
// GCJ-02; a point taken for the other datum is some 600 m off.
type Datum string

// The datums that a question may come in.
const (
	WGS84 Datum = "wgs84"
	GCJ02 Datum = "gcj02"
)

// ErrDatum: the position does not say which map it was read on.
var ErrDatum = fault.New(fault.Invalid, "circle.datum", "请注明坐标系：手机定位用 gcj02，GPS 坐标用 wgs84")

// ToWGS84 converts p from datum d. Errors: ErrDatum.
func (d Datum) ToWGS84(p place.Position) (place.Position, error) {
	switch d {
	case WGS84:
		return p, nil
	case GCJ02:
		return ToWGS84(p), nil
	}
	return place.Position{}, ErrDatum
}

// FromWGS84 converts p to datum d. Errors: ErrDatum.
func (d Datum) FromWGS84(p place.Position) (place.Position, error) {
	switch d {
	case WGS84:
		return p, nil
	case GCJ02:
		return ToGCJ02(p), nil
	}
	return place.Position{}, ErrDatum
}

// The ellipsoid of the public GCJ-02 formula (Krasovsky 1940): semi-major axis
// in metres and squared eccentricity.
const (
	axis         = 6378245.0
	eccentricity = 0.00669342162296594323
)

// ToGCJ02 converts a WGS-84 position. Outside China it gives p itself.
func ToGCJ02(p place.Position) place.Position {
	if !inChina(p, 0) {
		return p
	}
	dlng, dlat := shift(p)
	return place.Position{Lng: p.Lng + dlng, Lat: p.Lat + dlat}
}

// ToWGS84 is the inverse of ToGCJ02, to well under a millimetre. The formula
// has no closed inverse, but the shift changes by less than a fiftieth of the
// step, so that a few rounds of a fixed-point iteration settle it.
func ToWGS84(p place.Position) place.Position {
	if !inChina(p, widest) {
		return p
	}
	w := p
	for range 12 {
		dlng, dlat := shift(w)
		next := place.Position{Lng: p.Lng - dlng, Lat: p.Lat - dlat}
		step := math.Abs(next.Lng-w.Lng) + math.Abs(next.Lat-w.Lat)
		w = next
		if step < 1e-12 {
			break
		}
	}
	if !inChina(w, rounding) {
		return p
	}
	return w
}

// inChina is the box of the public formula, with a rim in degrees. NaN is not
// inside.
func inChina(p place.Position, rim float64) bool {
	return p.Lng >= 72.004-rim && p.Lng <= 137.8347+rim && p.Lat >= 0.8293-rim && p.Lat <= 55.8271+rim
}

// A point just inside China may be shifted to just outside, by less than
// widest; and coming back it may miss the border by a rounding.
const (
	widest   = 0.02
	rounding = 1e-9
)

// shift is how far GCJ-02 lies from the WGS-84 position p, in degrees.
func shift(p place.Position) (dlng, dlat float64) {
	x, y := p.Lng-105, p.Lat-35
	common := wave(20, 6*x, 20, 2*x)
	root := math.Sqrt(math.Abs(x))

	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root +
		common + wave(20, y, 40, y/3) + wave(160, y/12, 320, y/30)
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root +
		common + wave(20, x, 40, x/3) + wave(150, x/12, 300, x/30)

	sin, cos := math.Sincos(p.Lat * math.Pi / 180)
	magic := 1 - eccentricity*sin*sin
	meridian := axis * (1 - eccentricity) / (magic * math.Sqrt(magic))
	parallel := axis / math.Sqrt(magic) * cos
	return degrees(east / parallel), degrees(north / meridian)
}

// wave is two thirds of two sines, whose angles are given in half turns.
func wave(a, alpha, b, beta float64) float64 {
	return (a*math.Sin(alpha*math.Pi) + b*math.Sin(beta*math.Pi)) * 2 / 3
}

func degrees(radians float64) float64 { return radians * 180 / math.Pi }
