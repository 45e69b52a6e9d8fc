package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// TestWhoIsOnDutyAndWhichWindowIsNamedMakeTheCapacity.
func TestWhoIsOnDutyAndWhichWindowIsNamedMakeTheCapacity(t *testing.T) {
	l := newLobby(t, monday)
	l.office = "440604010000-A" // a town's centre
	edition, err := l.in.shelf.Current(t.Context())
	require.NoError(t, err)
	for _, o := range edition.Places.Offices() {
		if o.Level == place.Town && o.Windows == 13 {
			l.office = string(o.Code)
		}
	}
	l.manager = l.post(staff.OfficeManager)
	free := func(date, query string) float64 {
		return l.day(date, "item="+permitItem+query).at("items.0.slots.0.free").(float64)
	}
	require.Equal(t, 9.0, free(tomorrow, ""), "of 13 windows one in three serves walk-ins")
	duty := func(date string, windows ...int) *reply {
		var list []map[string]any
		for _, w := range windows {
			list = append(list, map[string]any{"window": w, "from": when(date, "08:00"), "to": when(date, "18:00"), "staff": "a"})
		}
		return l.manager.put("/api/v1/village/duty/"+date, map[string]any{"duties": list})
	}
	duty(tomorrow, 1, 2, 3).ok()
	require.Equal(t, 2.0, free(tomorrow, ""))
	require.Len(t, l.manager.get("/api/v1/village/duty/"+tomorrow).ok().list("duties"), 3)
	duty(tomorrow, 1, 1).refused(422, "appointment.duty")
	duty(tomorrow, 14).refused(422, "appointment.duty")
	duty("2026-11-29", 1).refused(409, "appointment.duty_past")

	l.manager.put("/api/v1/village/named-windows", map[string]any{"windows": []map[string]any{{"number": 3, "name": "手语服务"}}}).ok()
	require.Equal(t, "手语服务", l.nobody(t).get("/api/v1/offices/"+l.office+"/windows").ok().text("items.0.name"))
	require.Equal(t, 1.0, free(tomorrow, "&window=3"))
	p, q := l.citizen(t), l.citizen(t)
	three := map[string]any{"window": 3}
	require.Equal(t, 3.0, l.ask(p, when(tomorrow, "10:00"), three).ok().at("window"))
	l.ask(q, when(tomorrow, "10:00"), three).refused(409, "appointment.slot_full")
	l.ask(q, when(tomorrow, "10:00"), map[string]any{"window": 2}).refused(409, "appointment.no_window")
	require.Nil(t, l.ask(q, when(tomorrow, "10:00"), nil).ok().at("window"), "any other")
}

// TestRemindersComeAtTheOfficesTime: the day before at eight, and an hour
// before; not of what was cancelled.
func TestRemindersComeAtTheOfficesTime(t *testing.T) {
	l := newLobby(t, monday)
	p, _ := l.someone(when("2026-12-02", "10:00"))
	gone, path := l.someone(when("2026-12-02", "11:00"))
	gone.post(path+"/cancel", nil).ok()
	reminders := func(p *client) int { return strings.Count(p.messages(), "预约提醒") }
	for _, c := range []struct {
		at   string
		want int
	}{{when(tomorrow, "07:59"), 0}, {when(tomorrow, "08:00"), 1}, {when("2026-12-02", "08:59"), 1}, {when("2026-12-02", "09:00"), 2}, {when("2026-12-02", "09:30"), 2}} {
		at, err := time.Parse(time.RFC3339, c.at)
		require.NoError(t, err)
		l.set(at, p, gone)
		l.tick()
		require.Equal(t, c.want, reminders(p), c.at)
	}
	require.Zero(t, reminders(gone))
}

