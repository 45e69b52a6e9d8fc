package storetest_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

const (
	queueOffice = place.OfficeCode("440604012000-A") // 13 windows
	queueItem   = "SZ-0004"
)

// hallsOn opens n instances on one database.
func hallsOn(t *testing.T, n int, clock *storetest.Clock) (halls []*queue.Hall) {
	text, err := seal.Generate(rand.Reader)
	require.NoError(t, err)
	keys, err := seal.ParseKeys(text)
	require.NoError(t, err)
	ring, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	conf, shelf, calendar := storetest.Config(t, ring), storetest.Foshan(t), workday.NewCalendar()
	for range n {
		db, err := sqlstore.Open(t.Context(), conf)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		halls = append(halls, &queue.Hall{
			Store: sqlstore.For[queue.Tx](db), City: shelf, Calendar: calendar,
			Visits: &appointment.Desk{Store: sqlstore.For[appointment.Tx](db), City: shelf, Calendar: calendar, Now: clock.Now,
				NewID: storetest.NewID, Random: rand.Reader, Rules: appointment.DefaultRules()},
			Now: clock.Now, NewID: storetest.NewID, Rules: queue.DefaultRules(),
		})
	}
	return halls
}

// TestTwoInstancesGiveAndCallEachNumberOnce: clerks and terminals of one office
// work through two instances at once.
func TestTwoInstancesGiveAndCallEachNumberOnce(t *testing.T) {
	clock := storetest.ClockAt(time.Date(2026, 11, 24, 9, 0, 0, 0, workday.Zone))
	halls := hallsOn(t, 2, clock)
	const clerks, each = 4, 8
	var mu sync.Mutex
	given, called := map[string]int{}, map[string]int{}
	note := func(in map[string]int, label string) { mu.Lock(); defer mu.Unlock(); in[label]++ }
	var all sync.WaitGroup
	for n := range clerks {
		h := halls[n%2]
		m := staff.Member{ID: staff.ID(fmt.Sprint("clerk-", n)), Office: queueOffice, Role: staff.WindowStaff}
		_, err := h.OpenWindow(t.Context(), m, n+1, nil)
		require.NoError(t, err)
		all.Go(func() {
			for range each {
				tk, err := h.Give(t.Context(), m, queue.Wish{Item: queueItem, Origin: queue.Kiosk})
				require.NoError(t, err)
				note(given, tk.Label())
				tk, err = h.CallNext(t.Context(), m)
				require.NoError(t, err)
				note(called, tk.Label())
				_, err = h.CallNext(t.Context(), m)
				require.ErrorIs(t, err, queue.ErrHandFull)
				_, err = h.Serve(t.Context(), m, tk.ID)
				require.NoError(t, err)
				_, err = h.Finish(t.Context(), m, tk.ID)
				require.NoError(t, err)
			}
		})
	}
	all.Wait()
	require.Len(t, given, clerks*each)
	require.Equal(t, given, called)
	b, err := halls[1].Board(t.Context(), queueOffice)
	require.NoError(t, err)
	require.Len(t, b.Calls, 10)
	require.Empty(t, b.Waiting)
}

// TestTheDayIsTheOfficesDay: numbers begin anew at midnight in China, wherever
// the clock stands, and what was forgotten the day before is closed.
func TestTheDayIsTheOfficesDay(t *testing.T) {
	clock := storetest.ClockAt(time.Date(2026, 11, 24, 9, 0, 0, 0, workday.Zone).UTC())
	h := hallsOn(t, 1, clock)[0]
	m := staff.Member{ID: "clerk", Office: queueOffice, Role: staff.WindowStaff}
	give := func() (queue.Ticket, error) {
		return h.Give(t.Context(), m, queue.Wish{Item: queueItem, Origin: queue.Desk})
	}
	for n := 1; n <= 3; n++ {
		tk, err := give()
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("B%03d", n), tk.Label())
	}
	_, err := h.OpenWindow(t.Context(), m, 1, nil)
	require.NoError(t, err)
	forgotten, err := h.CallNext(t.Context(), m)
	require.NoError(t, err)

	clock.Set(time.Date(2026, 11, 24, 23, 59, 59, 0, workday.Zone))
	_, err = give()
	require.ErrorIs(t, err, queue.ErrShut)
	_, err = h.Sweep(t.Context())
	require.NoError(t, err)
	clock.Set(time.Date(2026, 11, 25, 8, 5, 0, 0, workday.Zone).UTC())
	tk, err := give()
	require.NoError(t, err)
	require.Equal(t, "B001", tk.Label())
	_, err = h.CallNext(t.Context(), m)
	require.ErrorIs(t, err, queue.ErrNoDuty, "who forgot to close is not there the next day")
	closed, err := h.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, closed)
	turn, events, err := h.History(t.Context(), m, forgotten.ID)
	require.NoError(t, err)
	require.Equal(t, queue.Closed, turn.State)
	require.Equal(t, queue.Close, events[len(events)-1].Act)
	_, err = h.Recall(t.Context(), m, forgotten.ID)
	require.True(t, errors.Is(err, queue.ErrNotNow), "%v", err)
}
