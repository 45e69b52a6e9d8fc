package main

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// ticket takes a walk-in ticket at the clerk's office and returns its path.
func (p *client) ticket(more map[string]any) *reply {
	p.t.Helper()
	body := map[string]any{"item": permitItem}
	for k, v := range more {
		body[k] = v
	}
	return p.post("/api/v1/village/tickets", body)
}

// onDuty opens a window.
func (p *client) onDuty(number int) *client {
	p.t.Helper()
	p.post("/api/v1/village/windows/open", map[string]int{"number": number}).ok()
	return p
}

func (p *client) next() *reply {
	p.t.Helper()
	return p.post("/api/v1/village/queue/next", nil)
}

// act does something with a ticket at the window.
func (p *client) act(id, verb string) *reply {
	p.t.Helper()
	return p.post("/api/v1/village/tickets/"+id+"/"+verb, nil)
}

// served serves whoever is next.
func (p *client) served() string {
	p.t.Helper()
	r := p.next().ok()
	p.act(r.text("id"), "serve").ok()
	p.act(r.text("id"), "finish").ok()
	return r.text("number")
}

// TestEveryTicketIsCalledOnce: six clerks call as fast as they can while tickets
// still come in from three terminals; each number is given once and called once.
func TestEveryTicketIsCalledOnce(t *testing.T) {
	c := newTown(t, tuesday)
	const clerks, terminals, each = 6, 3, 20
	var mu sync.Mutex
	given, called := map[string]int{}, map[string]int{}
	count := func(in map[string]int, number string) {
		mu.Lock()
		defer mu.Unlock()
		in[number]++
	}
	seen := func() int { mu.Lock(); defer mu.Unlock(); return len(called) }
	var windows, desks []*client
	for n := range clerks {
		windows = append(windows, c.clerk(t, townOffice).onDuty(n+1))
	}
	for range terminals {
		desks = append(desks, c.clerk(t, townOffice))
	}
	var all sync.WaitGroup
	for n, p := range desks {
		all.Go(func() {
			for i := range each {
				more := map[string]any{"origin": "kiosk"}
				if (n+i)%5 == 0 {
					more = map[string]any{"priority": "elderly"}
				}
				count(given, p.ticket(more).ok().text("number"))
			}
		})
	}
	for _, p := range windows {
		all.Go(func() {
			for seen() < terminals*each {
				r := p.next()
				if r.status != http.StatusOK {
					r.refused(http.StatusConflict, "queue.nobody")
					continue
				}
				count(called, r.text("number"))
				p.next().refused(http.StatusConflict, "queue.hand_full")
				p.act(r.text("id"), "serve").ok()
				p.act(r.text("id"), "finish").ok()
			}
		})
	}
	all.Wait()
	require.Len(t, given, terminals*each, "a number was given twice")
	require.Equal(t, given, called)
	require.Equal(t, terminals*each, c.count(t, "SELECT count(*) FROM ticket WHERE state = 'finished'"))
}

// TestATicketsWayThroughTheWindow: called, called again up to three times,
// missed, called back, missed again, back to the end, and no third time.
func TestATicketsWayThroughTheWindow(t *testing.T) {
	c := newTown(t, tuesday)
	p, other := c.clerk(t, townOffice), c.clerk(t, townOffice)
	id := p.ticket(nil).ok().text("id")
	p.next().refused(http.StatusConflict, "queue.no_duty")
	p.onDuty(1)
	other.post("/api/v1/village/windows/open", map[string]int{"number": 1}).refused(http.StatusConflict, "queue.window_taken")
	other.onDuty(2)
	p.post("/api/v1/village/windows/open", map[string]int{"number": 2}).refused(http.StatusConflict, "queue.window_taken")
	p.post("/api/v1/village/windows/open", map[string]int{"number": 99}).refused(http.StatusNotFound, "queue.no_window")

	r := p.next().ok()
	require.Equal(t, []any{id, "called", 1.0}, []any{r.text("id"), r.text("state"), r.at("window")})
	other.act(id, "serve").refused(http.StatusConflict, "queue.other_clerk")
	other.act(id, "call").refused(http.StatusConflict, "queue.not_now")
	p.act(id, "recall").ok()
	require.Equal(t, 3.0, p.act(id, "recall").ok().at("calls"))
	p.act(id, "recall").refused(http.StatusConflict, "queue.calls")
	p.act(id, "finish").refused(http.StatusConflict, "queue.not_now")

	p.act(id, "skip").ok()
	require.Equal(t, "called", other.act(id, "call").ok().text("state"))
	other.act(id, "skip").ok()
	p.act(id, "return").ok()
	require.Equal(t, id, p.next().ok().text("id"))
	p.act(id, "skip").ok()
	p.act(id, "call").refused(http.StatusConflict, "queue.returns")
	p.act(id, "return").refused(http.StatusConflict, "queue.returns")

	history := p.get("/api/v1/village/tickets/" + id).ok()
	var acts []string
	for _, e := range history.list("history") {
		acts = append(acts, e["act"].(string))
	}
	require.Equal(t, []string{"take", "call", "recall", "recall", "skip", "call_back", "skip", "return", "call", "skip"}, acts)
}

