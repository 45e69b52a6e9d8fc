package rush

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Errors of those who ask for a seat past the room, or too early.
var (
	ErrNotOpen = fault.New(fault.Conflict, "rush.not_open", "这些号源还没有放出，请在放号时间进入等候室")
	ErrEnter   = fault.New(fault.Conflict, "rush.enter", "预约的人很多，请先进入等候室排队")
	ErrWait    = fault.New(fault.TooMany, "rush.wait", "还没有轮到您，请在等候室等待，不用反复点击")
)

// Room is the waiting room of every rush (等候室).
type Room struct {
	Store  Store
	Marks  Marks
	City   city.Shelf
	Now    func() time.Time
	NewID  func() string
	Random io.Reader // for secrets
	// Left counts the free seats of a rush.
	Left func(ctx context.Context, r Rush) (int, error)

	listed atomic.Pointer[[]Rush]
	counts sync.Map // ID → *tally
	edits  atomic.Uint64
}

// Refresh reads what was announced, by this instance or another.
func (m *Room) Refresh(ctx context.Context) error {
	list, err := m.Store.Rushes(ctx, m.Now())
	if err == nil {
		m.listed.Store(&list)
	}
	return err
}

// Announced are the rushes that are not over, the first to open first.
func (m *Room) Announced() (list []Rush) {
	now := m.Now()
	for _, r := range m.all() {
		if !r.over(now) {
			list = append(list, r)
		}
	}
	return list
}

func (m *Room) all() []Rush {
	if list := m.listed.Load(); list != nil {
		return *list
	}
	return nil
}

// rush finds one that is not over. Error: ErrNoRush.
func (m *Room) rush(id ID) (Rush, error) {
	for _, r := range m.Announced() {
		if r.ID == id {
			return r, nil
		}
	}
	return Rush{}, ErrNoRush
}

// guarding finds the rush that guards a visit.
func (m *Room) guarding(office place.OfficeCode, item catalog.ItemCode, at time.Time) (Rush, bool) {
	all := m.all()
	if len(all) == 0 {
		return Rush{}, false
	}
	now, date := m.Now(), workday.DateOf(at)
	for _, r := range all {
		if r.guards(office, item, date) && !r.over(now) {
			return r, true
		}
	}
	return Rush{}, false
}

// ClosedUntil is when the seats for a visit are released by a rush; zero where
// none holds them back.
func (m *Room) ClosedUntil(office place.OfficeCode, item catalog.ItemCode, at time.Time) time.Time {
	if r, ok := m.guarding(office, item, at); ok && m.Now().Before(r.OpensAt) {
		return r.OpensAt
	}
	return time.Time{}
}

// MayAsk says whether a person may ask for a seat then. It reads no database.
// Errors: ErrNotOpen, ErrEnter, ErrWait.
func (m *Room) MayAsk(ctx context.Context, who citizen.ID, office place.OfficeCode, item catalog.ItemCode, at time.Time) error {
	r, ok := m.guarding(office, item, at)
	if !ok {
		return nil
	}
	now := m.Now()
	if now.Before(r.OpensAt) {
		return ErrNotOpen.Saying(fmt.Sprintf("这些号源将于%s放出，请届时进入等候室", words(r.OpensAt))).After(seconds(r.OpensAt.Sub(now)))
	}
	p, found, err := m.place(ctx, r, who)
	switch {
	case err != nil:
		return err
	case !found:
		return ErrEnter
	}
	ahead, err := m.ahead(ctx, r, who, p)
	if err != nil || ahead < r.through(now) {
		return err
	}
	return ErrWait.After(seconds(r.until(ahead, now)))
}

func words(t time.Time) string { return t.In(workday.Zone).Format("1月2日15:04:05") }

// seconds rounds up, and is at least one.
func seconds(d time.Duration) int { return max(1, int((d+time.Second-1)/time.Second)) }
