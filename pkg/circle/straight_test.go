package circle

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/place"
)

func scatter(n int, seed uint64) []place.Position {
	rnd := rand.New(rand.NewPCG(seed, 1))
	at := make([]place.Position, n)
	for i := range at {
		at[i] = place.Position{Lng: 112.5 + rnd.Float64(), Lat: 22.7 + rnd.Float64()}
	}
	return at
}

func all(n int) Mask {
	m := NewMask(n)
	for i := range n {
		m.Set(i)
	}
	return m
}

func TestTheStatedPacesMakeTheTimes(t *testing.T) {
	north := place.Position{Lng: foshan.Lng, Lat: foshan.Lat + 999.9/metresPerDegree}
	for by, want := range map[Mode]Estimate{
		Walk:  {Seconds: 1080, Meters: 1350, Model: ModelStraight},
		EBike: {Seconds: 322, Meters: 1350, Model: ModelStraight},
		Car:   {Seconds: 193, Meters: 1350, Model: ModelStraight},
	} {
		got, err := Straight{}.Times(context.Background(), foshan, by, []Stop{{"a", north}})
		require.NoError(t, err)
		require.Equal(t, []Estimate{want}, got)
	}
}

func TestAnUnknownModeIsRefusedEverywhere(t *testing.T) {
	_, err := ParseMode("bus")
	require.ErrorIs(t, err, ErrUnknownMode)
	_, err = Straight{}.Times(context.Background(), foshan, Mode(9), nil)
	require.ErrorIs(t, err, ErrUnknownMode)
	field := NewField(scatter(3, 1), nil)
	_, err = field.Within(nil, foshan, Mode(9), 900, all(3))
	require.ErrorIs(t, err, ErrUnknownMode)
	_, err = field.Nearest(nil, foshan, Mode(9), 1, all(3))
	require.ErrorIs(t, err, ErrUnknownMode)
	require.Equal(t, "unknown", Mode(9).String())
}

func TestEveryModeIsReadAsItIsWritten(t *testing.T) {
	for _, m := range Modes {
		got, err := ParseMode(m.String())
		require.NoError(t, err)
		require.Equal(t, m, got)
	}
}

func TestMinutesHaveTheirLimits(t *testing.T) {
	for _, m := range []int{-1, 0, 31, 100_000} {
		require.ErrorIs(t, CheckMinutes(m), ErrMinutes)
	}
	require.NoError(t, CheckMinutes(1))
	require.NoError(t, CheckMinutes(30))
}

// The grid must find exactly what looking at every office finds.
func TestTheFieldFindsWhatAFullScanFinds(t *testing.T) {
	at := scatter(2000, 7)
	field := NewField(at, nil)
	rapid.Check(t, func(t *rapid.T) {
		from := place.Position{
			Lng: rapid.Float64Range(112.3, 113.7).Draw(t, "lng"),
			Lat: rapid.Float64Range(22.5, 23.9).Draw(t, "lat"),
		}
		by := rapid.SampledFrom(Modes[:]).Draw(t, "mode")
		seconds := rapid.IntRange(0, 3600).Draw(t, "seconds")
		among := NewMask(len(at))
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(at)-1), 0, 1500).Draw(t, "among") {
			among.Set(i)
		}

		var want []Reached
		for i, p := range at {
			if e := StraightEstimate(from, p, by); among.Has(i) && e.Seconds <= seconds {
				want = append(want, Reached{int32(i), int32(e.Seconds), int32(e.Meters)})
			}
		}
		got, err := field.Within(nil, from, by, seconds, among)
		require.NoError(t, err)
		slices.SortFunc(got, func(a, b Reached) int { return int(a.Office - b.Office) })
		require.Equal(t, want, got)
	})
}

func TestTheNearestAreFoundHoweverFar(t *testing.T) {
	field := NewField(scatter(50, 3), nil)
	got, err := field.Nearest(nil, place.Position{Lng: -51, Lat: -30}, Walk, 3, all(50))
	require.NoError(t, err)
	require.Len(t, got, 3)
	require.LessOrEqual(t, got[0].Seconds, got[1].Seconds)

	got, err = field.Nearest(nil, foshan, Walk, 100, all(50))
	require.NoError(t, err)
	require.Len(t, got, 50, "there are no more")

	got, err = NewField(nil, nil).Nearest(nil, foshan, Walk, 3, nil)
	require.NoError(t, err)
	require.Empty(t, got)
}

func BenchmarkFieldWithin(b *testing.B) {
	at := scatter(40_000, 5)
	field, among := NewField(at, nil), all(len(at))
	var dst []Reached
	b.ReportAllocs()
	for b.Loop() {
		dst, _ = field.Within(dst[:0], foshan, Walk, 900, among)
	}
}
