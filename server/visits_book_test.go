package main

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/staff"
)

const tomorrow = "2026-12-01" // of monday

// TestHoldsAreFewShortAndOnesOwn.
func TestHoldsAreFewShortAndOnesOwn(t *testing.T) {
	l := newLobby(t, monday)
	p, other := l.citizen(t), l.citizen(t)
	l.ask(l.visitor(t), when(tomorrow, "09:00"), nil).refused(403, "citizen.need_real_name")
	first := l.ask(p, when(tomorrow, "09:00"), nil).ok().text("id")
	l.ask(p, when("2026-12-02", "09:00"), nil).ok()
	l.ask(p, when("2026-12-03", "09:00"), nil).refused(409, "appointment.too_many_holds")
	l.ask(other, when(tomorrow, "09:00"), nil).refused(409, "appointment.slot_full")

	other.post("/api/v1/appointments", map[string]string{"hold": first}).refused(404, "appointment.not_found")
	other.post("/api/v1/holds/"+first+"/release", nil).refused(404, "appointment.not_found")
	other.get("/api/v1/appointments/"+first).refused(404, "appointment.not_found")
	require.Equal(t, "held", p.get("/api/v1/appointments/"+first).ok().text("state"))

	l.set(monday.Add(5*time.Minute + 10*time.Second))
	p.post("/api/v1/appointments", map[string]string{"hold": first}).refused(409, "appointment.hold_expired")
	l.ask(other, when(tomorrow, "09:00"), nil).ok()
	l.ask(p, when("2026-12-03", "09:00"), nil).ok()
}

// TestLimitsArePerPersonItemDayAndCity: whatever account or office.
func TestLimitsArePerPersonItemDayAndCity(t *testing.T) {
	l, there := newLobby(t, monday), newLobby(t, monday)
	p := l.citizen(t)
	l.book(p, when(tomorrow, "09:00"), nil)
	there.ask(p, when(tomorrow, "14:00"), nil).refused(409, "appointment.same_day")
	there.ask(p, when(tomorrow, "09:00"), map[string]any{"item": visitItem}).refused(409, "appointment.overlap")
	there.ask(p, when(tomorrow, "14:00"), map[string]any{"item": visitItem, "people": 5}).refused(409, "appointment.day_most")
	family := map[string]any{"people": 5}
	l.book(p, when("2026-12-02", "09:00"), family)
	l.ask(p, when("2026-12-03", "09:00"), family).refused(409, "appointment.too_many_open")
	l.ask(p, when("2026-12-03", "09:00"), map[string]any{"people": 6}).refused(422, "appointment.people")

	id := l.in.sandbox.AddPerson(sandbox.Person{Name: p.person.Name, IDNumber: p.person.IDNumber, Phone: "13911112222", OpenID: "o-second-phone-of-the-same"})
	again := &client{t: t, town: l.town}
	again.person, _ = l.in.sandbox.Person(id)
	again.login()
	again.prove()
	there.ask(again, when(tomorrow, "14:00"), nil).refused(409, "appointment.same_day")
}

// TestSeveralPeopleAndItemsTakeTheirTimeTogether on one window, within one
// session, and as long as the catalogue says, whatever the phone sends.
func TestSeveralPeopleAndItemsTakeTheirTimeTogether(t *testing.T) {
	l := newLobby(t, monday)
	p, q := l.citizen(t), l.citizen(t)
	three := l.ask(p, when(tomorrow, "09:00"), map[string]any{"people": 3}).ok() // 3 × 12 minutes
	require.Equal(t, when(tomorrow, "09:45"), three.text("ends_at"))
	require.NotContains(t, l.slots(tomorrow, ""), "09:30")
	require.Contains(t, l.slots(tomorrow, ""), "09:45")
	slots := l.slots(tomorrow, "item="+permitItem+"&people=3")
	require.Equal(t, []string{"09:45", "11:15", "14:00", "16:45"}, []string{slots[0], slots[6], slots[7], slots[len(slots)-1]})
	l.ask(q, when(tomorrow, "11:30"), map[string]any{"people": 3}).refused(422, "appointment.not_offered")
	l.ask(q, when(tomorrow, "17:00"), map[string]any{"people": 3}).refused(422, "appointment.not_offered")
	l.ask(q, when(tomorrow, "08:30"), map[string]any{"people": 3}).refused(409, "appointment.slot_full")

	two := map[string]any{"more_items": []string{visitItem, "SB-0002"}} // 12 + 6 + 8 minutes
	both := l.book(q, when(tomorrow, "10:00"), two)
	require.Equal(t, []any{when(tomorrow, "10:30"), visitItem}, []any{both.text("ends_at"), both.at("more_items.0")})
	require.NotContains(t, l.slots(tomorrow, ""), "10:15")
	require.NotContains(t, l.slots(tomorrow, "item="+permitItem+"&more_items="+visitItem+",SB-0002"), "09:45")
	l.ask(p, when(tomorrow, "14:00"), map[string]any{"more_items": []string{permitItem}}).refused(422, "appointment.items")
	l.ask(p, when(tomorrow, "14:00"), map[string]any{"more_items": []string{"GJ-0001"}}).refused(409, "appointment.not_here")
	l.ask(p, when(tomorrow, "14:00"), map[string]any{"ends_at": when(tomorrow, "17:00")}).refused(422, "request.invalid")
	l.ask(p, when(tomorrow, "14:00"), map[string]any{"minutes": 200}).refused(422, "request.invalid")
}