// TestATransferKeepsNumberHistoryAndPlace: whoever is sent on stands before
// those who came later, and only the named window calls them.
func TestATransferKeepsNumberHistoryAndPlace(t *testing.T) {
	c := newTown(t, tuesday)
	one, two := c.clerk(t, townOffice).onDuty(1), c.clerk(t, townOffice).onDuty(2)
	first := one.ticket(nil).ok()
	second := one.ticket(nil).ok().text("id")
	require.Equal(t, first.text("id"), one.next().ok().text("id"))
	one.act(first.text("id"), "serve").ok()
	send := "/api/v1/village/tickets/" + first.text("id") + "/transfer"
	one.post(send, map[string]any{}).refused(http.StatusUnprocessableEntity, "queue.handover")
	one.post(send, map[string]int{"window": 1}).refused(http.StatusUnprocessableEntity, "queue.handover")
	one.post(send, map[string]int{"window": 999}).refused(http.StatusNotFound, "queue.no_window")
	one.post(send, map[string]string{"item": "XX-0000"}).refused(http.StatusNotFound, "catalog.no_item")
	r := one.post(send, map[string]int{"window": 2}).ok()
	require.Equal(t, []any{"waiting", first.text("number"), 2.0}, []any{r.text("state"), r.text("number"), r.at("window")})
	require.Equal(t, second, one.next().ok().text("id"), "it is not for window 1 any more")
	one.act(second, "skip").ok()
	require.Equal(t, first.text("id"), two.next().ok().text("id"))
	two.act(first.text("id"), "park").ok()
	require.Equal(t, "called", two.act(first.text("id"), "call").ok().text("state"))
	two.act(first.text("id"), "serve").ok()
	two.act(first.text("id"), "finish").ok()
	two.act(first.text("id"), "reopen").ok()
	two.act(first.text("id"), "finish").ok()
	c.clock.moveTo(c.clock.now().Add(2 * time.Minute))
	two.act(first.text("id"), "reopen").refused(http.StatusConflict, "queue.reopen_late")
}

// TestCheckInGivesAPlaceInTheQueue by code, by card and by phone; again it
// shows the same one; and what is finished counts as served.
func TestCheckInGivesAPlaceInTheQueue(t *testing.T) {
	c := newTown(t, tuesday.Add(-24*time.Hour))
	clerk := c.clerk(t, villageOffice).onDuty(1)
	by := map[string]func(p *client, id, code string) *reply{
		"code": func(_ *client, _, code string) *reply {
			return clerk.post("/api/v1/village/appointments/check-in", map[string]string{"code": code})
		},
		"card": func(p *client, _, _ string) *reply {
			return clerk.post("/api/v1/village/appointments/check-in-person", map[string]string{
				"name": p.person.Name, "number": p.person.IDNumber, "purpose": "预约签到",
			})
		},
		"phone": func(p *client, id, _ string) *reply {
			return p.post("/api/v1/appointments/"+id+"/check-in", spotOf(t, c, villageOffice, 0))
		},
	}
	for _, way := range []string{"code", "card", "phone"} {
		p := c.citizen(t)
		a := p.get("/api/v1/appointments/" + p.book(visitItem)).ok()
		starts, err := time.Parse(time.RFC3339, a.text("starts_at"))
		require.NoError(t, err)
		if starts.Add(-30 * time.Minute).After(c.clock.now()) {
			if starts.Add(-2 * time.Hour).After(c.clock.now()) {
				by[way](p, a.text("id"), a.text("code")).refused(http.StatusConflict, "appointment.too_early")
			}
			c.clock.moveTo(starts.Add(-30 * time.Minute))
		}
		r := by[way](p, a.text("id"), a.text("code")).ok()
		require.Equal(t, []any{"checked_in", "waiting", "appointments"}, []any{r.text("state"), r.text("ticket.state"), r.text("ticket.lane")}, way)
		require.Equal(t, byte('A'), r.text("ticket.number")[0])
		require.Equal(t, r.text("ticket.id"), by[way](p, a.text("id"), a.text("code")).ok().text("ticket.id"), "again, by %s", way)
		require.Equal(t, a.text("starts_at"), p.get("/api/v1/tickets/"+r.text("ticket.id")).ok().text("due_at"))
		clerk.onDuty(1)
		require.Equal(t, r.text("ticket.number"), clerk.served())
		require.Equal(t, "served", p.get("/api/v1/appointments/"+a.text("id")).ok().text("state"))
	}
	stranger := c.citizen(t)
	by["card"](stranger, "", "").refused(http.StatusNotFound, "appointment.none_today")
}

