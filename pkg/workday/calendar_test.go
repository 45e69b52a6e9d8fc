package workday

import (
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The arrangements as the State Council published them: first and last day
// off, and the weekend days on which people work.
var published = []struct {
	name, from, to string
	makeup         []string
}{
	{"元旦", "2024-01-01", "2024-01-01", nil},
	{"春节", "2024-02-10", "2024-02-17", []string{"2024-02-04", "2024-02-18"}},
	{"清明节", "2024-04-04", "2024-04-06", []string{"2024-04-07"}},
	{"劳动节", "2024-05-01", "2024-05-05", []string{"2024-04-28", "2024-05-11"}},
	{"端午节", "2024-06-08", "2024-06-10", nil},
	{"中秋节", "2024-09-15", "2024-09-17", []string{"2024-09-14"}},
	{"国庆节", "2024-10-01", "2024-10-07", []string{"2024-09-29", "2024-10-12"}},
	{"元旦", "2025-01-01", "2025-01-01", nil},
	{"春节", "2025-01-28", "2025-02-04", []string{"2025-01-26", "2025-02-08"}},
	{"清明节", "2025-04-04", "2025-04-06", nil},
	{"劳动节", "2025-05-01", "2025-05-05", []string{"2025-04-27"}},
	{"端午节", "2025-05-31", "2025-06-02", nil},
	{"国庆节、中秋节", "2025-10-01", "2025-10-08", []string{"2025-09-28", "2025-10-11"}},
	{"元旦", "2026-01-01", "2026-01-03", []string{"2026-01-04"}},
	{"春节", "2026-02-15", "2026-02-23", []string{"2026-02-14", "2026-02-28"}},
	{"清明节", "2026-04-04", "2026-04-06", nil},
	{"劳动节", "2026-05-01", "2026-05-05", []string{"2026-05-09"}},
	{"端午节", "2026-06-19", "2026-06-21", nil},
	{"中秋节", "2026-09-25", "2026-09-27", nil},
	{"国庆节", "2026-10-01", "2026-10-07", []string{"2026-09-20", "2026-10-10"}},
}

func TestTheBuiltInCalendarIsThePublishedOne(t *testing.T) {
	want := map[Date]Day{}
	for _, p := range published {
		for d := on(p.from); !d.After(on(p.to)); d = d.AddDays(1) {
			want[d] = Day{Date: d, Kind: Holiday, Name: p.name}
		}
		for _, m := range p.makeup {
			want[on(m)] = Day{Date: on(m), Kind: Makeup, Name: p.name}
		}
	}
	cal := NewCalendar()
	for d := on("2024-01-01"); d.Year <= 2026; d = d.AddDays(1) {
		expect, special := want[d]
		switch w := d.Weekday(); {
		case special:
		case w == time.Saturday || w == time.Sunday:
			expect = Day{Date: d, Kind: Weekend}
		default:
			expect = Day{Date: d, Kind: Workday}
		}
		require.Equal(t, expect, cal.Day(d), d.String())
		require.Equal(t, expect.Kind.Works(), cal.IsWorkday(d))
	}
	require.Empty(t, cal.Warnings(on("2002-01-01"), on("2026-12-31")))
}

func TestYearsHaveAsManyWorkingDaysAsTheLawSays(t *testing.T) {
	cal := NewCalendar()
	for year, want := range map[int]int{2024: 251, 2025: 248, 2026: 248} {
		require.Equal(t, want, cal.Between(Date{year - 1, 12, 31}, Date{year, 12, 31}), year)
	}
}

func TestAYearNotYetArrangedHasItsStatutoryHolidays(t *testing.T) {
	cal := NewCalendar()
	want := map[string]string{
		"2027-01-01": "元旦",
		"2027-02-05": "春节", "2027-02-06": "春节", "2027-02-07": "春节", "2027-02-08": "春节",
		"2027-04-05": "清明节",
		"2027-05-01": "劳动节", "2027-05-02": "劳动节",
		"2027-06-09": "端午节",
		"2027-09-15": "中秋节",
		"2027-10-01": "国庆节", "2027-10-02": "国庆节", "2027-10-03": "国庆节",
	}
	for d := on("2027-01-01"); d.Year == 2027; d = d.AddDays(1) {
		day := cal.Day(d)
		require.True(t, day.Provisional)
		require.Equal(t, want[d.String()], day.Name, d.String())
		require.Equal(t, want[d.String()] != "", day.Kind == Holiday)
		require.NotEqual(t, Makeup, day.Kind)
	}
	got := cal.Warnings(on("2026-11-01"), on("2028-01-01"))
	require.Len(t, got, 2)
	require.Equal(t, 2027, got[0].Year)
	require.Contains(t, got[0].Text, "2027年")
}

func TestLunarHolidaysOfFarYears(t *testing.T) {
	// Known dates of 春节 (初一), 端午, 中秋 and 清明.
	for year, want := range map[int][4]string{
		2028: {"2028-01-26", "2028-05-28", "2028-10-03", "2028-04-04"},
		2033: {"2033-01-31", "2033-06-01", "2033-09-08", "2033-04-04"}, // the leap month is disputed ground
		2034: {"2034-02-19", "2034-06-20", "2034-09-27", "2034-04-05"},
		2057: {"2057-02-04", "2057-06-06", "2057-09-13", "2057-04-04"},
		2100: {"2100-02-09", "2100-06-12", "2100-09-18", "2100-04-05"},
	} {
		cal := NewCalendar()
		for i, d := range want {
			day := cal.Day(on(d))
			require.Equal(t, Holiday, day.Kind, "%d %d", year, i)
		}
		require.Equal(t, "春节", cal.Day(on(want[0]).AddDays(-1)).Name)
		require.Equal(t, "春节", cal.Day(on(want[0]).AddDays(2)).Name)
	}
}

func TestEveryYearGivesASensibleCount(t *testing.T) {
	cal := NewCalendar()
	for year := 2002; year <= lastYear; year++ {
		n := cal.Between(Date{year - 1, 12, 31}, Date{year, 12, 31})
		require.True(t, n >= 246 && n <= 258, "%d: %d", year, n)
	}
	for _, year := range []int{1, 1900, 1948, 2201, 9999} { // plain weeks
		n := cal.Between(Date{year, 1, 1}, Date{year, 12, 31})
		require.True(t, n >= 259 && n <= 262, "%d: %d", year, n)
		require.Len(t, cal.Warnings(Date{year, 1, 1}, Date{year, 12, 31}), 1)
	}
}

func TestCountingWorkingDays(t *testing.T) {
	cal := NewCalendar()
	for _, tc := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-03-02", 0, "2026-03-02"},
		{"2026-03-07", 0, "2026-03-07"}, // a Saturday stays one
		{"2026-03-06", 1, "2026-03-09"},
		{"2026-03-07", 1, "2026-03-09"},
		{"2026-03-07", -1, "2026-03-06"},
		{"2026-03-09", -1, "2026-03-06"},
		{"2026-03-08", -2, "2026-03-05"},
		{"2026-09-30", 1, "2026-10-08"},
		{"2026-09-30", 3, "2026-10-10"}, // a Saturday worked
		{"2026-09-18", 1, "2026-09-20"}, // a Sunday worked
		{"2025-09-26", 1, "2025-09-28"},
		{"2025-09-30", 1, "2025-10-09"},
		{"2025-09-30", 3, "2025-10-11"},
		{"2024-09-30", 1, "2024-10-08"},
		{"2024-09-30", 5, "2024-10-12"},
		{"2025-01-27", 1, "2025-02-05"},
		{"2026-02-13", 1, "2026-02-14"},
		{"2026-02-14", 1, "2026-02-24"},
		{"2026-02-24", -1, "2026-02-14"},
		{"2025-12-31", 1, "2026-01-04"}, // over the year's end onto a Sunday worked
		{"2026-01-04", -1, "2025-12-31"},
		{"2024-12-31", 1, "2025-01-02"},
		{"2026-12-31", 1, "2027-01-04"},
	} {
		require.Equal(t, on(tc.want), cal.Add(on(tc.from), tc.n), "%+v", tc)
	}
	require.Equal(t, on("2026-10-08"), cal.Next(on("2026-09-30")))
	require.Equal(t, 3, cal.Between(on("2026-09-30"), on("2026-10-10")))
	require.Equal(t, -3, cal.Between(on("2026-10-10"), on("2026-09-30")))
	require.Zero(t, cal.Between(on("2026-10-01"), on("2026-10-07")))
}

