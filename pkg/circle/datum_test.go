package circle

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/place"
)

var foshan = place.Position{Lng: 113.121, Lat: 23.0215}

func TestAPositionSurvivesTheRoundTripToAMillimetre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := place.Position{
			Lng: rapid.Float64Range(72.004, 137.8347).Draw(t, "lng"),
			Lat: rapid.Float64Range(0.8293, 55.8271).Draw(t, "lat"),
		}
		require.Less(t, Metres(p, ToWGS84(ToGCJ02(p))), 0.001)
	})
}

func TestBothDatumsAreOneOutsideChina(t *testing.T) {
	for _, p := range []place.Position{
		{Lng: -51.2, Lat: -30.03}, {Lng: 2.35, Lat: 48.86}, {Lng: 139.69, Lat: 35.69}, {},
		{Lng: math.Inf(1), Lat: 23}, {Lng: 113, Lat: math.Inf(-1)},
	} {
		require.Equal(t, p, ToGCJ02(p))
		require.Equal(t, p, ToWGS84(p))
	}
}

// The published pair of the formula's many implementations, and the distance
// between the datums in Foshan.
func TestTheShiftIsThePublishedOne(t *testing.T) {
	beijing := ToGCJ02(place.Position{Lng: 116.404, Lat: 39.915})
	require.InDelta(t, 116.41024449916938, beijing.Lng, 1e-9)
	require.InDelta(t, 39.91640428150164, beijing.Lat, 1e-9)

	require.InDelta(t, 615, Metres(foshan, ToGCJ02(foshan)), 25)
}

func TestAnUnknownDatumIsRefused(t *testing.T) {
	for _, d := range []Datum{"", "WGS84", "bd09", "gcj-02"} {
		_, err := d.ToWGS84(foshan)
		require.ErrorIs(t, err, ErrDatum)
		_, err = d.FromWGS84(foshan)
		require.ErrorIs(t, err, ErrDatum)
	}
}

// Two offices 600 m apart along the shift: read on the wrong map, a person
// beside the one is sent to the other.
func TestTheRightOfficeComesFirstForBothDatums(t *testing.T) {
	here, wrong := foshan, ToGCJ02(foshan)
	field := NewField([]place.Position{wrong, here}, nil)
	both := Mask{3}

	for datum, read := range map[Datum]place.Position{WGS84: here, GCJ02: ToGCJ02(here)} {
		p, err := datum.ToWGS84(read)
		require.NoError(t, err)
		got, err := field.Nearest(nil, p, Walk, 2, both)
		require.NoError(t, err)
		require.EqualValues(t, 1, got[0].Office, datum)
		require.Zero(t, got[0].Seconds)
		require.Greater(t, got[1].Seconds, int32(600), "the price of the wrong datum")
	}
}

func FuzzDatumsNeverLosePositions(f *testing.F) {
	f.Add(113.121, 23.0215)
	f.Add(105.0, 35.0)
	f.Add(72.004, 0.8293)
	f.Add(137.8347, 55.8271)
	f.Add(math.NaN(), 200.0)
	f.Fuzz(func(t *testing.T, lng, lat float64) {
		p := place.Position{Lng: lng, Lat: lat}
		g := ToGCJ02(p)
		if inChina(p, 0) {
			require.Less(t, Metres(p, ToWGS84(g)), 0.001)
			require.Less(t, Metres(p, g), 2000.0)
			return
		}
		require.Equal(t, math.Float64bits(lng), math.Float64bits(g.Lng))
		require.Equal(t, math.Float64bits(lat), math.Float64bits(g.Lat))
		if !inChina(p, widest) {
			require.Equal(t, math.Float64bits(lng), math.Float64bits(ToWGS84(p).Lng))
		}
	})
}
