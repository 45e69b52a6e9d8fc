package place

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/workday"
)

func at(t require.TestingT, text string) time.Time {
	v, err := time.ParseInLocation("2006-01-02 15:04", text, workday.Zone)
	require.NoError(t, err)
	return v
}

func weekly(t require.TestingT, text string) Hours {
	h, err := ParseHours(text)
	require.NoError(t, err)
	return h
}

// TestWhatIsSaidOfADayBeatsTheWeek: closures over exceptions, these over
// holidays, these over series and weekly hours.
func TestWhatIsSaidOfADayBeatsTheWeek(t *testing.T) {
	usual := weekly(t, "Mon-Fri 08:30-12:00,14:00-17:30")
	whole := func(from, to string) (time.Time, time.Time) { return at(t, from+" 00:00"), at(t, to+" 00:00") }
	closed := func(from, to string) Entry {
		return Entry{Kind: Closure, From: at(t, from), To: at(t, to), Reason: "停电"}
	}
	exception := func(from, to, sessions string) Entry {
		e := Entry{Kind: Exception, Reason: "延时服务"}
		e.From, e.To = whole(from, to)
		var err error
		e.Sessions, err = ParseSessions(sessions)
		require.NoError(t, err)
		return e
	}
	series := func(from, to, hours string) Entry {
		e := Entry{Kind: Series, Weekly: weekly(t, hours)}
		e.From, e.To = whole(from, to)
		return e
	}
	item := closed("2026-11-24 00:00", "2026-11-25 00:00")
	item.Item = "HJ-0001"
	window := closed("2026-11-24 00:00", "2026-11-25 00:00")
	window.Window = 1
	for name, c := range map[string]struct {
		day     string
		entries []Entry
		items   []string
		want    string
		why     string
	}{
		"nothing said":                   {"2026-11-24", nil, nil, "08:30-12:00,14:00-17:30", ""},
		"closed all day":                 {"2026-11-24", []Entry{closed("2026-11-23 00:00", "2026-11-25 00:00")}, nil, "", "停电"},
		"closed for a morning":           {"2026-11-24", []Entry{closed("2026-11-24 08:00", "2026-11-24 13:00")}, nil, "14:00-17:30", ""},
		"closed in the middle":           {"2026-11-24", []Entry{closed("2026-11-24 09:10", "2026-11-24 15:05")}, nil, "08:30-09:10,15:05-17:30", ""},
		"closed twice":                   {"2026-11-24", []Entry{closed("2026-11-24 09:00", "2026-11-24 10:00"), closed("2026-11-24 09:30", "2026-11-24 11:00")}, nil, "08:30-09:00,11:00-12:00,14:00-17:30", ""},
		"closed until it opens":          {"2026-11-24", []Entry{closed("2026-11-24 06:00", "2026-11-24 08:30")}, nil, "08:30-12:00,14:00-17:30", ""},
		"closed the day before":          {"2026-11-24", []Entry{closed("2026-11-23 00:00", "2026-11-24 00:00")}, nil, "08:30-12:00,14:00-17:30", ""},
		"an evening":                     {"2026-11-24", []Entry{exception("2026-11-24", "2026-11-25", "08:30-20:00")}, nil, "08:30-20:00", ""},
		"an exception on a Sunday":       {"2026-11-29", []Entry{exception("2026-11-29", "2026-11-30", "09:00-11:00")}, nil, "09:00-11:00", ""},
		"an exception in a holiday":      {"2026-10-01", []Entry{exception("2026-10-01", "2026-10-04", "09:00-11:00")}, nil, "09:00-11:00", ""},
		"an exception that closes":       {"2026-11-24", []Entry{exception("2026-11-24", "2026-11-25", "")}, nil, "", "延时服务"},
		"a later exception":              {"2026-11-24", []Entry{exception("2026-11-24", "2026-11-25", ""), exception("2026-11-24", "2026-11-25", "09:00-10:00")}, nil, "09:00-10:00", ""},
		"a closure of an exception":      {"2026-11-29", []Entry{closed("2026-11-29 00:00", "2026-11-30 00:00"), exception("2026-11-29", "2026-11-30", "09:00-11:00")}, nil, "", "停电"},
		"a series":                       {"2026-11-24", []Entry{series("2026-11-01", "2027-03-01", "Mon-Fri 09:00-12:00")}, nil, "09:00-12:00", ""},
		"after a series":                 {"2027-03-01", []Entry{series("2026-11-01", "2027-03-01", "Mon-Fri 09:00-12:00")}, nil, "08:30-12:00,14:00-17:30", ""},
		"a series without that day":      {"2026-11-24", []Entry{series("2026-11-01", "2027-03-01", "Wed 09:00-12:00")}, nil, "", "星期二不开放"},
		"a holiday in a series":          {"2026-10-01", []Entry{series("2026-09-01", "2027-03-01", "Daily 09:00-12:00")}, nil, "", "国庆节放假"},
		"a make-up Saturday":             {"2026-10-10", nil, nil, "08:30-12:00,14:00-17:30", ""},
		"a make-up Saturday of a series": {"2026-10-10", []Entry{series("2026-09-01", "2027-03-01", "Mon-Fri 09:00-12:00")}, nil, "09:00-12:00", ""},
		"an item closed":                 {"2026-11-24", []Entry{item}, []string{"HJ-0002", "HJ-0001"}, "", "停电"},
		"another item closed":            {"2026-11-24", []Entry{item}, []string{"HJ-0002"}, "08:30-12:00,14:00-17:30", ""},
		"a window closed":                {"2026-11-24", []Entry{window}, nil, "08:30-12:00,14:00-17:30", ""},
	} {
		d, err := workday.ParseDate(c.day)
		require.NoError(t, err)
		sessions, why := (&Timetable{Entries: c.entries}).Opening(usual, workday.NewCalendar().Day(d), c.items...)
		require.Equal(t, c.want, SessionsText(sessions), name)
		require.Equal(t, c.why, why, name)
	}
}