func TestAddAndBetweenAgreeWithCountingDayByDay(t *testing.T) {
	cal := NewCalendar()
	rapid.Check(t, func(t *rapid.T) {
		from := anyDate(2001, 2100).Draw(t, "from")
		n := rapid.IntRange(-800, 800).Draw(t, "n")
		step := 1
		if n < 0 {
			step = -1
		}
		want := from
		for left := n; left != 0; {
			want = want.AddDays(step)
			if cal.IsWorkday(want) {
				left -= step
			}
		}
		got := cal.Add(from, n)
		require.Equal(t, want, got)
		if n > 0 || n < 0 && cal.IsWorkday(from) {
			require.Equal(t, n, cal.Between(from, got))
		}
	})
}

func TestTheCalendarDoesNotRunOff(t *testing.T) {
	cal := NewCalendar()
	require.Equal(t, on("9999-12-31"), cal.Add(on("2026-01-01"), math.MaxInt))
	require.Equal(t, on("0001-01-01"), cal.Add(on("2026-01-01"), math.MinInt))
	require.NotPanics(t, func() { cal.Day(Date{}); cal.Between(Date{}, Date{}); cal.Add(Date{}, 3); cal.Add(Date{}, -3) })
}

func TestGivenEntriesWin(t *testing.T) {
	cal := NewCalendar(
		Entry{on("2026-06-22"), Holiday, "台风停工"},
		Entry{on("2026-10-10"), Weekend, ""}, // the make-up day is called off
		Entry{on("2027-01-02"), Holiday, "元旦"},
		Entry{on("2027-01-09"), Makeup, "元旦"},
		Entry{on("2027-01-09"), Weekend, ""}, // a later entry wins
	)
	require.Equal(t, Day{Date: on("2026-06-22"), Kind: Holiday, Name: "台风停工"}, cal.Day(on("2026-06-22")))
	require.Equal(t, Weekend, cal.Day(on("2026-10-10")).Kind)
	require.Equal(t, Weekend, cal.Day(on("2027-01-09")).Kind)
	require.Equal(t, "春节", cal.Day(on("2027-02-06")).Name)
	require.Len(t, cal.Warnings(on("2026-01-01"), on("2027-12-31")), 1, "a few days do not arrange a year")
	require.Equal(t, Makeup, NewCalendar().Day(on("2026-10-10")).Kind, "calendars are apart")
}

func TestAnArrangedYearHasNothingProvisional(t *testing.T) {
	cal := NewCalendar(
		Entry{on("2027-10-01"), Holiday, "国庆节"},
		Entry{on("2027-10-04"), Holiday, "国庆节"},
		Entry{on("2027-10-09"), Makeup, "国庆节"},
	)
	require.Empty(t, cal.Warnings(on("2027-01-01"), on("2027-12-31")))
	require.False(t, cal.Day(on("2027-03-01")).Provisional)
	require.Equal(t, Workday, cal.Day(on("2027-06-09")).Kind, "what the arrangement does not name is no holiday")
	require.Equal(t, on("2027-10-09"), cal.Add(on("2027-10-05"), 4))
}

func TestManyGoroutinesSeeOneCalendar(t *testing.T) {
	cal, want := NewCalendar(), NewCalendar().Between(on("2001-01-01"), on("2100-12-31"))
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if got := cal.Between(on("2001-01-01"), on("2100-12-31")); got != want {
				t.Errorf("%d, want %d", got, want)
			}
		})
	}
	all.Wait()
}

func BenchmarkAdd20(b *testing.B) {
	cal, d := NewCalendar(), on("2026-09-18")
	for b.Loop() {
		cal.Add(d, 20)
	}
}
