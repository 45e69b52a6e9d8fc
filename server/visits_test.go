package main

import (
	"fmt"
	"maps"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// visits is one instance for the tests of bookings, each at an office of its
// own; each sets the clock that it begins at.
var visits struct {
	sync.Mutex
	town    *town
	offices []string
}

// monday is when these tests begin unless they say otherwise.
var monday = time.Date(2026, 11, 30, 8, 0, 0, 0, workday.Zone)

// lobby is an office with one window and the hours 08:30-12:00 and
// 14:00-17:30: one visit at a time.
type lobby struct {
	*town
	t       testing.TB
	office  string
	manager *client
}

func newLobby(t testing.TB, at time.Time) *lobby {
	t.Helper()
	visits.Lock()
	defer visits.Unlock()
	if visits.town == nil {
		data, err := os.MkdirTemp("", "yimen-test-")
		require.NoError(t, err)
		visits.town, err = openTown(data, at)
		require.NoError(t, err)
		end := visits.town.stop
		visits.town.stop = func() error { defer os.RemoveAll(data); return end() }
		edition, err := visits.town.in.shelf.Current(t.Context())
		require.NoError(t, err)
		for _, o := range edition.Places.Offices() {
			if o.Windows == 1 && o.Hours.String() == "Mon-Fri 08:30-12:00,14:00-17:30" && o.Code > "440604012210" {
				visits.offices = append(visits.offices, string(o.Code))
			}
		}
	}
	l := &lobby{town: visits.town, t: t, office: visits.offices[0]}
	visits.offices = visits.offices[1:]
	l.set(at)
	l.manager = l.post(staff.OfficeManager)
	return l
}

// set puts the clock, forward or back.
func (l *lobby) set(at time.Time, people ...*client) {
	l.clock.ahead.Store(int64(time.Until(at)))
	for _, p := range people {
		p.login()
	}
}

func (l *lobby) post(role staff.Role) *client {
	return l.member(l.t, staff.Member{Role: role, Office: place.OfficeCode(l.office)})
}

// when is a time on a date, as the wire has it.
func when(date, clock string) string { return date + "T" + clock + ":00+08:00" }

// ask asks for a hold of the permit, or as more says.
func (l *lobby) ask(p *client, startsAt string, more map[string]any) *reply {
	p.t.Helper()
	body := map[string]any{"office": l.office, "item": permitItem, "starts_at": startsAt}
	maps.Copy(body, more)
	return p.post("/api/v1/holds", body)
}

// book holds and confirms; it returns the appointment.
func (l *lobby) book(p *client, startsAt string, more map[string]any) *reply {
	p.t.Helper()
	hold := l.ask(p, startsAt, more).ok().text("id")
	return p.post("/api/v1/appointments", map[string]string{"hold": hold}).ok()
}

// someone books it, so that it is taken.
func (l *lobby) someone(startsAt string) (p *client, path string) {
	l.t.Helper()
	p = l.citizen(l.t)
	return p, "/api/v1/appointments/" + l.book(p, startsAt, nil).text("id")
}

// fill leaves the office one half hour of a date, and books it out.
func (l *lobby) fill(date string) (people []*client, paths []string) {
	l.t.Helper()
	next, err := workday.ParseDate(date)
	require.NoError(l.t, err)
	l.manager.post("/api/v1/village/timetable", map[string]any{
		"kind": "exception", "from": when(date, "00:00"), "to": when(next.AddDays(1).String(), "00:00"), "hours": "10:00-10:30", "reason": "设备检修",
	}).ok()
	for _, at := range []string{"10:00", "10:15"} {
		p, path := l.someone(when(date, at))
		people, paths = append(people, p), append(paths, path)
	}
	return people, paths
}

// slots are the free times of a date for the permit, or as the query says.
func (l *lobby) slots(date, query string) (list []string) {
	l.t.Helper()
	for _, s := range l.day(date, query).list("items.0.slots") {
		if s["free"].(float64) > 0 {
			list = append(list, s["starts_at"].(string)[11:16])
		}
	}
	return list
}

func (l *lobby) day(date, query string) *reply {
	l.t.Helper()
	if query == "" {
		query = "item=" + permitItem
	}
	return l.nobody(l.t).get(fmt.Sprintf("/api/v1/offices/%s/slots?from=%s&days=1&%s", l.office, date, query)).ok()
}

// rule sets the office's rule for all items.
func (l *lobby) rule(body map[string]any) {
	l.t.Helper()
	l.manager.put("/api/v1/village/booking-rules", body).ok()
}

// tick does what the service does every few seconds.
func (l *lobby) tick() {
	l.t.Helper()
	desk := l.in.rooms.desk
	for _, do := range []func() (int, error){
		func() (int, error) { return desk.Sweep(l.t.Context()) },
		func() (int, error) { return desk.OfferFreed(l.t.Context()) },
		func() (int, error) { return desk.Remind(l.t.Context()) },
	} {
		_, err := do()
		require.NoError(l.t, err)
	}
}

// messages is everything that somebody was told.
func (p *client) messages() string {
	p.t.Helper()
	return string(p.get("/api/v1/messages").ok().raw)
}
