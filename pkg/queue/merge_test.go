package queue

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var nine = time.Date(2026, 11, 23, 9, 0, 0, 0, workday.Zone)

func emptyPage() Page { return Page{Last: map[Series]int{}, Tags: map[Lane]int{}} }

// arrived is the n-th ticket of a lane, a minute after the one before.
func arrived(lane Lane, n int) Ticket {
	at := nine.Add(time.Duration(n) * time.Minute)
	return Ticket{ID: ID(fmt.Sprint(lane, n)), Series: seriesOf[lane], Number: n, Lane: lane, State: Waiting, Place: at, TakenAt: at, Minutes: 10}
}

// callAll calls a window's line to its end and gives the lanes in order.
func callAll(p *Page, tickets []Ticket, now time.Time) (lanes []Lane) {
	line := sortLine(tickets)
	for t := p.next(DefaultRules(), line, Window{Number: 1}, now); t != nil; t = p.next(DefaultRules(), line, Window{Number: 1}, now) {
		lanes, line = append(lanes, t.Lane), without(line, t)
	}
	return lanes
}

// TestWhileAllWaitEachLaneGetsItsShare: of 11 calls six are appointments, three
// priorities, two walk-ins, in every stretch of the day.
func TestWhileAllWaitEachLaneGetsItsShare(t *testing.T) {
	var tickets []Ticket
	for n := range 70 {
		for _, lane := range Lanes {
			tickets = append(tickets, arrived(lane, n+1))
		}
	}
	p := emptyPage()
	lanes := callAll(&p, tickets, nine.Add(3*time.Hour))
	for from := 0; from+11 <= 99; from += 11 {
		count := map[Lane]int{}
		for _, lane := range lanes[from : from+11] {
			count[lane]++
		}
		require.Equal(t, map[Lane]int{Appointments: 6, Priorities: 3, WalkIns: 2}, count, "from call %d", from)
	}
}

// TestAnAppointmentWhoseTimeHasComeGoesFirst, and one whose time has not come
// waits while anybody else does.
func TestAnAppointmentWhoseTimeHasComeGoesFirst(t *testing.T) {
	due, early, walkIn := arrived(Appointments, 3), arrived(Appointments, 1), arrived(WalkIns, 1)
	due.Due, early.Due = nine.Add(5*time.Minute), nine.Add(time.Hour)
	early.Place, due.Place = early.Due, due.Due
	p := emptyPage()
	line := sortLine([]Ticket{early, walkIn, due})
	var order []string
	for range 3 {
		next := p.next(DefaultRules(), line, Window{Number: 1}, nine.Add(6*time.Minute))
		order, line = append(order, next.Label()), without(line, next)
	}
	require.Equal(t, []string{"A003", "B001", "A001"}, order, "the early one is called when the window would stand idle")
}

// step is one thing that happens in a random day.
type step struct {
	arrives Lane   // "" = a call
	window  Window // of the call
}

func randomDay(t *rapid.T) []step {
	lane := rapid.SampledFrom(Lanes)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		if rapid.IntRange(0, 2).Draw(t, "kind") == 0 {
			return step{arrives: lane.Draw(t, "lane")}
		}
		return step{window: Window{Number: 1, Lanes: rapid.SliceOfDistinct(lane, func(l Lane) Lane { return l }).Draw(t, "lanes")}}
	}), 1, 300).Draw(t, "day")
}

// TestNobodyStarves: whatever comes, and whatever the windows call, a lane in
// which somebody waits for a window is passed over a bounded number of times by
// windows that call it.
func TestNobodyStarves(t *testing.T) {
	rules := DefaultRules()
	rapid.Check(t, func(t *rapid.T) {
		p, tickets := emptyPage(), []Ticket{}
		passed := map[Lane]int{}
		for n, s := range randomDay(t) {
			if s.arrives != "" {
				tickets = append(tickets, arrived(s.arrives, n+1))
				continue
			}
			line := sortLine(tickets)
			chosen := p.next(rules, line, s.window, nine.Add(24*time.Hour))
			for _, lane := range Lanes {
				if chosen != nil && chosen.Lane != lane && headOf(line, lane, s.window) != nil {
					passed[lane]++
				} else if chosen != nil && chosen.Lane == lane {
					passed[lane] = 0
				}
				if passed[lane] > bound(rules, lane) {
					t.Fatalf("%s was passed over %d times", lane, passed[lane])
				}
			}
			if chosen != nil {
				if chosen != headOf(line, chosen.Lane, s.window) {
					t.Fatalf("%s was called before whoever came earlier", chosen.Label())
				}
				tickets = drop(tickets, chosen.ID)
			}
		}
	})
}

// bound is how often others can go before a lane: from its last call, or from
// when it began to wait, its tag is at most a stride ahead of the clock, and
// each other lane, at most a round behind, uses up a stride a call.
func bound(r Rules, lane Lane) (n int) {
	for _, o := range Lanes {
		if o != lane {
			n += (r.round()+r.stride(lane))/r.stride(o) + 1
		}
	}
	return n
}

func headOf(line []*Ticket, lane Lane, w Window) *Ticket {
	for _, t := range line {
		if t.Lane == lane && w.calls(t) {
			return t
		}
	}
	return nil
}

func drop(tickets []Ticket, id ID) (rest []Ticket) {
	for _, t := range tickets {
		if t.ID != id {
			rest = append(rest, t)
		}
	}
	return rest
}

// TestTheOrderIsTheSameWhereverItIsWorkedOut: it depends neither on how the
// tickets come out of the store nor on a map's order.
func TestTheOrderIsTheSameWhereverItIsWorkedOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tickets []Ticket
		for n := range rapid.IntRange(1, 40).Draw(t, "tickets") {
			tk := arrived(rapid.SampledFrom(Lanes).Draw(t, "lane"), n+1)
			tk.Place = nine.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "place")) * time.Minute)
			tickets = append(tickets, tk)
		}
		shuffled := rapid.Permutation(tickets).Draw(t, "shuffled")
		a, b := emptyPage(), emptyPage()
		if got, want := callAll(&b, shuffled, nine.Add(time.Hour)), callAll(&a, tickets, nine.Add(time.Hour)); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v, not %v", got, want)
		}
	})
}

// TestAWindowCallsOnlyWhatItIsSetTo, and what was transferred to it.
func TestAWindowCallsOnlyWhatItIsSetTo(t *testing.T) {
	walkIn, sent := arrived(WalkIns, 1), arrived(WalkIns, 2)
	sent.OnlyWindow = 3
	sent.Item = "other"
	for _, c := range []struct {
		window Window
		want   []bool
	}{
		{Window{Number: 1}, []bool{true, false}},
		{Window{Number: 3}, []bool{true, true}},
		{Window{Number: 3, Lanes: []Lane{Appointments}}, []bool{false, true}},
		{Window{Number: 1, Lanes: []Lane{WalkIns}, Items: []catalog.ItemCode{"x"}}, []bool{false, false}},
	} {
		require.Equal(t, c.want, []bool{c.window.calls(&walkIn), c.window.calls(&sent)}, "%+v", c.window)
	}
}
