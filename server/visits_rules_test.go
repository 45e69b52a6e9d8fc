package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// TestAFreedSeatGoesDownTheWaitingList: who asked first is offered first, each
// for a time; nobody else can have it meanwhile.
func TestAFreedSeatGoesDownTheWaitingList(t *testing.T) {
	l := newLobby(t, monday)
	booked, paths := l.fill(tomorrow)
	people := []*client{l.citizen(t), l.citizen(t), l.citizen(t)}
	wish := map[string]any{"office": l.office, "item": permitItem, "from": tomorrow, "to": tomorrow}
	var places []string
	for i, p := range people {
		l.set(monday.Add(time.Duration(i) * time.Second))
		places = append(places, "/api/v1/waiting/"+p.post("/api/v1/waiting", wish).ok().text("id"))
	}
	stranger := l.citizen(t)
	people[0].post("/api/v1/waiting", wish).refused(409, "appointment.waits_twice")
	stranger.post("/api/v1/waiting", map[string]any{"office": l.office, "item": permitItem, "from": "2026-11-01", "to": tomorrow}).refused(422, "appointment.waiting_days")
	states := func() (list []string) {
		for i, p := range people {
			w := p.get("/api/v1/waiting").ok()
			require.Equal(t, places[i], "/api/v1/waiting/"+w.text("items.0.id"))
			list = append(list, w.text("items.0.state"))
		}
		return list
	}
	l.tick()
	require.Equal(t, []string{"waiting", "waiting", "waiting"}, states())

	booked[0].post(paths[0]+"/cancel", nil).ok()
	l.ask(stranger, when(tomorrow, "10:00"), nil).refused(409, "appointment.slot_full")
	l.tick()
	require.Equal(t, []string{"offered", "waiting", "waiting"}, states())
	require.Contains(t, people[0].messages(), "候补有号")
	stranger.post(places[0]+"/accept", nil).refused(404, "appointment.no_waiting")
	people[1].post(places[1]+"/accept", nil).refused(409, "appointment.no_offer")
	l.ask(stranger, when(tomorrow, "10:00"), nil).refused(409, "appointment.slot_full")

	l.set(monday.Add(16 * time.Minute))
	people[0].post(places[0]+"/accept", nil).refused(409, "appointment.hold_expired")
	l.tick()
	require.Equal(t, []string{"lapsed", "offered", "waiting"}, states())
	require.Equal(t, "declined", people[1].post(places[1]+"/leave", nil).ok().text("state"))
	l.tick()
	require.Equal(t, []string{"lapsed", "declined", "offered"}, states())
	got := people[2].post(places[2]+"/accept", nil).ok()
	require.Equal(t, []any{"booked", when(tomorrow, "10:00")}, []any{got.text("state"), got.text("starts_at")})
	require.Equal(t, "accepted", states()[2])
	l.ask(stranger, when(tomorrow, "10:00"), nil).refused(409, "appointment.slot_full")
}

// TestASeatGivenUpIsQuietAgainstTrading: whoever is told when, cannot have it
// at that moment.
func TestASeatGivenUpIsQuietAgainstTrading(t *testing.T) {
	l := newLobby(t, monday)
	l.rule(map[string]any{"quiet_minutes": 20})
	p, a := l.someone(when(tomorrow, "10:00"))
	buyer := l.citizen(t)
	p.post(a+"/cancel", nil).ok()
	l.ask(buyer, when(tomorrow, "10:00"), nil).refused(409, "appointment.slot_full")
	l.set(monday.Add(9 * time.Minute))
	l.ask(buyer, when(tomorrow, "10:00"), nil).refused(409, "appointment.slot_full")
	l.set(monday.Add(31 * time.Minute))
	require.Contains(t, l.slots(tomorrow, ""), "10:00")
	l.ask(buyer, when(tomorrow, "10:00"), nil).ok()
}

