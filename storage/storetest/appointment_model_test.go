package storetest_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// model remembers what the desk answered; whether a seat is free it counts
// anew each time.
type model struct {
	*reception
	who      []citizen.Account
	offices  [2]place.OfficeCode
	capacity int
	known    []appointment.Appointment
}

// TestSeatsAreTheSumOfAppointments lets a few people do whatever comes to mind
// with two small offices. After each act the seats are what the appointments
// say, no cell has more than its capacity, and a refusal for lack of seats
// told the truth.
func TestSeatsAreTheSumOfAppointments(t *testing.T) {
	h := newReception(t)
	h.Rules.WalkInOneIn, h.Rules.OpenMost = 0, 12
	var towns []place.OfficeCode
	for _, o := range h.city.Only.Places.Offices() {
		if o.Level == place.Town {
			towns = append(towns, o.Code)
		}
	}
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		h.clock.Set(on("2026-11-23", "08:00").AddDate(0, 0, 7*(round/(len(towns)/2)))) // never the same seats twice
		pair := round % (len(towns) / 2)
		round++
		m := &model{reception: h, who: h.people(rt, 6), capacity: rapid.IntRange(1, 2).Draw(rt, "capacity")}
		m.offices = [2]place.OfficeCode{towns[2*pair], towns[2*pair+1]}
		for _, code := range m.offices {
			h.office(code).Windows = m.capacity
		}
		rt.Repeat(map[string]func(*rapid.T){
			"hold": m.hold, "book": m.book, "release": m.release, "cancel": m.cancel, "move": m.move,
			"check in": m.checkIn, "wait": m.wait, "sweep": m.sweep, "": m.check,
		})
	})
}

var born int

// people are new ones each time: the limits of those before are not theirs.
func (h *reception) people(t require.TestingT, n int) []citizen.Account {
	list, err := storetest.CitizensFrom(h.t.Context(), h.db, born, n)
	require.NoError(t, err)
	born += n
	return list
}

func (m *model) slot(t *rapid.T) (place.OfficeCode, time.Time) {
	office := rapid.SampledFrom(m.offices[:]).Draw(t, "office")
	cell := rapid.IntRange(2, 9).Draw(t, "cell") // 8:30 to 10:15: they shall get in each other's way
	day := rapid.IntRange(0, 1).Draw(t, "day")
	return office, workday.DateOf(m.Now()).AddDays(day).Time().Add(8*time.Hour + time.Duration(cell)*appointment.Cell)
}

func (m *model) hold(t *rapid.T) {
	office, at := m.slot(t)
	r := appointment.Request{
		Office: office, StartsAt: at, People: rapid.IntRange(1, 3).Draw(t, "people"),
		Item: rapid.SampledFrom([]catalog.ItemCode{birth, guoji}).Draw(t, "item"),
	}
	full := m.full(r.Office, at, at.Add(length(r.Item, r.People)), "")
	a, err := m.Hold(m.t.Context(), rapid.SampledFrom(m.who).Draw(t, "who"), r)
	m.told(t, full, err)
	if err == nil {
		require.Equal(t, length(r.Item, r.People), a.EndsAt.Sub(a.StartsAt))
		m.known = append(m.known, a)
	}
}

func length(item catalog.ItemCode, people int) time.Duration {
	minutes := map[catalog.ItemCode]int{birth: 12, guoji: 25}[item] * people
	return time.Duration((minutes+14)/15) * appointment.Cell
}

// told checks an answer against what the model knows of the seats.
func (m *model) told(t require.TestingT, full bool, err error) {
	if full {
		require.Error(t, err, "there was no seat left")
	} else {
		require.False(t, errors.Is(err, appointment.ErrSlotFull), "there were seats left")
	}
}

// full says whether the seats that count by now fill any of the cells.
func (m *model) full(office place.OfficeCode, from, to time.Time, except appointment.ID) bool {
	for at := from; at.Before(to); at = at.Add(appointment.Cell) {
		n := 0
		for _, a := range m.known {
			ended := a.State == appointment.Held && !m.Now().Before(a.LapsesAt)
			if a.ID != except && a.Office == office && seated(a.State) && !ended && !at.Before(a.StartsAt) && at.Before(a.EndsAt) {
				n++
			}
		}
		if n >= m.capacity {
			return true
		}
	}
	return false
}

func seated(s appointment.State) bool {
	return s != appointment.Cancelled && s != appointment.Lapsed
}

