package workday

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/fault"
)

var cal = NewCalendar()

func pause(from, to string) Pause {
	p := Pause{From: on(from), Reason: Hearing}
	if to != "" {
		p.To = on(to)
	}
	return p
}

func TestWhenAClockIsDue(t *testing.T) {
	for name, tc := range map[string]struct {
		start     string
		unit      Unit
		days      int
		extension int
		pauses    []Pause
		want      string
	}{
		"the day of the event does not count": {"2026-03-02", WorkingDays, 1, 0, nil, "2026-03-03"},
		"begun on a Saturday":                 {"2026-03-07", WorkingDays, 1, 0, nil, "2026-03-09"},
		"twenty working days":                 {"2026-03-02", WorkingDays, 20, 0, nil, "2026-03-30"},
		"twenty and ten more":                 {"2026-03-02", WorkingDays, 20, 10, nil, "2026-04-14"},
		"zero days are due at once":           {"2026-03-07", WorkingDays, 0, 0, nil, "2026-03-07"},
		"zero days, though paused":            {"2026-03-07", WorkingDays, 0, 0, []Pause{pause("2026-03-07", "")}, "2026-03-07"},
		"国庆 2024, both make-up days":          {"2024-09-27", WorkingDays, 7, 0, nil, "2024-10-12"},
		"国庆 2025, both make-up days":          {"2025-09-26", WorkingDays, 6, 0, nil, "2025-10-11"},
		"国庆 2026, both make-up days":          {"2026-09-18", WorkingDays, 10, 0, nil, "2026-10-09"},
		"国庆 2026, due on a worked Saturday":   {"2026-09-30", WorkingDays, 3, 0, nil, "2026-10-10"},
		"春节 2025":                             {"2025-01-24", WorkingDays, 3, 0, nil, "2025-02-05"},
		"春节 2026":                             {"2026-02-12", WorkingDays, 3, 0, nil, "2026-02-24"},
		"over the year's end":                 {"2025-12-30", WorkingDays, 3, 0, nil, "2026-01-05"},
		"into a year not yet arranged":        {"2026-12-30", WorkingDays, 3, 0, nil, "2027-01-05"},
		"calendar days end on any day":        {"2026-09-21", CalendarDays, 15, 0, nil, "2026-10-06"},
		"calendar days, extended":             {"2026-02-01", CalendarDays, 60, 30, nil, "2026-05-02"},
		"months":                              {"2026-01-31", Months, 1, 0, nil, "2026-02-28"},
		"months, extended":                    {"2026-01-31", Months, 3, 1, nil, "2026-05-31"},
		"months, paused for ten days":         {"2026-01-15", Months, 3, 0, []Pause{pause("2026-02-01", "2026-02-10")}, "2026-04-25"},
		"a pause of three working days":       {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-04", "2026-03-06")}, "2026-03-12"},
		"a pause over a weekend only":         {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-07", "2026-03-08")}, "2026-03-09"},
		"a pause of a day":                    {"2026-03-02", WorkingDays, 1, 0, []Pause{pause("2026-03-03", "2026-03-03")}, "2026-03-04"},
		"a pause over 国庆 takes working days":  {"2026-09-28", WorkingDays, 5, 0, []Pause{pause("2026-09-30", "2026-10-08")}, "2026-10-13"},
		"overlapping pauses count once":       {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-05", "2026-03-10"), pause("2026-03-03", "2026-03-06")}, "2026-03-17"},
		"a pause within a pause":              {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-03", "2026-03-10"), pause("2026-03-04", "2026-03-05")}, "2026-03-17"},
		"pauses that touch":                   {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-03", "2026-03-04"), pause("2026-03-05", "2026-03-10")}, "2026-03-17"},
		"a pause from before the start":       {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-02-25", "2026-03-03")}, "2026-03-10"},
		"a pause before the start":            {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-02-25", "2026-02-27")}, "2026-03-09"},
		"a pause on the start":                {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-02", "2026-03-02")}, "2026-03-09"},
		"a pause on the last day":             {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-09", "2026-03-09")}, "2026-03-10"},
		"a pause after the last day":          {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-10", "2026-03-20")}, "2026-03-09"},
		"a pause not over":                    {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-04", "")}, ""},
		"a pause not over, begun too late":    {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-10", "")}, "2026-03-09"},
		"a pause over a year":                 {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-03", "2027-03-02")}, "2027-03-09"},
		"a pause that ends before it begins":  {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-05", "2026-03-04")}, "2026-03-09"},
		"an open pause swallows later ones":   {"2026-03-02", WorkingDays, 5, 0, []Pause{pause("2026-03-04", ""), pause("2026-03-05", "2026-03-06")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := Clock{Start: on(tc.start), Unit: tc.unit, Days: tc.days, Extension: tc.extension, Pauses: tc.pauses}
			require.Equal(t, tc.want, c.Due(cal).String())
		})
	}
}

func TestHowAClockStands(t *testing.T) {
	c := Clock{Start: on("2026-03-02"), Unit: WorkingDays, Days: 5, Pauses: []Pause{pause("2026-03-04", "2026-03-05")}}
	require.Equal(t, "2026-03-11", c.Due(cal).String())
	for _, tc := range []struct {
		asOf       string
		used, left int
		state      State
	}{
		{"2026-03-01", 0, 5, Running},
		{"2026-03-02", 0, 5, Running},
		{"2026-03-03", 1, 4, Running},
		{"2026-03-04", 1, 4, Paused},
		{"2026-03-05", 1, 4, Paused},
		{"2026-03-06", 2, 3, Running},
		{"2026-03-08", 2, 3, Running},
		{"2026-03-11", 5, 0, Running}, // the last day is in time
		{"2026-03-12", 6, -1, Overdue},
		{"2026-03-14", 7, -2, Overdue},
	} {
		require.Equal(t, tc.used, c.Used(on(tc.asOf), cal), tc.asOf)
		require.Equal(t, tc.left, c.Left(on(tc.asOf), cal), tc.asOf)
		require.Equal(t, tc.state, c.State(on(tc.asOf), cal), tc.asOf)
	}
}

func TestAClockIsOverdueOnTheDayAfterEvenOnASunday(t *testing.T) {
	c := Clock{Start: on("2026-03-02"), Unit: WorkingDays, Days: 4}
	require.Equal(t, Running, c.State(on("2026-03-06"), cal))
	require.Equal(t, Overdue, c.State(on("2026-03-07"), cal))
	require.Zero(t, c.Left(on("2026-03-08"), cal), "no working day too many yet")
}

func TestAPauseDoesNotHealAnOverdueClock(t *testing.T) {
	c := Clock{Start: on("2026-03-02"), Unit: WorkingDays, Days: 4, Pauses: []Pause{pause("2026-03-10", "")}}
	require.Equal(t, Overdue, c.State(on("2026-03-20"), cal))
	require.Equal(t, -1, c.Left(on("2026-03-20"), cal))
}

func TestAStoppedClockStandsStill(t *testing.T) {
	c := Clock{Start: on("2026-03-02"), Unit: WorkingDays, Days: 5, Stopped: on("2026-03-04")}
	require.Equal(t, Running, c.State(on("2026-03-03"), cal), "as it stood then")
	require.Equal(t, Stopped, c.State(on("2026-03-04"), cal))
	require.Equal(t, Stopped, c.State(on("2027-03-04"), cal))
	require.Equal(t, 2, c.Used(on("2027-03-04"), cal))
	require.Equal(t, 3, c.Left(on("2027-03-04"), cal))
}

func TestAClockIsExtendedOnceAndInTime(t *testing.T) {
	c := Clock{Start: on("2026-03-02"), Unit: WorkingDays, Days: 20}
	due := c.Due(cal)
	longer, err := c.Extend(10, due, cal)
	require.NoError(t, err)
	require.Equal(t, "2026-04-14", longer.Due(cal).String())
	require.Equal(t, due, c.Due(cal), "the old value stays")

	_, err = longer.Extend(10, due, cal)
	require.ErrorIs(t, err, ErrExtended)
	_, err = c.Extend(10, due.AddDays(1), cal)
	require.ErrorIs(t, err, ErrTimeOver)
	c.Stopped = on("2026-03-05")
	_, err = c.Extend(10, on("2026-03-05"), cal)
	require.ErrorIs(t, err, ErrTimeOver)
	require.Equal(t, fault.Conflict, fault.From(err).Kind)

	waiting := Clock{Start: on("2026-03-02"), Unit: WorkingDays, Days: 20, Pauses: []Pause{pause("2026-03-03", "")}}
	_, err = waiting.Extend(10, on("2027-01-01"), cal)
	require.NoError(t, err, "a paused clock has not run out")
}

func anyClock(t *rapid.T) Clock {
	day := anyDate(2023, 2028)
	c := Clock{
		Start:     day.Draw(t, "start"),
		Unit:      rapid.SampledFrom([]Unit{WorkingDays, CalendarDays, Months}).Draw(t, "unit"),
		Days:      rapid.IntRange(0, 60).Draw(t, "days"),
		Extension: rapid.IntRange(0, 15).Draw(t, "extension"),
	}
	for range rapid.IntRange(0, 8).Draw(t, "pauses") {
		p := Pause{From: c.Start.AddDays(rapid.IntRange(-5, 90).Draw(t, "from")), Reason: Applicant}
		p.To = p.From.AddDays(rapid.IntRange(-1, 30).Draw(t, "length"))
		if rapid.IntRange(0, 9).Draw(t, "open") == 0 {
			p.To = Date{}
		}
		c.Pauses = append(c.Pauses, p)
	}
	if rapid.Bool().Draw(t, "is stopped") {
		c.Stopped = c.Start.AddDays(rapid.IntRange(-3, 200).Draw(t, "stopped"))
	}
	return c
}

// The model goes day by day and knows nothing of ranks and spans.
func TestAClockAgreesWithCountingDayByDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyClock(t)
		total := c.Days + c.Extension
		if c.Unit == Months {
			total = c.Start.AddMonths(total).DaysSince(c.Start)
		}
		asOf := c.Start.AddDays(rapid.IntRange(-3, 300).Draw(t, "asOf"))
		used, counted, due := 0, 0, Date{}
		if total == 0 {
			due = c.Start
		}
		for d := c.Start.AddDays(1); !d.After(c.Start.AddDays(4000)); d = d.AddDays(1) {
			paused := slices.ContainsFunc(c.Pauses, func(p Pause) bool {
				return !d.Before(p.From) && (p.To.IsZero() || !d.After(p.To))
			})
			if paused || c.Unit == WorkingDays && !cal.IsWorkday(d) {
				continue
			}
			counted++
			if counted == total {
				due = d
			}
			if !d.After(asOf) && (c.Stopped.IsZero() || !d.After(c.Stopped)) {
				used++
			}
		}
		require.Equal(t, due, c.Due(cal))
		require.Equal(t, used, c.Used(asOf, cal))
		require.Equal(t, total-used, c.Left(asOf, cal))

		lines := c.Explain(asOf, cal)
		require.Len(t, lines, max(0, asOf.DaysSince(c.Start)+1))
		explained := 0
		for i, line := range lines {
			require.Equal(t, c.Start.AddDays(i), line.Date)
			require.NotEmpty(t, line.Why)
			if line.Counted {
				explained++
				require.Equal(t, explained, line.Number)
			}
		}
		require.Equal(t, used, explained)
	})
}

func TestAClockDoesNotChangeItsPauses(t *testing.T) {
	c := Clock{Start: on("2026-03-02"), Unit: WorkingDays, Days: 5,
		Pauses: []Pause{pause("2026-03-05", "2026-03-10"), pause("2026-03-03", "2026-03-06")}}
	before := slices.Clone(c.Pauses)
	c.Due(cal)
	c.Used(on("2026-05-01"), cal)
	require.Equal(t, before, c.Pauses)
}

func yearOfPauses(every, length int) Clock {
	c := Clock{Start: on("2026-01-05"), Unit: WorkingDays, Days: 20}
	for d := c.Start; d.DaysSince(c.Start) < 365; d = d.AddDays(every) {
		c.Pauses = append(c.Pauses, Pause{From: d, To: d.AddDays(length - 1), Reason: Testing})
	}
	return c
}

func BenchmarkClock(b *testing.B) {
	for name, c := range map[string]Clock{
		"one-year-long":   yearOfPauses(365, 365),
		"each-week":       yearOfPauses(7, 6),
		"each-day":        yearOfPauses(1, 1),
		"each-second-day": yearOfPauses(2, 1),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Due(cal)
			}
		})
	}
}
