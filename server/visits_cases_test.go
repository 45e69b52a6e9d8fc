package main

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// TestTodayIsTheOfficesToday at midnight and at the month's end, wherever the
// server and the phone think they are.
func TestTodayIsTheOfficesToday(t *testing.T) {
	l := newLobby(t, monday)
	first := func() *reply {
		return l.nobody(t).get("/api/v1/offices/" + l.office + "/slots?days=2&item=" + permitItem).ok()
	}
	for _, c := range []struct{ at, date string }{
		{when("2026-11-30", "23:59"), "2026-11-30"}, {when("2026-12-01", "00:01"), "2026-12-01"}, {"2026-11-30T15:59:00Z", "2026-11-30"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		require.NoError(t, err)
		l.set(at)
		r := first()
		require.Equal(t, c.date, r.text("items.0.date"))
		require.Equal(t, c.date == "2026-12-01", r.at("items.0.open"), "at %s what is left of the day is over", c.at)
	}
	l.set(monday.Add(2 * time.Hour)) // 10:00
	require.Equal(t, "10:45", l.slots("2026-11-30", "")[0], "neither what has begun nor what begins too soon")
	require.Equal(t, "日期已过", l.day("2026-11-29", "").text("items.0.why"))
	p := l.citizen(t)
	l.ask(p, when("2026-11-30", "09:00"), nil).refused(409, "appointment.too_soon")
	l.ask(p, when("2026-11-30", "11:05"), nil).refused(422, "appointment.not_offered")
	require.Equal(t, when("2026-11-30", "11:00"), l.ask(p, "2026-11-29T22:00:00-05:00", nil).ok().text("starts_at"))
}

// TestADayOffForTodayHoldsAtOnceAndNamesWhomItHits; an item is closed alone.
func TestADayOffForTodayHoldsAtOnceAndNamesWhomItHits(t *testing.T) {
	l := newLobby(t, monday)
	p, path := l.someone(when("2026-11-30", "16:00"))
	q := l.citizen(t)
	l.book(q, when(tomorrow, "10:00"), nil)
	closed := l.manager.post("/api/v1/village/timetable", map[string]string{
		"kind": "closure", "from": when("2026-11-30", "00:00"), "to": when(tomorrow, "00:00"), "reason": "停电检修",
	}).ok()
	require.Equal(t, []any{idOf(path), true}, []any{closed.text("hit.0.id"), closed.at("hit.0.displaced")})
	require.Len(t, closed.list("hit"), 1)
	require.Equal(t, "停电检修", l.day("2026-11-30", "").text("items.0.why"))
	l.ask(l.citizen(t), when("2026-11-30", "16:30"), nil).refused(409, "appointment.closed")
	require.Contains(t, p.messages(), "受停办影响")
	moved := p.post(path+"/move", map[string]string{"starts_at": p.get(path + "/other-times").ok().text("items.0.starts_at")}).ok()
	require.Equal(t, when(tomorrow, "08:30"), moved.text("starts_at"))

	l.manager.post("/api/v1/village/timetable", map[string]string{
		"kind": "closure", "item": visitItem, "from": when("2026-12-02", "00:00"), "to": when("2026-12-03", "00:00"), "reason": "设备检修",
	}).ok()
	l.ask(q, when("2026-12-02", "10:00"), map[string]any{"item": visitItem}).refused(409, "appointment.closed")
	l.ask(q, when("2026-12-02", "10:00"), map[string]any{"more_items": []string{visitItem}}).refused(409, "appointment.closed")
	l.ask(q, when("2026-12-02", "10:00"), nil).ok()
	l.ask(q, when("2026-12-03", "10:00"), map[string]any{"item": "GJ-0001"}).refused(409, "appointment.not_here")
	l.ask(q, when("2026-12-03", "10:00"), map[string]any{"item": "none"}).refused(404, "catalog.no_item")
}

// TestABookingKeepsItsLengthAndPlaceWhenHoursChange afterwards.
func TestABookingKeepsItsLengthAndPlaceWhenHoursChange(t *testing.T) {
	l := newLobby(t, monday)
	p, path := l.someone(when(tomorrow, "16:00"))
	entered := l.manager.post("/api/v1/village/timetable", map[string]string{
		"kind": "series", "from": when(tomorrow, "00:00"), "to": when("2026-12-31", "00:00"), "hours": "Mon-Fri 09:00-12:00", "reason": "冬季作息",
	}).ok()
	require.Empty(t, entered.list("hit"))
	kept := p.get(path).ok()
	require.Equal(t, []any{when(tomorrow, "16:00"), when(tomorrow, "16:15"), nil}, []any{kept.text("starts_at"), kept.text("ends_at"), kept.at("displaced")})
	require.Equal(t, "11:45", l.slots(tomorrow, "")[len(l.slots(tomorrow, ""))-1])
	clerk := l.post(staff.WindowStaff)
	l.set(monday.Add(32*time.Hour-10*time.Minute), clerk)
	clerk.post("/api/v1/village/appointments/check-in", map[string]string{"code": kept.text("code")}).ok()
}

// TestABookingAskedForTwiceIsOne: the same key is the same booking, and another
// body under it a conflict.
func TestABookingAskedForTwiceIsOne(t *testing.T) {
	l := newLobby(t, monday)
	p := l.citizen(t)
	wish := map[string]any{"office": l.office, "item": permitItem, "starts_at": when(tomorrow, "10:00")}
	hold := p.postAs("key-of-a-hold", "/api/v1/holds", wish).ok()
	require.Equal(t, hold.text("id"), p.postAs("key-of-a-hold", "/api/v1/holds", wish).ok().text("id"))
	wish["starts_at"] = when(tomorrow, "11:00")
	p.postAs("key-of-a-hold", "/api/v1/holds", wish).refused(409, "request.key_reused")
	confirm := map[string]string{"hold": hold.text("id")}
	a := p.postAs("key-of-a-booking", "/api/v1/appointments", confirm).ok()
	require.Equal(t, a.raw, p.postAs("key-of-a-booking", "/api/v1/appointments", confirm).ok().raw)
	p.post("/api/v1/appointments", confirm).refused(409, "appointment.wrong_state")
	require.Len(t, p.get("/api/v1/appointments").ok().list("items"), 1)
}

// TestOneTicketIsCalledByOneOfTwoClerks, none calls another with one in hand,
// and a missed one comes back a set number of times.
func TestOneTicketIsCalledByOneOfTwoClerks(t *testing.T) {
	l := newLobby(t, tuesday)
	l.office = townOffice
	one, two := l.clerk(t, townOffice).onDuty(1), l.clerk(t, townOffice).onDuty(2)
	for range 5 {
		id := one.ticket(nil).ok().text("id")
		var all sync.WaitGroup
		got := make([]*reply, 2)
		for i, clerk := range []*client{one, two} {
			all.Go(func() { got[i] = clerk.next() })
		}
		all.Wait()
		has, not := one, got[1]
		if got[1].status == http.StatusOK {
			has, not = two, got[0]
		}
		not.refused(409, "queue.nobody")
		has.next().refused(409, "queue.hand_full")
		for range 2 {
			has.act(id, "skip").ok()
			has.act(id, "call").ok()
		}
		has.act(id, "skip").ok()
		has.act(id, "call").refused(409, "queue.returns")
	}
}
