package rush

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var opening = time.Date(2026, 11, 24, 9, 0, 0, 0, workday.Zone)

func rushAt(perSecond int) Rush {
	return Rush{
		ID: "r", Office: "o", Item: "i", First: workday.DateOf(opening), Last: workday.DateOf(opening),
		OpensAt: opening, EndsAt: opening.Add(time.Hour), PerSecond: perSecond, Secret: bytes.Repeat([]byte{7}, 32),
	}
}

// marks are kept in memory, until they are lost.
type marks struct {
	mu     sync.Mutex
	values map[string]string
	counts map[string]int64
}

func (m *marks) Get(_ context.Context, key string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.values[key]
	return []byte(v), ok, nil
}

func (m *marks) SetNX(_ context.Context, key string, value []byte, _ time.Duration) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, there := m.values[key]; there {
		return false, nil
	}
	m.values[key] = string(value)
	return true, nil
}

func (m *marks) Count(_ context.Context, key string, add int, _ time.Duration) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[key] += int64(add)
	return m.counts[key], nil
}

func (m *marks) lose() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values, m.counts = map[string]string{}, map[string]int64{}
}

type hall struct {
	*Room
	marks *marks
	now   time.Time
	left  int
}

func newHall(r Rush, now time.Time) *hall {
	h := &hall{now: now, left: 1000, marks: &marks{}}
	h.marks.lose()
	h.Room = &Room{Marks: h.marks, Now: func() time.Time { return h.now },
		Left: func(context.Context, Rush) (int, error) { return h.left, nil }}
	h.listed.Store(&[]Rush{r})
	return h
}

func person(n int) citizen.Account {
	return citizen.Account{ID: "a", Person: citizen.ID(fmt.Sprint("p", n))}
}

func (h *hall) enter(t require.TestingT, n int, ticket Ticket) Standing {
	s, err := h.Enter(context.Background(), person(n), "r", ticket)
	require.NoError(t, err)
	return s
}

func (h *hall) mayAsk(n int) error {
	return h.MayAsk(context.Background(), person(n).Person, "o", "i", opening.Add(time.Hour))
}

// TestBeingEarlyQuickOrStubbornBettersNothing: the order of those who came
// before the opening is the same whatever order they came in and however often
// they asked; and it is an order, nearly nobody shares a place.
func TestBeingEarlyQuickOrStubbornBettersNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 200).Draw(t, "people")
		ahead := func(asks []int) (list []int64) {
			h := newHall(rushAt(1), opening.Add(-20*time.Minute))
			for _, who := range asks {
				h.enter(t, who, "")
			}
			for who := range n {
				h.enter(t, who, "")
			}
			h.now = opening
			for who := range n {
				s := h.enter(t, who, "")
				list = append(list, s.Ahead)
			}
			return list
		}
		asks := rapid.SliceOf(rapid.IntRange(0, n-1)).Draw(t, "asks")
		require.Equal(t, ahead(nil), ahead(asks))
	})
}

func TestTheDrawIsFair(t *testing.T) {
	r, front := rushAt(1), 0
	const people = 20_000
	for n := range people {
		ahead := r.drawn(person(n).Person, people)
		require.True(t, ahead >= 0 && ahead < people)
		if ahead < people/10 {
			front++
		}
	}
	require.InDelta(t, people/10, front, people/100)
}

// TestLateOnesStandBehindInOrder of their arrival.
func TestLateOnesStandBehindInOrder(t *testing.T) {
	h := newHall(rushAt(1), opening.Add(-time.Minute))
	for n := range 50 {
		h.enter(t, n, "")
	}
	h.now = opening.Add(time.Second)
	for n := 50; n < 60; n++ {
		require.EqualValues(t, n-2, h.enter(t, n, "").Ahead, "two are through")
		require.EqualValues(t, n-2, h.enter(t, n, "").Ahead, "asking again betters nothing")
	}
}

// TestWhoIsThroughFollowsFromTheTimeAlone and everybody's wait comes true.
func TestWhoIsThroughFollowsFromTheTimeAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rushAt(rapid.IntRange(1, PerSecondMost).Draw(t, "per second"))
		ahead := rapid.Int64Range(0, 1_000_000).Draw(t, "ahead")
		now := opening.Add(time.Duration(rapid.Int64Range(0, 7_200_000).Draw(t, "ms")) * time.Millisecond)
		wait := r.until(ahead, now)
		require.Greater(t, r.through(now.Add(wait)), ahead)
		if wait > 2*time.Millisecond {
			require.LessOrEqual(t, r.through(now.Add(wait-2*time.Millisecond)), ahead)
		}
	})
}

