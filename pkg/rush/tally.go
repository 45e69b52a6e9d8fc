package rush

import (
	"context"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

// fresh is how long this process believes what it counted.
const fresh = 500 * time.Millisecond

// tally is what many ask about one rush, looked up once for all of them.
type tally struct {
	mu              sync.Mutex
	early           int64
	left            int
	earlyAt, leftAt time.Time
}

func (m *Room) tally(id ID) *tally {
	t, _ := m.counts.LoadOrStore(id, &tally{})
	return t.(*tally)
}

// ahead is how many are let through before a person. The number of early ones
// never shrinks: what the marks lost was drawn all the same.
func (m *Room) ahead(ctx context.Context, r Rush, who citizen.ID, p Place) (int64, error) {
	t, now := m.tally(r.ID), m.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if since := now.Sub(t.earlyAt); since < 0 || since >= fresh {
		n, err := m.Marks.Count(ctx, r.key("early"), 0, r.kept(now))
		if err != nil {
			return 0, err
		}
		t.early, t.earlyAt = max(t.early, n), now
	}
	return r.ahead(who, p, t.early), nil
}

// left is how many seats are free.
func (m *Room) left(ctx context.Context, r Rush) (int, error) {
	t, now := m.tally(r.ID), m.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if since := now.Sub(t.leftAt); since < 0 || since >= fresh {
		n, err := m.Left(ctx, r)
		if err != nil {
			return 0, err
		}
		t.left, t.leftAt = n, now
	}
	return t.left, nil
}
