package circle

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/place"
)

func TestAnAbsurdPositionIsToldAsWhatItIs(t *testing.T) {
	city := Box{place.Position{Lng: 112.3, Lat: 22.6}, place.Position{Lng: 113.4, Lat: 23.6}}
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		lng, lat float64
		want     error
	}{
		"in the city":                  {113.1, 23.0, nil},
		"on its border":                {112.3, 23.6, nil},
		"swapped":                      {23.0, 113.1, ErrSwapped},
		"swapped, of another city":     {39.9, 116.4, ErrSwapped},
		"another city":                 {116.4, 39.9, ErrOutside},
		"no position":                  {0, 0, ErrOutside},
		"the sea":                      {114.5, 21.0, ErrOutside},
		"NaN":                          {nan, 23.0, ErrPosition},
		"both NaN":                     {nan, nan, ErrPosition},
		"infinite":                     {inf, 23.0, ErrPosition},
		"minus infinity":               {113.1, -inf, ErrPosition},
		"out of range":                 {200, 23, ErrPosition},
		"out of range both ways about": {113, 1e9, ErrPosition},
	} {
		t.Run(name, func(t *testing.T) {
			err := CheckPosition(place.Position{Lng: c.lng, Lat: c.lat}, city)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
		})
	}
}

func TestACityWithoutABoxHoldsNobody(t *testing.T) {
	require.ErrorIs(t, CheckPosition(place.Position{}, Box{}), ErrOutside)
}

func TestABoxIsWidenedInMetres(t *testing.T) {
	box := Box{}.With(foshan).Widen(1000)
	for _, corner := range []place.Position{
		{Lng: foshan.Lng, Lat: box.Max.Lat}, {Lng: box.Min.Lng, Lat: foshan.Lat},
	} {
		require.InDelta(t, 1000, Metres(foshan, corner), 1)
	}
}

func TestADegreeOfLatitudeIsAsLongAsKnown(t *testing.T) {
	require.InDelta(t, 111195, Metres(place.Position{Lng: 113, Lat: 22}, place.Position{Lng: 113, Lat: 23}), 1)
	require.InDelta(t, math.Pi*6371008.8, Metres(place.Position{}, place.Position{Lng: 180}), 1)
}

func TestNearAndFarAreMeasuredAlike(t *testing.T) {
	for _, km := range []float64{0.001, 1, 30, 63.7, 63.8, 64, 500} {
		b := place.Position{Lng: 113, Lat: 22 + km*1000/metresPerDegree}
		require.InDelta(t, km*1000, Metres(place.Position{Lng: 113, Lat: 22}, b), 1e-4)
	}
}