// TestAMoveIsOneAct: without the new seat the old one stays; with it the old
// one is free.
func TestAMoveIsOneAct(t *testing.T) {
	l, there := newLobby(t, monday), newLobby(t, monday)
	l.someone(when(tomorrow, "10:00"))
	p := l.citizen(t)
	a := "/api/v1/appointments/" + l.book(p, when(tomorrow, "09:00"), nil).text("id")
	move := func(to string, more map[string]any) *reply {
		body := map[string]any{"starts_at": to}
		for k, v := range more {
			body[k] = v
		}
		return p.post(a+"/move", body)
	}
	move(when(tomorrow, "10:00"), nil).refused(409, "appointment.slot_full")
	move(when(tomorrow, "12:00"), nil).refused(422, "appointment.not_offered")
	move(when("2026-12-05", "10:00"), nil).refused(409, "appointment.closed")
	move(when("2026-12-25", "10:00"), nil).refused(409, "appointment.not_released")
	move(when(tomorrow, "10:00"), map[string]any{"office": "nowhere"}).refused(404, "place.no_office")
	require.Equal(t, when(tomorrow, "09:00"), p.get(a).ok().text("starts_at"))
	require.NotContains(t, l.slots(tomorrow, ""), "09:00")
	l.citizen(t).post(a+"/move", map[string]string{"starts_at": when(tomorrow, "11:00")}).refused(404, "appointment.not_found")

	require.Equal(t, when(tomorrow, "09:15"), move("2026-12-01T01:15:00Z", nil).ok().text("starts_at"), "by a quarter hour, said in UTC")
	require.Contains(t, l.slots(tomorrow, ""), "09:00")
	moved := move(when(tomorrow, "10:00"), map[string]any{"office": there.office}).ok()
	require.Equal(t, there.office, moved.text("office"))
	require.Contains(t, l.slots(tomorrow, ""), "09:15")
	require.NotContains(t, there.slots(tomorrow, ""), "10:00")
	require.Contains(t, p.messages(), "预约已改期")
}

// TestWhatHasBegunIsNeitherMovedNorCancelled, and what is over is not either.
func TestWhatHasBegunIsNeitherMovedNorCancelled(t *testing.T) {
	l := newLobby(t, monday)
	p, a := l.someone(when("2026-11-30", "10:00"))
	q, b := l.someone(when("2026-11-30", "10:15"))
	q.post(b+"/cancel", nil).ok()
	require.Contains(t, l.slots("2026-11-30", ""), "10:15", "free at once")
	q.post(b+"/cancel", nil).refused(409, "appointment.wrong_state")
	q.post(b+"/move", map[string]string{"starts_at": when(tomorrow, "10:00")}).refused(409, "appointment.wrong_state")
	l.set(monday.Add(2 * time.Hour))
	p.post(a+"/cancel", nil).refused(409, "appointment.begun")
	p.post(a+"/move", map[string]string{"starts_at": when(tomorrow, "10:00")}).refused(409, "appointment.begun")
	require.Equal(t, "booked", p.get(a).ok().text("state"))
}

// TestOneSeatThroughEveryDoor: citizens, staff, a move and the waiting list ask
// for one seat at once; one of them has it.
func TestOneSeatThroughEveryDoor(t *testing.T) {
	l := newLobby(t, monday)
	last := when(tomorrow, "17:15")
	mover, path := l.someone(when(tomorrow, "09:00"))
	clerk := l.post(staff.WindowStaff)
	waiter := l.citizen(t)
	waiter.post("/api/v1/waiting", map[string]any{"office": l.office, "item": permitItem, "from": "2026-12-02", "to": "2026-12-02"}).ok()
	doors := []func() *reply{
		func() *reply { return mover.post(path+"/move", map[string]string{"starts_at": last}) },
	}
	for range 6 {
		p, caller := l.citizen(t), l.newcomer()
		doors = append(doors, func() *reply { return l.ask(p, last, nil) }, func() *reply {
			return clerk.post("/api/v1/village/appointments", map[string]any{
				"name": caller.Name, "number": caller.IDNumber, "purpose": "电话预约", "item": permitItem, "starts_at": last,
			})
		})
	}
	var all sync.WaitGroup
	got := make([]string, len(doors))
	for i, door := range doors {
		all.Go(func() { got[i] = door().text("code") })
	}
	all.Wait()
	full := 0
	for _, code := range got {
		if code == "appointment.slot_full" {
			full++
		}
	}
	require.Equal(t, len(doors)-1, full, "%v", got)
	require.NotContains(t, l.slots(tomorrow, ""), "17:15")
}
