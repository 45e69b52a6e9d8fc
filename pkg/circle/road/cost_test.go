package road

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestACostIsTimeFirst(t *testing.T) {
	require.Less(t, newCost(10, 900), newCost(10.1, 5))
	require.Less(t, newCost(10, 5), newCost(10, 6))
	require.Equal(t, newCost(15, 30), newCost(10, 10)+newCost(5, 20))
	require.EqualValues(t, 11, newCost(10.1, 5).Seconds(), "rounded up")
	require.EqualValues(t, 10, newCost(10, 5).Seconds())
	require.EqualValues(t, 5, newCost(10.1, 5).Meters())
}

func TestSecondsAreABoundary(t *testing.T) {
	require.LessOrEqual(t, newCost(900, 1e6), within(900))
	require.Greater(t, newCost(900.1, 0), within(900))
}

func TestPackingLosesNothingWithinTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCost(rapid.Float64Range(0, 1800).Draw(t, "seconds"), rapid.Float64Range(0, 131_071).Draw(t, "metres"))
		require.Equal(t, c, unpack(c.pack()))
	})
}

func TestPartsGrowAndMakeTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCost(rapid.Float64Range(0, 1e5).Draw(t, "seconds"), rapid.Float64Range(0, 1e6).Draw(t, "metres"))
		a := rapid.Uint32Range(0, whole).Draw(t, "a")
		b := rapid.Uint32Range(a, whole).Draw(t, "b")
		require.LessOrEqual(t, c.part(a), c.part(b))
		require.Equal(t, c, c.part(whole))
		require.Zero(t, c.part(0))
	})
}
