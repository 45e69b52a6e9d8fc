package queue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func sceneOf(windows int, tickets ...Ticket) scene {
	s := scene{rules: DefaultRules(), page: emptyPage(), tickets: tickets, pace: Pace{}}
	for i := range windows {
		s.windows = append(s.windows, Window{Number: i + 1, Clerk: "m", OpenedAt: nine})
	}
	return s
}

// TestTheEstimateCountsPeopleWindowsAndMinutes of ten planned minutes each.
func TestTheEstimateCountsPeopleWindowsAndMinutes(t *testing.T) {
	line := []Ticket{arrived(WalkIns, 1), arrived(WalkIns, 2), arrived(WalkIns, 3), arrived(WalkIns, 4), arrived(WalkIns, 5)}
	got := sceneOf(2, line...).expect(nine.Add(time.Hour))
	for i, want := range []time.Duration{0, 0, 10 * time.Minute, 10 * time.Minute, 20 * time.Minute} {
		e := got[line[i].ID]
		require.Equal(t, Expect{Before: i, Windows: 2, Mean: 10 * time.Minute, Wait: want}, e)
	}
	require.Equal(t, "前面还有4人，2个窗口，按事项的计划时间估计每人约10分钟", got[line[4].ID].Basis())
}

// TestTheEstimateLearnsFromToday: what visits took counts beside the plan.
func TestTheEstimateLearnsFromToday(t *testing.T) {
	s := sceneOf(1, arrived(WalkIns, 1), arrived(WalkIns, 2))
	s.pace = Pace{"": {Count: 15, Total: 15 * 2 * time.Minute}}
	e := s.expect(nine)[s.tickets[1].ID]
	require.Equal(t, Expect{Before: 1, Windows: 1, Mean: 4 * time.Minute, Sample: 15, Wait: 4 * time.Minute}, e)
	require.Contains(t, e.Basis(), "今天已办结的15件")
}

// TestWithoutAWindowTheWaitIsNotKnown, and the sentence says so.
func TestWithoutAWindowTheWaitIsNotKnown(t *testing.T) {
	s := sceneOf(0, arrived(WalkIns, 1))
	e := s.expect(nine)[s.tickets[0].ID]
	require.Negative(t, e.Wait)
	require.Contains(t, e.Basis(), "没有开放的窗口")
}

// TestNoonIsNotServedThrough: whoever does not fit before the break is expected
// after it.
func TestNoonIsNotServedThrough(t *testing.T) {
	s := sceneOf(1, arrived(WalkIns, 1), arrived(WalkIns, 2), arrived(WalkIns, 3))
	noon := nine.Add(3 * time.Hour)
	s.gaps = []gap{{noon, noon.Add(2 * time.Hour)}}
	now := noon.Add(-15 * time.Minute)
	got := s.expect(now)
	require.Equal(t, 10*time.Minute, got[s.tickets[1].ID].Wait)
	require.Equal(t, 15*time.Minute+2*time.Hour, got[s.tickets[2].ID].Wait)
}

// TestTheEstimateKeepsToTheOrderOfCalls: calling by the rules, one window after
// the other, calls people in the order that each was told.
func TestTheEstimateKeepsToTheOrderOfCalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tickets []Ticket
		for n := range rapid.IntRange(1, 30).Draw(t, "tickets") {
			tickets = append(tickets, arrived(rapid.SampledFrom(Lanes).Draw(t, "lane"), n+1))
		}
		now := nine.Add(time.Hour)
		s := sceneOf(rapid.IntRange(1, 4).Draw(t, "windows"), tickets...)
		found := s.expect(now)
		p, line := emptyPage(), sortLine(tickets)
		for i := range tickets {
			next := p.next(s.rules, line, Window{Number: 1}, now)
			if found[next.ID].Before != i {
				t.Fatalf("%s is called as number %d and was told %d before", next.Label(), i, found[next.ID].Before)
			}
			line = without(line, next)
		}
	})
}

// TestWhoIsWrittenDownLaterStandsBehind, though the request began earlier.
func TestWhoIsWrittenDownLaterStandsBehind(t *testing.T) {
	s := sceneOf(1, arrived(WalkIns, 1), arrived(WalkIns, 5), arrived(Priorities, 9))
	late := arrived(WalkIns, 3)
	late.ID, late.Number = "late", 99
	late.Place = s.behind(&late)
	s.tickets = append(s.tickets, late)
	line := sortLine(s.tickets)
	require.Equal(t, []ID{s.tickets[0].ID, s.tickets[1].ID, "late", s.tickets[2].ID}, []ID{line[0].ID, line[1].ID, line[2].ID, line[3].ID})
	early := arrived(WalkIns, 7)
	require.Equal(t, early.Place, s.behind(&early), "nobody stands later: the clock's place is kept")
}