// TestWhoMissesTooOftenIsSuspendedAndMayAppeal.
func TestWhoMissesTooOftenIsSuspendedAndMayAppeal(t *testing.T) {
	l := newLobby(t, monday)
	p, clerk := l.citizen(t), l.post(staff.WindowStaff)
	var last string
	for day := range 3 {
		l.set(monday.AddDate(0, 0, day), p)
		last = "/api/v1/appointments/" + l.book(p, monday.AddDate(0, 0, day).Add(2*time.Hour).Format(time.RFC3339), nil).text("id")
		if day == 0 {
			p.post(last+"/appeal", map[string]string{"reason": "还没有到时间"}).refused(409, "appointment.not_missed")
		}
	}
	l.set(monday.AddDate(0, 0, 3), p, clerk, l.manager)
	l.tick()
	require.Equal(t, "no_show", p.get(last).ok().text("state"))
	refused := l.ask(p, when("2026-12-04", "10:00"), nil).refused(403, "appointment.suspended")
	require.Contains(t, refused.text("detail"), "申诉")
	clerk.post("/api/v1/village/appointments", map[string]any{
		"name": p.person.Name, "number": p.person.IDNumber, "purpose": "窗口预约", "item": visitItem, "starts_at": when("2026-12-04", "15:00"),
	}).ok()

	l.citizen(t).post(last+"/appeal", map[string]string{"reason": "不是我的预约"}).refused(404, "appointment.not_found")
	p.post(last+"/appeal", map[string]string{"reason": "网上赌博去了"}).refused(422, "citizen.unfit")
	p.post(last+"/appeal", map[string]string{"reason": "当天住院，有病历"}).ok()
	p.post(last+"/appeal", map[string]string{"reason": "当天住院，有病历"}).refused(409, "appointment.appealed")
	open := l.manager.get("/api/v1/village/appeals").ok()
	decide := "/api/v1/village/appeals/" + open.text("items.0.id") + "/decide"
	other := l.member(t, staff.Member{Role: staff.OfficeManager, Office: otherVillage})
	require.Empty(t, other.get("/api/v1/village/appeals").ok().list("items"))
	yes := map[string]any{"grant": true, "answer": "病历属实"}
	other.post(decide, yes).refused(404, "appointment.no_appeal")
	clerk.post(decide, yes).refused(403, "staff.not_allowed")
	l.manager.post(decide, yes).ok()
	l.manager.post(decide, yes).refused(409, "appointment.appeal_decided")
	require.Equal(t, []string{"granted", "病历属实"}, []string{p.get(last + "/appeal").ok().text("state"), p.get(last + "/appeal").text("answer")})
	l.ask(p, when("2026-12-04", "10:00"), nil).ok()
}

// TestStaffBookForWhoHasNoWeChat, by name and number; the person comes with the
// identity card.
func TestStaffBookForWhoHasNoWeChat(t *testing.T) {
	l := newLobby(t, monday)
	clerk, old := l.post(staff.WindowStaff), l.newcomer()
	book := func(name, at string) *reply {
		return clerk.post("/api/v1/village/appointments", map[string]any{
			"name": name, "number": old.IDNumber, "purpose": "电话预约", "item": permitItem, "starts_at": at,
		})
	}
	book("查无此", when("2026-11-30", "09:00")).refused(422, "citizen.no_match")
	book(old.Name, when("2026-11-30", "08:15")).refused(422, "appointment.not_offered")
	require.Equal(t, "booked", book(old.Name, when("2026-11-30", "08:30")).ok().text("state"), "no lead time at the window")
	book(old.Name, when("2026-11-30", "09:00")).refused(409, "appointment.same_day")
	in := clerk.post("/api/v1/village/appointments/check-in-person", map[string]string{"name": old.Name, "number": old.IDNumber, "purpose": "预约签到"}).ok()
	require.Equal(t, []string{"checked_in", "waiting"}, []string{in.text("state"), in.text("ticket.state")})
}

// TestProvisionalHolidaysAreSaidAndTheirArrangementMovesBookings.
func TestProvisionalHolidaysAreSaidAndTheirArrangementMovesBookings(t *testing.T) {
	spring := time.Date(2027, 1, 25, 8, 0, 0, 0, workday.Zone)
	l := newLobby(t, spring)
	l.rule(map[string]any{"horizon_days": 60})
	const off, plain, sunday = "2027-02-10", "2027-02-03", "2027-02-14"
	day := l.day(off, "")
	require.Equal(t, true, day.at("items.0.provisional"))
	require.Contains(t, day.text("warnings.0"), "2027")
	require.Empty(t, l.slots(sunday, ""))
	p, path := l.someone(when(off, "10:00"))
	q, kept := l.someone(when(plain, "10:00"))

	file := filepath.Join(t.TempDir(), "2027.csv")
	out, errs := &strings.Builder{}, &strings.Builder{}
	run2027 := func(text string) int {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return run([]string{"import-calendar", file, "--data", l.data, "--db", databaseOf(l.data)}, out, errs)
	}
	require.NotZero(t, run2027("date,kind,name\n2027-02-30,holiday,春节\n2027-02-10,feast,春节\n"))
	require.Contains(t, errs.String(), "2 faults")
	require.Zero(t, run2027("date,kind,name\n"+off+",holiday,春节\n"+sunday+",makeup,春节\n2027-10-01,holiday,国庆节\n"), errs)
	require.Contains(t, out.String(), "1 appointments hit")
	require.Contains(t, out.String(), idOf(path))
	require.Eventually(t, func() bool { return len(l.slots(sunday, "")) > 0 }, 10*time.Second, 50*time.Millisecond, "the running service follows")

	require.Empty(t, l.slots(off, ""))
	require.Nil(t, l.day(sunday, "").at("warnings"))
	require.Equal(t, true, p.get(path).ok().at("displaced"))
	require.Nil(t, q.get(kept).ok().at("displaced"))
	require.Contains(t, p.messages(), "改到其他时间")
	other := p.get(path + "/other-times").ok().text("items.0.starts_at")
	require.NotEmpty(t, other)
	require.Equal(t, "booked", p.post(path+"/move", map[string]string{"starts_at": other}).ok().text("state"))
	require.Nil(t, p.get(path).ok().at("displaced"))
}