func TestNobodyAsksBeforeTheirTurn(t *testing.T) {
	h := newHall(rushAt(1), opening.Add(-time.Minute))
	require.ErrorIs(t, h.mayAsk(1), ErrNotOpen)
	require.Equal(t, NotOpen, h.enter(t, 0, "").Phase)
	h.enter(t, 1, "")
	h.now = opening
	require.ErrorIs(t, h.mayAsk(2), ErrEnter)
	var through, waiting int
	for n := range 2 {
		s := h.enter(t, n, "")
		if s.Phase == Through {
			through++
			require.NoError(t, h.mayAsk(n))
			continue
		}
		waiting++
		require.Equal(t, Waiting, s.Phase)
		require.ErrorIs(t, h.mayAsk(n), ErrWait)
	}
	require.Equal(t, [2]int{1, 1}, [2]int{through, waiting})
	h.now = opening.Add(time.Second)
	require.NoError(t, h.mayAsk(0))
	require.NoError(t, h.mayAsk(1))
	h.left, h.now = 0, opening.Add(2*time.Second)
	require.Equal(t, SoldOut, h.enter(t, 0, "").Phase)
	h.now = opening.Add(time.Hour)
	require.NoError(t, h.mayAsk(77), "afterwards whoever comes")
}

// TestATicketKeepsThePlaceWhenTheRoomForgets and is worth nothing to others.
func TestATicketKeepsThePlaceWhenTheRoomForgets(t *testing.T) {
	h := newHall(rushAt(1), opening.Add(-time.Minute))
	tickets := make([]Ticket, 30)
	for n := range tickets {
		if n == 20 {
			h.now = opening.Add(time.Second)
		}
		tickets[n] = h.enter(t, n, "").Ticket
	}
	before := make([]int64, len(tickets))
	for n := range tickets {
		before[n] = h.enter(t, n, "").Ahead
	}
	h.marks.lose()
	for n := range slices.Backward(tickets) {
		require.Equal(t, before[n], h.enter(t, n, tickets[n]).Ahead)
	}
	require.GreaterOrEqual(t, h.enter(t, 99, "").Ahead, before[29], "a newcomer stays behind")
	for _, forged := range []Ticket{tickets[0], "early", "early.", "0.AAAA", ".", "-1." + tickets[3], "99." + tickets[3][strings.IndexByte(string(tickets[3]), '.')+1:]} {
		_, err := h.Enter(t.Context(), person(98), "r", forged)
		require.ErrorIs(t, err, ErrTicket, forged)
	}
}

// TestThePromisedLotsAreTheOnesDrawn: anybody can check their place.
func TestThePromisedLotsAreTheOnesDrawn(t *testing.T) {
	a, b := rushAt(1), rushAt(1)
	b.Secret = bytes.Repeat([]byte{8}, 32)
	require.Len(t, a.LotsDigest(), 64)
	require.NotEqual(t, a.LotsDigest(), b.LotsDigest())
	require.NotContains(t, string(a.ticket("p", Place{Early: true})), a.Lots(), "tickets have a key of their own")
	require.NotEqual(t, a.lots(), a.keyed("ticket"))
}

func TestARushThatCannotBeIsRefused(t *testing.T) {
	now := opening.Add(-time.Hour)
	good := rushAt(20)
	require.NoError(t, good.check(now))
	for want, spoil := range map[error][]func(*Rush){
		ErrTimes: {
			func(r *Rush) { r.OpensAt = now },
			func(r *Rush) { r.EndsAt = r.OpensAt },
			func(r *Rush) { r.EndsAt = r.OpensAt.Add(25 * time.Hour) },
		},
		ErrDates: {
			func(r *Rush) { r.Last = r.First.AddDays(-1) },
			func(r *Rush) { r.First = r.First.AddDays(-1) },
			func(r *Rush) { r.Last = r.First.AddDays(31) },
		},
		ErrPace: {func(r *Rush) { r.PerSecond = 0 }, func(r *Rush) { r.PerSecond = 10_001 }},
	} {
		for _, f := range spoil {
			r := good
			f(&r)
			require.ErrorIs(t, r.check(now), want)
		}
	}
}
