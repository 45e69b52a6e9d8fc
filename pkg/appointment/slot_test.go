package appointment

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/workday"
)

func nothingTaken(on workday.Date) *tally { return newTally(on, 1) }

// said writes slots as "09:30 09:45(2)": the clock in China, and what is free
// where that is not all.
func said(slots []Slot) string {
	var parts []string
	for _, s := range slots {
		text := s.StartsAt.In(workday.Zone).Format("15:04")
		if s.Free != 3 {
			text += "(" + string(rune('0'+s.Free)) + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

func TestADayOffersWhatIsStillAhead(t *testing.T) {
	const short = "Mon-Fri 09:00-10:00,14:00-14:30"
	for _, c := range []struct {
		now, date  string
		need       int
		slots, why string
	}{
		{"2026-11-23T00:00:00+08:00", "2026-11-23", 1, "09:00 09:15 09:30 09:45 14:00 14:15", ""},
		{"2026-11-23T08:30:00+08:00", "2026-11-23", 1, "09:00 09:15 09:30 09:45 14:00 14:15", ""},
		{"2026-11-23T08:30:00.001+08:00", "2026-11-23", 1, "09:15 09:30 09:45 14:00 14:15", ""},
		{"2026-11-23T01:00:00Z", "2026-11-23", 1, "09:30 09:45 14:00 14:15", ""},
		{"2026-11-23T13:00:00+08:00", "2026-11-23", 1, "14:00 14:15", ""},
		{"2026-11-23T13:46:00+08:00", "2026-11-23", 1, "", "当天的预约时段已过"},
		{"2026-11-23T23:50:00+08:00", "2026-11-23", 1, "", "当天的预约时段已过"},
		{"2026-11-23T23:50:00+08:00", "2026-11-24", 1, "09:00 09:15 09:30 09:45 14:00 14:15", ""},
		{"2026-11-23T16:10:00Z", "2026-11-23", 1, "", "日期已过"},
		{"2026-11-23T08:00:00+08:00", "2026-11-23", 2, "09:00 09:15 09:30 14:00", ""},
		{"2026-11-23T08:00:00+08:00", "2026-11-23", 3, "09:00 09:15", ""},
		{"2026-11-23T08:00:00+08:00", "2026-11-23", 5, "", "需要连续75分钟，超过当天的开放时段，请减少人数"},
		{"2026-11-23T08:00:00+08:00", "2026-11-25", 1, "", "市庆放假"},
		{"2026-11-23T08:00:00+08:00", "2026-11-28", 4, "09:00", ""},
		{"2026-11-23T08:00:00+08:00", "2026-11-29", 1, "", "星期日不开放"},
		{"2026-11-30T08:00:00+08:00", "2026-12-01", 4, "09:00", ""},
		{"2026-11-23T08:00:00+08:00", "2026-12-04", 4, "09:00", ""},
		{"2026-11-23T08:00:00+08:00", "2026-12-07", 1, "", "这一天尚未放号，11月24日（星期二）凌晨0:00放号，请届时再预约"},
		{"2026-12-28T08:00:00+08:00", "2027-01-01", 1, "", "元旦放假"},
	} {
		d := deskAt(t, c.now)
		on := date(t, c.date)
		day := d.day(visitTo(t, short, c.need), on, nothingTaken(on), d.Now())
		require.Equal(t, c.slots, said(day.Slots), "%+v", c)
		require.Equal(t, c.why, day.Why, "%+v", c)
		require.Equal(t, c.slots != "", day.Open, "%+v", c)
	}
}

func TestASlotIsAsFreeAsItsFullestCell(t *testing.T) {
	d := deskAt(t, "2026-11-23T08:00:00+08:00")
	taken := nothingTaken(date(t, "2026-11-23"))
	for i, n := range []int{1, 3, 0, 5} { // 9:00 to 9:45; the last under an earlier capacity
		taken.pool[36+i] = Seat{Taken: n, Ordinary: n, Online: n}
	}
	for need, want := range map[int]string{
		1: "09:00(2) 09:15(0) 09:30 09:45(0)",
		2: "09:00(0) 09:15(0) 09:30(0)",
	} {
		day := d.day(visitTo(t, "Mon 09:00-10:00", need), date(t, "2026-11-23"), taken, d.Now())
		require.Equal(t, want, said(day.Slots))
		require.True(t, day.Open)
		require.Equal(t, need == 2, day.Why == "当天已约满")
	}
}

func TestTheMachinesZoneDoesNotMatter(t *testing.T) {
	const text = "2026-11-30T23:59:59+08:00"
	on := date(t, "2026-12-01")
	want := deskAt(t, text).day(visitTo(t, usual, 2), on, nothingTaken(on), instant(t, text))
	require.Len(t, want.Slots, 26)
	local := time.Local
	defer func() { time.Local = local }()
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("west", -11*3600), time.FixedZone("east", 14*3600)} {
		time.Local = zone
		now := time.UnixMilli(instant(t, text).UnixMilli())
		got := deskAt(t, text).day(visitTo(t, usual, 2), on, nothingTaken(on), now)
		require.Equal(t, want, got, zone)
		require.Equal(t, want.Slots[0].StartsAt.Format(time.RFC3339), "2026-12-01T08:30:00+08:00")
	}
}

// What a day offers is what can be held, and the other way round.
func TestWhatIsOfferedCanBeHeld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := instant(t, "2026-11-23T00:00:00+08:00").Add(time.Duration(rapid.Int64Range(0, 48*3600).Draw(t, "now")) * time.Second)
		d := deskAt(t, now.Format(time.RFC3339))
		v := visitTo(t, "Mon-Thu 08:40-12:10,14:00-18:00;Fri 09:00-16:20;Sat 10:00-11:00", rapid.IntRange(1, 16).Draw(t, "need"))
		on := workday.DateOf(now).AddDays(rapid.IntRange(-1, 15).Draw(t, "day"))
		offered := map[time.Time]bool{}
		for _, s := range d.day(v, on, nothingTaken(on), now).Slots {
			offered[s.StartsAt] = true
		}
		for at := on.Time(); at.Before(on.AddDays(1).Time()); at = at.Add(5 * time.Minute) {
			require.Equal(t, offered[at], d.offered(v, at, now) == nil, at)
		}
	})
}
