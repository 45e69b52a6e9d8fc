package main

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// announced is a rush on the Thursday after tuesday, whose seats are released
// tomorrow at nine.
func announced() map[string]any {
	return map[string]any{
		"item": visitItem, "first_date": "2026-11-26", "last_date": "2026-11-26", "per_second": 1,
		"opens_at": "2026-11-25T09:00:00+08:00", "ends_at": "2026-11-25T12:00:00+08:00",
	}
}

// TestReleasedSeatsGoToWhoWasLetThrough: held back until their second, then
// given to those who waited, in the room's order; and sold once each.
func TestReleasedSeatsGoToWhoWasLetThrough(t *testing.T) {
	c := newTown(t, tuesday)
	manager := c.member(t, staff.Member{Role: staff.OfficeManager, Office: villageOffice})
	slots := "/api/v1/offices/" + villageOffice + "/slots?from=2026-11-26&days=1&item=" + visitItem
	people := []*client{c.citizen(t), c.citizen(t), c.citizen(t)}
	seat := people[0].get(slots).ok().text("items.0.slots.0.starts_at")
	hold := map[string]any{"office": villageOffice, "item": visitItem, "starts_at": seat}

	r := manager.post("/api/v1/village/rushes", announced()).ok()
	place := "/api/v1/rushes/" + r.text("id") + "/place"
	require.Empty(t, r.text("lots"))
	manager.post("/api/v1/village/rushes", announced()).refused(409, "rush.clashes")
	require.Empty(t, people[0].get(slots).ok().list("items.0.slots"))
	require.Contains(t, people[0].get(slots).ok().text("items.0.why"), "11月25日")
	caller, window := c.newcomer(), c.member(t, staff.Member{Role: staff.WindowStaff, Office: villageOffice})
	call := map[string]any{"name": caller.Name, "number": caller.IDNumber, "purpose": "电话预约", "item": visitItem, "starts_at": seat}
	window.post("/api/v1/village/appointments", call).refused(409, "appointment.not_released")
	waiter := c.citizen(t)
	waiter.post("/api/v1/waiting", map[string]any{"office": villageOffice, "item": visitItem, "from": "2026-11-26", "to": "2026-11-26"}).ok()
	refusal := people[0].post("/api/v1/holds", hold).refused(409, "rush.not_open")
	require.NotEmpty(t, refusal.header.Get("Retry-After"))
	people[0].put(place, map[string]any{}).refused(409, "rush.too_early")
	c.visitor(t).put(place, map[string]any{}).refused(403, "citizen.need_real_name")

	c.clock.moveTo(time.Date(2026, 11, 25, 8, 45, 0, 0, tuesday.Location()))
	for _, p := range people {
		require.Equal(t, "not_open", p.put(place, map[string]any{}).ok().text("phase"))
	}
	c.clock.moveTo(time.Date(2026, 11, 25, 9, 0, 0, 0, tuesday.Location()))
	require.Len(t, c.nobody(t).get("/api/v1/rushes").ok().text("items.0.lots"), 64)
	_, err := c.in.rooms.desk.OfferFreed(t.Context())
	require.NoError(t, err)
	require.Equal(t, "waiting", waiter.get("/api/v1/waiting").ok().text("items.0.state"), "the waiting list is no way around the room")
	late := c.citizen(t)
	late.post("/api/v1/holds", hold).refused(409, "rush.enter")
	require.Equal(t, "waiting", late.put(place, map[string]any{}).ok().text("phase"))
	late.post("/api/v1/holds", hold).refused(429, "rush.wait")
	late.put(place, map[string]any{"ticket": "forged"}).ok() // it is in the room: its ticket is not looked at
	people[0].put(place, map[string]any{"tickets": 1}).refused(422, "request.invalid")

	c.clock.moveTo(time.Date(2026, 11, 25, 9, 0, 10, 0, tuesday.Location()))
	require.Equal(t, "through", late.put(place, map[string]any{}).ok().text("phase"))
	late.post("/api/v1/holds", hold).ok()
	people[1].post("/api/v1/appointments/"+idOf(people[1].hold(permitItem))+"/cancel", nil) // another item is not guarded
}

// TestARushIsCalledOff by its own office, and the seats are free at once.
func TestARushIsCalledOff(t *testing.T) {
	c := newTown(t, tuesday)
	manager := c.member(t, staff.Member{Role: staff.OfficeManager, Office: villageOffice})
	other := c.member(t, staff.Member{Role: staff.OfficeManager, Office: otherVillage})
	id := manager.post("/api/v1/village/rushes", announced()).ok().text("id")
	off := "/api/v1/village/rushes/" + id + "/call-off"
	other.post(off, nil).refused(404, "rush.none")
	require.Len(t, c.nobody(t).get("/api/v1/rushes").ok().list("items"), 1)
	manager.post(off, nil).ok()
	manager.post(off, nil).refused(404, "rush.none")
	require.Empty(t, c.nobody(t).get("/api/v1/rushes").ok().list("items"))
	require.NotEmpty(t, c.citizen(t).get("/api/v1/offices/"+villageOffice+"/slots?from=2026-11-26&days=1&item="+visitItem).ok().list("items.0.slots"))
	manager.post("/api/v1/village/rushes", announced()).ok()
	for _, bad := range []struct {
		key, code string
		value     any
	}{
		{"opens_at", "rush.times", "2026-11-23T09:00:00+08:00"},
		{"ends_at", "rush.times", "2026-11-25T08:00:00+08:00"},
		{"last_date", "rush.dates", "2026-11-25"},
		{"item", "catalog.no_item", "NO-1"},
	} {
		body := announced()
		body[bad.key] = bad.value
		require.Equal(t, bad.code, manager.post("/api/v1/village/rushes", body).text("code"), bad.key)
	}
}

// TestARushSellsEverySeatOnce to a crowd of real clients that asks and asks.
func TestARushSellsEverySeatOnce(t *testing.T) {
	c := newTown(t, tuesday)
	manager := c.member(t, staff.Member{Role: staff.OfficeManager, Office: villageOffice})
	body := announced()
	body["per_second"] = 10_000
	id := manager.post("/api/v1/village/rushes", body).ok().text("id")
	people := make([]*client, 60)
	for i := range people {
		people[i] = c.citizen(t)
	}
	c.clock.moveTo(time.Date(2026, 11, 25, 9, 0, 0, 0, tuesday.Location()))
	slots := people[0].get("/api/v1/offices/" + villageOffice + "/slots?from=2026-11-26&days=1&item=" + visitItem).ok().list("items.0.slots")
	slots = slots[:4]
	seats := 0
	for _, s := range slots {
		seats += int(s["free"].(float64))
	}
	require.Less(t, seats, len(people))

	var mu sync.Mutex
	var all sync.WaitGroup
	got := map[*client]int{}
	for i, p := range people {
		all.Go(func() {
			p.put("/api/v1/rushes/"+id+"/place", map[string]any{}).ok()
			for n := range len(slots) {
				r := p.post("/api/v1/holds", map[string]any{"office": villageOffice, "item": visitItem, "starts_at": slots[(i+n)%len(slots)]["starts_at"]})
				if r.status == 200 {
					p.post("/api/v1/appointments", map[string]string{"hold": r.text("id")}).ok()
					mu.Lock()
					got[p]++
					mu.Unlock()
					return
				}
				r.refused(409, "appointment.slot_full")
			}
		})
	}
	all.Wait()
	require.Len(t, got, seats, fmt.Sprint(got))
}