// spotOf is a position so many degrees north of an office.
func spotOf(t testing.TB, c *town, office string, north float64) map[string]any {
	t.Helper()
	r := c.nobody(t).get("/api/v1/offices/" + office).ok()
	return map[string]any{"lng": r.at("lng"), "lat": r.at("lat").(float64) + north, "datum": "wgs84"}
}

// TestAPhoneTakesOneTicketNearTheOffice and sees how long it takes, as long as
// nothing changes without a body.
func TestAPhoneTakesOneTicketNearTheOffice(t *testing.T) {
	c := newTown(t, tuesday)
	p, clerk := c.citizen(t), c.clerk(t, townOffice)
	path := "/api/v1/offices/" + townOffice + "/tickets"
	at := func(north float64) map[string]any {
		spot := spotOf(t, c, townOffice, north)
		spot["item"] = permitItem
		return spot
	}
	c.visitor(t).post(path, at(0)).refused(http.StatusForbidden, "citizen.need_real_name")
	p.post(path, at(0.2)).refused(http.StatusConflict, "queue.far")
	p.post(path, at(70)).refused(http.StatusUnprocessableEntity, "circle.position")
	swapped := at(0)
	swapped["lng"], swapped["lat"] = swapped["lat"], swapped["lng"]
	p.post(path, swapped).refused(http.StatusUnprocessableEntity, "circle.swapped")
	clerk.ticket(nil).ok()
	r := p.post(path, at(0)).ok()
	require.Equal(t, []any{"B002", "phone", 1.0}, []any{r.text("number"), r.text("origin"), r.at("people_before")})
	require.Nil(t, r.at("wait_minutes"), "no window is open")
	require.Contains(t, r.text("basis"), "没有开放的窗口")
	p.post(path, at(0)).refused(http.StatusConflict, "queue.has_ticket")

	clerk.onDuty(1)
	mine := p.get("/api/v1/tickets/" + r.text("id")).ok()
	require.Greater(t, mine.at("wait_minutes"), 0.0)
	tag := http.Header{"If-None-Match": {mine.header.Get("Etag")}}
	same := p.send(request{method: http.MethodGet, path: "/api/v1/tickets/" + r.text("id"), header: tag})
	require.Equal(t, http.StatusNotModified, same.status)
	require.Empty(t, same.raw)
	clerk.next().ok()
	moved := p.send(request{method: http.MethodGet, path: "/api/v1/tickets/" + r.text("id"), header: tag}).ok()
	require.Equal(t, 0.0, moved.at("people_before"))
	require.Len(t, p.get("/api/v1/tickets").ok().list("items"), 1)
	require.Contains(t, string(p.get("/api/v1/messages").ok().raw), "B002快到了")
	require.Equal(t, "B002", p.get("/api/v1/me/data").ok().text("tickets.0.number"))
	c.citizen(t).get("/api/v1/tickets/"+r.text("id")).refused(http.StatusNotFound, "queue.no_ticket")
	require.Equal(t, "withdrawn", p.post("/api/v1/tickets/"+r.text("id")+"/withdraw", nil).ok().text("state"))
	p.post(path, at(0)).ok()
}

// TestNoTicketIsGivenThatCannotBeServedToday: terminals that ask together near
// closing time get exactly as many as there is time for.
func TestNoTicketIsGivenThatCannotBeServedToday(t *testing.T) {
	c := newTown(t, tuesday)
	clerk := c.clerk(t, villageOffice).onDuty(1)
	const minutes = 12 // of a permit
	closing := time.Date(2026, 11, 24, 17, 30, 0, 0, tuesday.Location())
	c.clock.moveTo(closing.Add(-3 * minutes * time.Minute).Add(-5 * time.Second))
	var mu sync.Mutex
	got := map[string]int{}
	var all sync.WaitGroup
	for range 12 {
		p := *clerk
		all.Go(func() {
			r := p.ticket(map[string]any{"origin": "kiosk"})
			mu.Lock()
			defer mu.Unlock()
			got[r.text("code")]++
		})
	}
	all.Wait()
	require.Equal(t, map[string]int{"": 3, "queue.day_full": 9}, got)
	c.clock.moveTo(closing)
	clerk.ticket(nil).refused(http.StatusConflict, "queue.shut")
}

