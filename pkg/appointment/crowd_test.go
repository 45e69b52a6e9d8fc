package appointment

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestACrowdAsksTheDatabaseAtMostTwiceAsOftenAsThereAreSeats: all seats are
// sold, everybody is answered, and seats that come free are sold as well.
func TestACrowdAsksTheDatabaseAtMostTwiceAsOftenAsThereAreSeats(t *testing.T) {
	const slots, capacity, people, asks = 50, 10, 400, 100
	var c crowd
	var seats [slots]atomic.Int64
	var attempts, sold, refused atomic.Int64
	var all sync.WaitGroup
	for p := range people {
		all.Go(func() {
			for i := range asks {
				slot := (p*7 + i) % slots
				err := c.try(t.Context(), wish{"o", int64(slot), 1, Seat{}, ""}, capacity, time.Now,
					func() (int, error) { return int(capacity - min(capacity, seats[slot].Load())), nil },
					func() error {
						attempts.Add(1)
						time.Sleep(time.Millisecond)
						if seats[slot].Add(1) > capacity {
							seats[slot].Add(-1)
							return ErrSlotFull
						}
						return nil
					})
				switch {
				case err == nil:
					sold.Add(1)
				default:
					require.ErrorIs(t, err, ErrSlotFull)
					refused.Add(1)
				}
			}
		})
	}
	all.Wait()
	require.EqualValues(t, slots*capacity, sold.Load())
	require.EqualValues(t, people*asks-slots*capacity, refused.Load())
	require.LessOrEqual(t, attempts.Load(), int64(2*slots*capacity))
}

func TestACrowdSeesASeatThatComesFree(t *testing.T) {
	var c crowd
	now, free := time.Unix(1000, 0), 0
	ask := func() error {
		return c.try(t.Context(), wish{"o", 1, 1, Seat{}, ""}, 1, func() time.Time { return now },
			func() (int, error) { return free, nil },
			func() error {
				if free == 0 {
					return ErrSlotFull
				}
				free--
				return nil
			})
	}
	require.ErrorIs(t, ask(), ErrSlotFull)
	free = 1
	require.ErrorIs(t, ask(), ErrSlotFull, "believed for a moment")
	c.freed("o")
	require.NoError(t, ask(), "told here: at once")
	require.ErrorIs(t, ask(), ErrSlotFull)
	free = 1 // given back by another instance
	now = now.Add(crowdMemory)
	require.NoError(t, ask(), "seen a moment later")
}

// TestACrowdLetsNobodyWaitForever: not behind an attempt that hangs, and not
// behind one that panicked.
func TestACrowdLetsNobodyWaitForever(t *testing.T) {
	var c crowd
	look := func() (int, error) { return 1, nil }
	require.Panics(t, func() {
		_ = c.try(t.Context(), wish{"o", 1, 1, Seat{}, ""}, 1, time.Now, look, func() error { panic("broken") })
	})
	hang := make(chan struct{})
	started := make(chan struct{})
	go func() {
		_ = c.try(context.Background(), wish{"o", 1, 1, Seat{}, ""}, 1, time.Now, look, func() error { close(started); <-hang; return nil })
	}()
	<-started
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, c.try(ctx, wish{"o", 1, 1, Seat{}, ""}, 1, time.Now, look, func() error { return nil }), ErrBusy)
	close(hang)
}
