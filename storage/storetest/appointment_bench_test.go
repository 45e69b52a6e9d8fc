package storetest_test

import (
	"crypto/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// BenchmarkHoldAndBook is a whole booking, durable: 64 clients, each for a
// person of their own, spread over so many slots.
func BenchmarkHoldAndBook(b *testing.B) {
	b.Run("one slot", func(b *testing.B) { benchmarkBooking(b, 1) })
	b.Run("1000 slots", func(b *testing.B) { benchmarkBooking(b, 1000) })
}

func benchmarkBooking(b *testing.B, slots int) {
	db := storetest.Open(b)
	city := storetest.Foshan(b)
	offices := city.Only.Places.Offices()
	people := storetest.Citizens(b, db, b.N)
	var list []place.OfficeCode
	for _, o := range offices {
		o.Windows = 10_000_000
		if o.Level == place.Town || o.Level == place.District {
			list = append(list, o.Code)
		}
	}
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, workday.Zone)
	desk := &appointment.Desk{
		Store: sqlstore.For[appointment.Tx](db), City: city, Calendar: workday.NewCalendar(),
		Now: func() time.Time { return now }, NewID: storetest.NewID, Random: rand.Reader, Rules: appointment.DefaultRules(),
	}
	var next atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	for range 64 {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= b.N {
					return
				}
				s := i % slots
				at := now.Add(time.Hour+time.Duration(s%10)*15*time.Minute).AddDate(0, 0, (s/10)%4)
				a, err := desk.Hold(b.Context(), people[i], appointment.Request{Office: list[(s/40)%len(list)], Item: "HJ-0001", StartsAt: at, People: 1})
				require.NoError(b, err)
				_, err = desk.Book(b.Context(), people[i].Person, a.ID)
				require.NoError(b, err)
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "bookings/s")
}
