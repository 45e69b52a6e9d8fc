package circle

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTheBoardShowsTheNextFreeSlot(t *testing.T) {
	b := NewBoard(2, at(0, 0), 15*time.Minute)
	require.Zero(t, b.For(1).FirstSlot(0, at(9, 0).Unix()), "nothing is shown yet")
	require.Negative(t, b.For(1).Wait(0))

	cells := make([]uint64, 2)
	for _, free := range []time.Time{at(9, 0), at(10, 15), at(10, 30), at(10, 45), at(16, 0)} {
		cells[b.Cell(free)>>6] |= 1 << (b.Cell(free) & 63)
	}
	b.ShowFree(1, cells)
	b.ShowWait(1, 0)

	for _, c := range []struct {
		cells       int
		after, want time.Time
	}{
		{1, at(8, 0), at(9, 0)}, {1, at(9, 0), at(9, 0)}, {1, at(9, 0).Add(time.Second), at(10, 15)},
		{2, at(8, 0), at(10, 15)}, {3, at(8, 0), at(10, 15)}, {2, at(10, 16), at(10, 30)},
		{1, at(11, 0), at(16, 0)}, {0, at(11, 0), at(16, 0)}, {1, at(0, 0).AddDate(0, 0, -2), at(9, 0)},
	} {
		require.Equal(t, c.want.Unix(), b.For(c.cells).FirstSlot(1, c.after.Unix()), "%+v", c)
	}
	require.Zero(t, b.For(4).FirstSlot(1, at(8, 0).Unix()))
	require.Zero(t, b.For(1).FirstSlot(1, at(16, 1).Unix()))
	require.Zero(t, b.For(1).FirstSlot(1, at(9, 0).AddDate(1, 0, 0).Unix()))
	require.Zero(t, b.For(1).Wait(1))
	require.Negative(t, b.For(1).Wait(0), "the other office is not known")
}

func TestARunIsFoundWhereCountingFindsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.SliceOfN(rapid.Bool(), 192, 192).Draw(t, "bits")
		from, length := rapid.IntRange(0, 200).Draw(t, "from"), rapid.IntRange(1, 5).Draw(t, "length")
		set := make([]uint64, 3)
		for i, one := range bits {
			if one {
				set[i>>6] |= 1 << (i & 63)
			}
		}
		want := -1
		for i := from; i+length <= len(bits) && want < 0; i++ {
			run := true
			for j := range length {
				run = run && bits[i+j]
			}
			if run {
				want = i
			}
		}
		require.Equal(t, want, firstRun(set, from, length))
	})
}
