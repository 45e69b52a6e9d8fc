package storetest_test

import (
	"crypto/rand"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// reception is an appointment desk over a real database, on Monday 23 November 2026
// at 8:00, with the sample city around it.
type reception struct {
	*appointment.Desk
	t     testing.TB
	db    *sqlstore.DB
	clock *storetest.Clock
	city  storetest.City
}

// The items of the sample city that the tests are about, with their minutes.
const (
	birth = catalog.ItemCode("HJ-0001") // 12: one cell
	guoji = catalog.ItemCode("HJ-0002") // 25: two cells
)

// town is an office of the sample city that accepts both.
const town = place.OfficeCode("440604010000-A")

func newReception(t testing.TB) *reception {
	db, clock, city := storetest.Open(t), storetest.ClockAt(on("2026-11-23", "08:00")), storetest.Foshan(t)
	return &reception{t: t, db: db, clock: clock, city: city, Desk: &appointment.Desk{
		Store: sqlstore.For[appointment.Tx](db), City: city, Calendar: workday.NewCalendar(),
		Now: clock.Now, NewID: storetest.NewID, Random: rand.Reader, Rules: appointment.DefaultRules(),
	}}
}

// on gives a time in China.
func on(date, clock string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", date+" "+clock, workday.Zone)
	if err != nil {
		panic(err)
	}
	return at
}

// capacity gives the town's office so many windows for appointments.
func (h *reception) capacity(n int) {
	h.office(town).Windows = n
	h.Rules.WalkInOneIn = 0
}

func (h *reception) office(code place.OfficeCode) *place.Office {
	o, err := h.city.Only.Places.Office(code)
	require.NoError(h.t, err)
	return o
}

func (h *reception) citizens(n int) []citizen.Account { return storetest.Citizens(h.t, h.db, n) }

func ask(item catalog.ItemCode, at time.Time, people int) appointment.Request {
	return appointment.Request{Office: town, Item: item, StartsAt: at, People: people}
}

func (h *reception) hold(who citizen.Account, item catalog.ItemCode, at time.Time) appointment.Appointment {
	h.t.Helper()
	a, err := h.Hold(h.t.Context(), who, ask(item, at, 1))
	require.NoError(h.t, err)
	return a
}

func (h *reception) book(who citizen.Account, item catalog.ItemCode, at time.Time) appointment.Appointment {
	h.t.Helper()
	a, err := h.Book(h.t.Context(), who.Person, h.hold(who, item, at).ID)
	require.NoError(h.t, err)
	return a
}

// free is how many can still start a birth registration at a time.
func (h *reception) free(at time.Time) int {
	h.t.Helper()
	days, err := h.Days(h.t.Context(), appointment.Wish{Office: town, Item: birth, People: 1}, workday.DateOf(at), 1)
	require.NoError(h.t, err)
	for _, s := range days[0].Slots {
		if s.StartsAt.Equal(at) {
			return s.Free
		}
	}
	return -1
}

// taken is what the seats of a cell say.
func (h *reception) taken(at time.Time) int {
	h.t.Helper()
	seats, err := h.Store.Seats(h.t.Context(), town, at, at.Add(appointment.Cell))
	require.NoError(h.t, err)
	for _, s := range seats {
		return s.Taken
	}
	return 0
}

func (h *reception) state(id appointment.ID) appointment.State {
	h.t.Helper()
	a, err := h.Store.Appointment(h.t.Context(), id)
	require.NoError(h.t, err)
	return a.State
}

func clerk(office place.OfficeCode) staff.Member {
	return staff.Member{ID: "m", Role: staff.WindowStaff, Office: office}
}

// together runs do n times at once and counts the answers by code.
func together(n int, do func(i int) error) map[string]int {
	var group sync.WaitGroup
	var mu sync.Mutex
	count := map[string]int{}
	ready := make(chan struct{})
	for i := range n {
		group.Go(func() {
			<-ready
			code := codeOf(do(i))
			mu.Lock()
			defer mu.Unlock()
			count[code]++
		})
	}
	close(ready)
	group.Wait()
	return count
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Code
	}
	return err.Error()
}

// citizensFrom are n people whose numbers begin at first.
func (h *reception) citizensFrom(first, n int) []citizen.Account {
	list, err := storetest.CitizensFrom(h.t.Context(), h.db, first, n)
	require.NoError(h.t, err)
	return list
}
