package workday

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// on reads a date that the test knows to be right.
func on(text string) Date {
	d, err := ParseDate(text)
	if err != nil {
		panic(text)
	}
	return d
}

func anyDate(from, to int) *rapid.Generator[Date] {
	first, last := Date{from, 1, 1}.number(), Date{to, 12, 31}.number()
	return rapid.Custom(func(t *rapid.T) Date { return dateAt(rapid.IntRange(first, last).Draw(t, "day")) })
}

func TestDatesAreReadStrictly(t *testing.T) {
	require.Equal(t, Date{2026, time.February, 28}, on("2026-02-28"))
	require.Equal(t, "2024-02-29", on("2024-02-29").String())
	require.Equal(t, "0001-01-01", on("0001-01-01").String())
	require.Equal(t, "9999-12-31", on("9999-12-31").String())
	for _, wrong := range []string{
		"", "2026-2-28", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01",
		"2026/01/01", "20260101", "2026-01-01T00:00:00Z", " 2026-01-01", "2026-01-01 ", "26-01-01",
		"２０２６-01-01", "2026-01-1a", "-026-01-01", "10000-01-01", "+2026-01-1",
	} {
		d, err := ParseDate(wrong)
		require.ErrorIs(t, err, ErrDate, wrong)
		require.True(t, d.IsZero())
	}
}

func TestTheDayInChinaDoesNotDependOnTheMachine(t *testing.T) {
	newYork := time.FixedZone("EST", -5*3600)
	require.Equal(t, on("2026-01-01"), DateOf(time.Date(2025, 12, 31, 11, 0, 0, 0, newYork)))
	require.Equal(t, on("2025-12-31"), DateOf(time.Date(2025, 12, 31, 15, 59, 59, 0, time.UTC)))
	require.Equal(t, on("2026-01-01"), DateOf(time.Date(2025, 12, 31, 16, 0, 0, 0, time.UTC)))
	require.Equal(t, time.Date(2025, 12, 31, 16, 0, 0, 0, time.UTC), on("2026-01-01").Time().UTC())
}

func TestDateArithmetic(t *testing.T) {
	require.Equal(t, on("2024-03-01"), on("2024-02-28").AddDays(2))
	require.Equal(t, on("2023-12-31"), on("2024-01-01").AddDays(-1))
	require.Equal(t, on("1900-03-01"), on("1900-02-28").AddDays(1))
	require.Equal(t, time.Thursday, on("1970-01-01").Weekday())
	require.Equal(t, time.Thursday, on("2026-10-01").Weekday())
	require.Equal(t, time.Monday, on("0001-01-01").Weekday())
	require.Equal(t, 366, on("2025-01-01").DaysSince(on("2024-01-01")))
	require.True(t, on("2025-12-31").Before(on("2026-01-01")))
	require.True(t, on("2026-02-01").After(on("2026-01-31")))
	require.False(t, on("2026-02-01").After(on("2026-02-01")))
}

func TestMonthsEndOnTheDayOfTheSameNumber(t *testing.T) {
	for _, tc := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-15", 1, "2026-02-15"},
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2026-08-31", 3, "2026-11-30"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2026-12-31", 12, "2027-12-31"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-01-31", 0, "2026-01-31"},
	} {
		require.Equal(t, on(tc.want), on(tc.from).AddMonths(tc.months), "%+v", tc)
	}
}

func TestTheCalendarEndsQuietly(t *testing.T) {
	require.Equal(t, on("9999-12-31"), on("9999-12-30").AddDays(math.MaxInt))
	require.Equal(t, on("0001-01-01"), on("2026-12-30").AddDays(math.MinInt))
	require.Equal(t, "", Date{}.String())
	require.True(t, Date{}.IsZero())
}

func TestDatesKeepTheirOrderAndDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDate(1, 9999).Draw(t, "a"), anyDate(1, 9999).Draw(t, "b")
		require.Equal(t, b, a.AddDays(b.DaysSince(a)))
		require.Equal(t, a.Before(b), a.String() < b.String())
		require.Equal(t, a, on(a.String()))
		require.Equal(t, a, DateOf(a.Time()))
		require.Equal(t, a.Time().Weekday(), a.Weekday())
		require.Equal(t, number(time.Date(a.Year, a.Month, a.Day, 0, 0, 0, 0, time.UTC)), a.number())
	})
}

func FuzzParseDate(f *testing.F) {
	f.Add("2026-02-28")
	f.Add("2024-02-29T")
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := ParseDate(text); err == nil {
			require.Equal(t, text, d.String())
		}
	})
}
