package appointment

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAThirdOfTheWindowsIsForWalkIns(t *testing.T) {
	for windows, want := range map[int]int{0: 0, 1: 1, 2: 2, 3: 2, 5: 4, 6: 4, 7: 5, 12: 8, 13: 9, 30: 20, 40: 27} {
		require.Equal(t, want, DefaultRules().Capacity(windows), "%d windows", windows)
	}
	require.Equal(t, 9, Rules{WalkIn: Unsaid}.Capacity(9), "nothing kept for walk-ins")
	require.Equal(t, 1, Rules{WalkInOneIn: 1, WalkIn: Unsaid}.Capacity(9), "never less than one")
}

func TestADateIsReleasedAtItsHourInChina(t *testing.T) {
	rules := Rules{Horizon: 14, Release: 9 * time.Hour}
	for _, c := range []struct{ now, last string }{
		{"2026-11-23T08:59:59.999+08:00", "2026-12-05"},
		{"2026-11-23T09:00:00+08:00", "2026-12-06"},
		{"2026-11-23T23:59:59+08:00", "2026-12-06"},
		{"2026-11-24T00:00:00+08:00", "2026-12-06"},
		{"2026-11-23T16:00:00Z", "2026-12-06"},      // midnight in China
		{"2026-11-23T20:00:00-05:00", "2026-12-07"}, // 9:00 of the next day in China
		{"2026-12-31T10:00:00+08:00", "2027-01-13"},
		{"2028-02-20T10:00:00+08:00", "2028-03-04"},
	} {
		now := instant(t, c.now)
		require.Equal(t, c.last, rules.last(now).String(), c.now)
	}
	midnight := Rules{Horizon: 14}
	require.Equal(t, "2026-12-06", midnight.last(instant(t, "2026-11-23T00:00:00+08:00")).String())
	require.Equal(t, "2026-11-23", Rules{Horizon: 1}.last(instant(t, "2026-11-23T00:00:00+08:00")).String())
}

func TestTheHourOfReleaseIsTheFirstAtWhichTheDateCanBeBooked(t *testing.T) {
	rules := Rules{Horizon: 14, Release: 9*time.Hour + 30*time.Minute}
	for _, text := range []string{"2026-12-01", "2027-01-01", "2028-02-29", "2028-03-01"} {
		d := date(t, text)
		at := rules.releasedAt(d)
		require.Equal(t, d, rules.last(at), text)
		require.True(t, rules.last(at.Add(-time.Nanosecond)).Before(d), text)
	}
}

func instant(t require.TestingT, text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}
