package circle

import (
	"sync/atomic"
	"time"
)

// Crowd remembers who was just sent where, so that ten thousand people who ask
// at once are not all sent to the same window. Each office is a tank: whoever
// is sent there adds the time that the office needs for one person, and the
// tank drains as time passes. What is left is what the next one waits. It is
// kept in memory only: after a restart the real queues tell the rest.
//
// Safe for concurrent use; it takes no locks.
type Crowd struct {
	Share float64 // of those who are sent, how many come

	until []atomic.Int64 // unix milliseconds at which each tank is empty
}

// NewCrowd makes empty tanks for n offices. One in four of those who ask is
// taken to come.
func NewCrowd(n int) *Crowd {
	return &Crowd{Share: 0.25, until: make([]atomic.Int64, n)}
}

// Wait is what those sent to the office before now add to its queue.
func (c *Crowd) Wait(office int, now time.Time) time.Duration {
	return time.Duration(max(0, c.until[office].Load()-now.UnixMilli())) * time.Millisecond
}

// Send counts one person sent to the office, who takes the windows so long:
// the service time divided by the number of windows.
func (c *Crowd) Send(office int, now time.Time, takes time.Duration) {
	add := int64(float64(takes.Milliseconds()) * c.Share)
	tank := &c.until[office]
	for {
		old := tank.Load()
		if tank.CompareAndSwap(old, max(old, now.UnixMilli())+add) {
			return
		}
	}
}