// TestDatesAreReleasedAtASetHour, and slots close their lead time before.
func TestDatesAreReleasedAtASetHour(t *testing.T) {
	l := newLobby(t, monday.Add(-time.Minute))
	p := l.citizen(t)
	require.Equal(t, "08:30", l.slots("2026-11-30", "")[0], "half an hour before")
	l.rule(map[string]any{"horizon_days": 3, "release": "09:00", "lead_minutes": 120})
	require.Equal(t, "10:00", l.slots("2026-11-30", "")[0])
	l.ask(p, when("2026-11-30", "09:45"), nil).refused(409, "appointment.too_soon")
	l.set(monday.Add(time.Hour - time.Second))
	require.Contains(t, l.ask(p, when("2026-12-02", "10:00"), nil).refused(409, "appointment.not_released").text("detail"), "11月30日（星期一）上午9:00放号")
	require.Contains(t, l.day("2026-12-02", "").text("items.0.why"), "上午9:00放号")
	l.set(monday.Add(time.Hour))
	l.ask(p, when("2026-12-02", "10:00"), nil).ok()
	l.ask(p, when("2026-12-03", "10:00"), nil).refused(409, "appointment.not_released")

	l.rule(map[string]any{"item": visitItem, "horizon_days": 2})
	l.ask(p, when("2026-12-02", "14:00"), map[string]any{"item": visitItem}).refused(409, "appointment.not_released")
	l.rule(map[string]any{"item": visitItem})
	l.ask(p, when("2026-12-02", "14:00"), map[string]any{"item": visitItem}).ok()
	for _, bad := range []map[string]any{{"horizon_days": 0}, {"lead_minutes": -1}, {"online_seats": 100000}, {"quiet_minutes": 9999}} {
		l.manager.put("/api/v1/village/booking-rules", bad).refused(422, "appointment.rule")
	}
	l.manager.put("/api/v1/village/booking-rules", map[string]any{"item": "none", "lead_minutes": 1}).refused(404, "catalog.no_item")
	require.Len(t, l.manager.get("/api/v1/village/booking-rules").ok().list("items"), 1)
}

// TestTheCitysRuleHoldsWhereTheOfficeSaysNothing.
func TestTheCitysRuleHoldsWhereTheOfficeSaysNothing(t *testing.T) {
	l := newLobby(t, monday)
	admin := l.member(t, staff.Member{Role: staff.Administrator})
	admin.put("/api/v1/admin/booking-rules", map[string]any{"item": "SB-0002", "horizon_days": 2}).ok()
	defer admin.put("/api/v1/admin/booking-rules", map[string]any{"item": "SB-0002"})
	require.Empty(t, l.slots("2026-12-02", "item=SB-0002"))
	require.NotEmpty(t, l.slots("2026-12-02", ""))
	l.rule(map[string]any{"item": "SB-0002", "horizon_days": 5})
	require.NotEmpty(t, l.slots("2026-12-02", "item=SB-0002"))
	l.manager.put("/api/v1/admin/booking-rules", map[string]any{"lead_minutes": 1}).refused(403, "staff.not_allowed")
}

// TestQuotasKeepSeatsForOthers: none online, kept for priority.
func TestQuotasKeepSeatsForOthers(t *testing.T) {
	l := newLobby(t, monday)
	p, clerk, caller := l.citizen(t), l.post(staff.WindowStaff), l.newcomer()
	l.rule(map[string]any{"online_seats": 0})
	require.Empty(t, l.slots(tomorrow, ""))
	l.ask(p, when(tomorrow, "10:00"), nil).refused(409, "appointment.slot_full")
	by := clerk.post("/api/v1/village/appointments", map[string]any{
		"name": caller.Name, "number": caller.IDNumber, "purpose": "电话预约", "item": permitItem, "starts_at": when(tomorrow, "10:00"),
	}).ok()
	require.Equal(t, []string{"booked", "office"}, []string{by.text("state"), by.text("channel")})

	l.rule(map[string]any{"priority_seats": 1})
	l.ask(p, when(tomorrow, "11:00"), nil).refused(409, "appointment.slot_full")
	l.ask(p, when(tomorrow, "11:00"), map[string]any{"priority": "elderly"}).refused(409, "appointment.not_elderly")
	first := l.book(p, when(tomorrow, "11:00"), map[string]any{"priority": "disabled"})
	require.Contains(t, l.slots(tomorrow, "priority=veteran&item="+permitItem), "11:15")
	l.set(monday.Add(27*time.Hour), clerk)
	in := clerk.post("/api/v1/village/appointments/check-in", map[string]string{"code": first.text("code"), "priority_seen": "shown"}).ok()
	require.Equal(t, []string{"checked_in", "shown"}, []string{in.text("state"), in.text("priority_seen")})

	l.rule(map[string]any{"agent_seats": 0})
	agent, principal := l.citizen(t), l.citizen(t)
	id, who := principal.lets(agent, permitItem)
	require.NotEmpty(t, id)
	l.ask(agent, when("2026-12-02", "10:00"), map[string]any{"on_behalf_of": who}).refused(409, "appointment.slot_full")
	l.rule(map[string]any{"agent_seats": 1})
	require.Equal(t, "agent", l.book(agent, when("2026-12-02", "10:00"), map[string]any{"on_behalf_of": who}).text("channel"))
}