// TestWhoWaitedInVainHasFirstChoice: an hour after closing those who still wait
// are told; the next day they go before others, once; and numbers begin anew.
func TestWhoWaitedInVainHasFirstChoice(t *testing.T) {
	c := newTown(t, tuesday)
	p, clerk := c.citizen(t), c.clerk(t, villageOffice)
	identity := map[string]any{"person": map[string]string{"name": p.person.Name, "number": p.person.IDNumber, "purpose": "现场取号"}}
	nameless := clerk.ticket(nil).ok().text("number")
	left := clerk.ticket(identity).ok().text("id")
	c.clock.moveTo(time.Date(2026, 11, 24, 18, 40, 0, 0, tuesday.Location()))
	closed, err := c.in.rooms.hall.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, closed)
	require.Equal(t, "closed", p.get("/api/v1/tickets/"+left).ok().text("state"))
	require.Contains(t, fmt.Sprint(p.get("/api/v1/messages").ok().body), "优先为您办理")

	c.clock.moveTo(time.Date(2026, 11, 25, 9, 0, 0, 0, tuesday.Location()))
	clerk.login()
	p.login()
	require.Equal(t, "B001", clerk.ticket(nil).ok().text("number"), "numbers begin anew")
	mine := clerk.ticket(identity).ok()
	require.Equal(t, []string{"carried", "C001"}, []string{mine.text("priority"), mine.text("number")})
	carries := map[string]any{"carries": map[string]string{"date": "2026-11-24", "number": nameless}}
	require.Equal(t, "C002", clerk.ticket(carries).ok().text("number"))
	clerk.ticket(carries).refused(http.StatusConflict, "queue.not_carried")
	clerk.onDuty(1)
	require.Equal(t, "C001", clerk.served())
	require.Equal(t, "B002", clerk.ticket(identity).ok().text("number"), "once")
}

// TestAClosedWindowLosesNobody: who is at a window that the manager closes goes
// back to their place.
func TestAClosedWindowLosesNobody(t *testing.T) {
	c := newTown(t, tuesday)
	clerk, manager := c.clerk(t, villageOffice).onDuty(1), c.member(t, staff.Member{Role: staff.OfficeManager, Office: villageOffice})
	first := clerk.ticket(nil).ok().text("id")
	clerk.ticket(nil).ok()
	require.Equal(t, first, clerk.next().ok().text("id"))
	manager.post("/api/v1/village/windows/close", map[string]int{"number": 1}).ok()
	clerk.next().refused(http.StatusConflict, "queue.no_duty")
	manager.onDuty(1)
	require.Equal(t, first, manager.next().ok().text("id"))
	manager.post("/api/v1/village/queue/close", nil).ok()
	clerk.ticket(nil).refused(http.StatusConflict, "queue.shut")
	manager.act(first, "serve").ok()
}

// TestAWindowCallsWhatItIsSetTo by the manager.
func TestAWindowCallsWhatItIsSetTo(t *testing.T) {
	c := newTown(t, tuesday)
	clerk, manager := c.clerk(t, villageOffice), c.member(t, staff.Member{Role: staff.OfficeManager, Office: villageOffice})
	set := func(body map[string]any) *reply { return manager.put("/api/v1/village/windows", body) }
	set(map[string]any{"number": 1, "items": []string{"XX-0000"}}).refused(http.StatusNotFound, "catalog.no_item")
	set(map[string]any{"number": 1, "lanes": []string{"nobody"}}).refused(http.StatusUnprocessableEntity, "request.invalid")
	set(map[string]any{"number": 1, "lanes": []string{"priorities"}}).ok()
	clerk.onDuty(1)
	clerk.ticket(nil).ok()
	clerk.next().refused(http.StatusConflict, "queue.nobody")
	clerk.ticket(map[string]any{"origin": "kiosk", "priority": "elderly"}).refused(http.StatusUnprocessableEntity, "queue.unseen")
	veteran := clerk.ticket(map[string]any{"priority": "veteran"}).ok().text("id")
	require.Equal(t, veteran, clerk.next().ok().text("id"))
	list := clerk.get("/api/v1/village/windows").ok().list("items")
	require.Equal(t, []any{"priorities"}, list[0]["lanes"])
}