func TestWindowsServeWhereTheyAreOpenAndSomebodyIsThere(t *testing.T) {
	nine, noon := at(t, "2026-11-24 09:00"), at(t, "2026-11-24 12:00")
	shut := Entry{Kind: Closure, Window: 2, From: at(t, "2026-11-24 11:00"), To: at(t, "2026-11-24 11:15")}
	duty := func(window int, from, to string) Duty {
		return Duty{Window: window, From: at(t, "2026-11-24 "+from), To: at(t, "2026-11-24 "+to)}
	}
	for name, c := range map[string]struct {
		t    Timetable
		want int
	}{
		"nothing said":                   {Timetable{}, 3},
		"one closed a little":            {Timetable{Entries: []Entry{shut}}, 2},
		"one closed twice":               {Timetable{Entries: []Entry{shut, shut}}, 2},
		"the whole office is not theirs": {Timetable{Entries: []Entry{{Kind: Closure, From: nine, To: noon}}}, 3},
		"two on duty":                    {Timetable{Duties: []Duty{duty(1, "08:00", "12:00"), duty(3, "09:00", "18:00")}}, 2},
		"one relieved":                   {Timetable{Duties: []Duty{duty(1, "08:00", "10:00"), duty(1, "09:30", "12:00")}}, 1},
		"a gap":                          {Timetable{Duties: []Duty{duty(1, "08:00", "10:00"), duty(1, "10:01", "12:00")}}, 0},
		"a window it has not":            {Timetable{Duties: []Duty{duty(4, "08:00", "12:00")}}, 0},
		"another day's duty":             {Timetable{Duties: []Duty{{Window: 1, From: noon.AddDate(0, 0, 1), To: noon.AddDate(0, 0, 1).Add(time.Hour)}}}, 3},
		"one asked for":                  {Timetable{Named: []NamedWindow{{Number: 1, From: nine}}}, 2},
		"asked for later":                {Timetable{Named: []NamedWindow{{Number: 1, From: noon}}}, 3},
		"asked for until now":            {Timetable{Named: []NamedWindow{{Number: 1, From: nine.AddDate(0, 0, -9), To: nine}}}, 3},
	} {
		require.Equal(t, c.want, c.t.Steady(3, nine, noon), name)
	}
}
