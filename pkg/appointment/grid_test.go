package appointment

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

func hours(t require.TestingT, text string) place.Hours {
	h, err := place.ParseHours(text)
	require.NoError(t, err)
	return h
}

func date(t require.TestingT, text string) workday.Date {
	d, err := workday.ParseDate(text)
	require.NoError(t, err)
	return d
}

func clock(cell int) string { return fmt.Sprintf("%02d:%02d", cell/4, cell%4*15) }

func TestAVisitTakesWholeCells(t *testing.T) {
	for _, c := range []struct{ minutes, people, want int }{
		{1, 1, 1}, {15, 1, 1}, {16, 1, 2}, {12, 2, 2}, {12, 5, 4}, {15, 3, 3}, {45, 1, 3}, {480, 5, 160},
	} {
		require.Equal(t, c.want, cells(c.minutes, c.people), "%d minutes, %d people", c.minutes, c.people)
	}
}

func TestSlotsFitTheHoursToTheLastFullOne(t *testing.T) {
	for _, c := range []struct {
		hours string
		need  int
		want  []string
	}{
		{"Mon 09:00-10:00", 1, []string{"09:00", "09:15", "09:30", "09:45"}},
		{"Mon 09:00-10:10", 1, []string{"09:00", "09:15", "09:30", "09:45"}},
		{"Mon 09:00-10:00", 2, []string{"09:00", "09:15", "09:30"}},
		{"Mon 09:00-10:00", 4, []string{"09:00"}},
		{"Mon 09:00-10:00", 5, nil},
		{"Mon 09:00-09:14", 1, nil},
		{"Mon 08:40-09:20", 1, []string{"08:45", "09:00"}},
		{"Mon 11:30-12:00,14:00-14:30", 1, []string{"11:30", "11:45", "14:00", "14:15"}},
		{"Mon 11:30-12:00,14:00-14:30", 2, []string{"11:30", "14:00"}},
		{"Mon 11:30-12:00,14:00-14:30", 3, nil},
		{"Mon 08:30-09:00,09:00-09:30", 2, []string{"08:30", "09:00"}},
		{"Mon 00:00-00:30", 1, []string{"00:00", "00:15"}},
		{"Mon 23:30-24:00", 1, []string{"23:30", "23:45"}},
		{"Mon 23:30-24:00", 3, nil},
	} {
		var got []string
		for cell := range starts(hours(t, c.hours).On(time.Monday), c.need) {
			got = append(got, clock(cell))
		}
		require.Equal(t, c.want, got, "%s, %d cells", c.hours, c.need)
	}
}

func TestAHolidayClosesAndAMakeUpDayOpens(t *testing.T) {
	const (
		office  = "Mon-Thu 08:30-12:00,14:00-17:30;Fri 08:30-12:00;Sat 09:00-12:00"
		weekend = "Sat-Sun 10:00-16:00"
	)
	for _, c := range []struct {
		hours, date, want, why string
		kind                   workday.Kind
	}{
		{office, "2026-11-23", "[08:30-12:00 14:00-17:30]", "", workday.Workday},
		{office, "2026-11-27", "[08:30-12:00]", "", workday.Workday},
		{office, "2026-11-28", "[09:00-12:00]", "", workday.Weekend},
		{office, "2026-11-29", "[]", "星期日不开放", workday.Weekend},
		{office, "2026-11-23", "[]", "国庆节放假", workday.Holiday},
		{office, "2026-11-28", "[]", "国庆节放假", workday.Holiday},
		{office, "2026-11-28", "[08:30-12:00 14:00-17:30]", "", workday.Makeup},
		{office, "2026-11-29", "[08:30-12:00 14:00-17:30]", "", workday.Makeup},
		{"Tue-Fri 09:00-17:00", "2026-11-29", "[09:00-17:00]", "", workday.Makeup},
		{weekend, "2026-11-28", "[10:00-16:00]", "", workday.Makeup},
		{weekend, "2026-11-23", "[]", "星期一不开放", workday.Workday},
		{"Sat 10:00-16:00", "2026-11-29", "[]", "星期日不开放", workday.Makeup},
	} {
		day := workday.Day{Date: date(t, c.date), Kind: c.kind, Name: "国庆节"}
		sessions, why := hours(t, c.hours).Opening(day)
		require.Equal(t, c.why, why, "%+v", c)
		require.Equal(t, c.want, fmt.Sprint(sessions), "%+v", c)
	}
	_, why := hours(t, office).Opening(workday.Day{Date: date(t, "2026-11-23"), Kind: workday.Holiday})
	require.Equal(t, "节假日放假", why)
}

func TestAnOfficeClosesWithItsLastSession(t *testing.T) {
	d := date(t, "2026-11-30")
	for _, c := range []struct{ hours, want string }{
		{"Mon 08:30-12:00,14:00-17:30", "2026-11-30T17:30:00+08:00"},
		{"Mon 08:30-24:00", "2026-12-01T00:00:00+08:00"},
		{"Tue 08:30-12:00", "2026-12-01T00:00:00+08:00"},
	} {
		got := closing(hours(t, c.hours).On(time.Monday), d)
		require.Equal(t, c.want, got.Format(time.RFC3339), c.hours)
	}
}

// A start is offered exactly where it is on the grid and the whole visit fits
// into one session.
func TestStartsAreAllThatFitAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sessions := anySessions(t)
		need := rapid.IntRange(1, 40).Draw(t, "need")
		var want []int
		for cell := range cellsPerDay {
			open, end := cell*cellMinutes, (cell+need)*cellMinutes
			if slices.ContainsFunc(sessions, func(s place.Session) bool { return s.Open <= open && end <= s.Close }) {
				want = append(want, cell)
			}
			_, ok := sessionOf(sessions, need, time.Duration(cell)*Cell)
			require.Equal(t, slices.Contains(want, cell), ok)
		}
		require.Equal(t, want, slices.Collect(starts(sessions, need)))
		odd := time.Duration(rapid.Int64Range(1, int64(Cell)-1).Draw(t, "odd"))
		_, ok := sessionOf(sessions, need, 36*Cell+odd)
		require.False(t, ok)
	})
}

func anySessions(t *rapid.T) []place.Session {
	edges := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*60), 2, 8, rapid.ID[int]).Draw(t, "edges")
	slices.Sort(edges)
	var sessions []place.Session
	for i := 0; i+1 < len(edges); i += 2 {
		sessions = append(sessions, place.Session{Open: edges[i], Close: edges[i+1]})
	}
	return sessions
}