// one draws an appointment and acts as its person, or as somebody else.
func (m *model) one(t *rapid.T) (citizen.ID, *appointment.Appointment) {
	if len(m.known) == 0 {
		t.Skip("nothing there yet")
	}
	a := &m.known[rapid.IntRange(0, len(m.known)-1).Draw(t, "which")]
	if rapid.IntRange(0, 9).Draw(t, "stranger") == 0 {
		return rapid.SampledFrom(m.who).Draw(t, "who").Person, a
	}
	return a.Person, a
}

// turned notes the answer to an act.
func (m *model) turned(t *rapid.T, a *appointment.Appointment, who citizen.ID, from, to appointment.State, now appointment.Appointment, err error) {
	if err != nil {
		return
	}
	require.Equal(t, a.Person, who)
	require.Equal(t, from, a.State)
	require.Equal(t, to, now.State)
	*a = now
}

func (m *model) book(t *rapid.T) {
	who, a := m.one(t)
	ended := !m.Now().Before(a.LapsesAt)
	b, err := m.Book(m.t.Context(), who, a.ID)
	require.False(t, ended && err == nil, "its time was up")
	m.turned(t, a, who, appointment.Held, appointment.Booked, b, err)
}

func (m *model) release(t *rapid.T) {
	who, a := m.one(t)
	ended := !m.Now().Before(a.LapsesAt)
	b, err := m.Release(m.t.Context(), who, a.ID)
	require.False(t, ended && err == nil, "its time was up")
	m.turned(t, a, who, appointment.Held, appointment.Lapsed, b, err)
}

func (m *model) cancel(t *rapid.T) {
	who, a := m.one(t)
	begun := !m.Now().Before(a.StartsAt)
	b, err := m.Cancel(m.t.Context(), who, a.ID)
	require.False(t, begun && err == nil, "it had begun")
	m.turned(t, a, who, appointment.Booked, appointment.Cancelled, b, err)
}

func (m *model) move(t *rapid.T) {
	who, a := m.one(t)
	office, at := m.slot(t)
	full := m.full(office, at, at.Add(length(a.Item, a.People)), a.ID)
	b, err := m.Move(m.t.Context(), who, a.ID, at, office)
	m.told(t, full, err)
	m.turned(t, a, who, appointment.Booked, appointment.Booked, b, err)
}

func (m *model) checkIn(t *rapid.T) {
	_, a := m.one(t)
	b, err := m.CheckIn(m.t.Context(), clerk(a.Office), a.Code)
	m.turned(t, a, a.Person, appointment.Booked, appointment.CheckedIn, b, err)
}

func (m *model) wait(t *rapid.T) {
	m.clock.Pass(time.Duration(rapid.IntRange(1, 12).Draw(t, "minutes")) * time.Minute)
}

func (m *model) sweep(t *rapid.T) {
	_, err := m.Sweep(m.t.Context())
	require.NoError(t, err)
}

// check compares seats, states and offers with the appointments.
func (m *model) check(t *rapid.T) {
	for i, a := range m.known {
		stored, err := m.Store.Appointment(m.t.Context(), a.ID)
		require.NoError(t, err)
		if stored.State != a.State { // time has ended a hold
			require.Equal(t, [2]appointment.State{appointment.Held, appointment.Lapsed}, [2]appointment.State{a.State, stored.State})
			require.False(t, m.Now().Before(a.LapsesAt), "ended before its time")
			m.known[i].State = stored.State
		}
		require.True(t, stored.StartsAt.Equal(a.StartsAt) && stored.EndsAt.Equal(a.EndsAt))
	}
	for _, office := range m.offices {
		m.checkSeats(t, office)
		m.checkOffers(t, office)
	}
}

func (m *model) checkSeats(t *rapid.T, office place.OfficeCode) {
	want := map[int64]int{}
	for _, a := range m.known {
		for at := a.StartsAt; a.Office == office && seated(a.State) && at.Before(a.EndsAt); at = at.Add(appointment.Cell) {
			want[at.Unix()]++
		}
	}
	got := map[int64]int{}
	today := workday.DateOf(m.Now())
	seats, err := m.Store.Seats(m.t.Context(), office, today.Time(), today.AddDays(7).Time())
	require.NoError(t, err)
	for _, s := range seats {
		require.LessOrEqual(t, s.Taken, m.capacity)
		got[s.StartsAt.Unix()] = s.Taken
	}
	require.Equal(t, want, got)
}

func (m *model) checkOffers(t *rapid.T, office place.OfficeCode) {
	days, err := m.Days(m.t.Context(), appointment.Wish{Office: office, Item: guoji, People: 1}, workday.Date{}, 2)
	require.NoError(t, err)
	for _, s := range slices.Concat(days[0].Slots, days[1].Slots) {
		require.Equal(t, m.full(office, s.StartsAt, s.EndsAt, ""), s.Free == 0, s.StartsAt)
	}
}
