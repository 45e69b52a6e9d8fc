package soak

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/anishathalye/porcupine"
)

// kind is what an event does to a slot.
type kind int

const (
	takes kind = iota // a seat, or is told that it is full
	gives             // one back
	shows             // how many are free
)

type event struct {
	kind  kind
	full  bool // takes: was refused
	lapse bool // gives: time did
	free  int  // shows
}

// stale is how old a refusal may be, in nanoseconds: a slot that was full is
// believed to be full for a moment longer (see pkg/appointment, crowd.go).
const stale = int64(250 * time.Millisecond)

// judging is how long an order for one slot is looked for.
const judging = 20 * time.Second

// history is what everybody was answered, by slot.
type history struct {
	begun   time.Time
	retried atomic.Int64

	mu       sync.Mutex
	slots    map[string][]porcupine.Operation
	refused  map[string]int // other refusals, by code
	problems []string
}

func (h *history) now() int64 { return int64(time.Since(h.begun)) }

func (h *history) add(slot string, who int, e event, called, answered int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.slots == nil {
		h.slots = map[string][]porcupine.Operation{}
	}
	h.slots[slot] = append(h.slots[slot], porcupine.Operation{ClientId: who, Input: e, Call: called, Return: answered})
}

// refuse counts a refusal that changes nothing.
func (h *history) refuse(a answer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refused == nil {
		h.refused = map[string]int{}
	}
	h.refused[a.text("code")]++
}

func (h *history) problem(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.problems = append(h.problems, fmt.Sprintf(format, args...))
}

// seats is what a slot of so many seats promises: the state is how many are
// taken, and never more than there are.
func seats(capacity int) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return 0 },
		Step: func(state, input, _ any) (bool, any) {
			taken, e := state.(int), input.(event)
			switch {
			case e.kind == takes && e.full:
				return taken == capacity, taken
			case e.kind == takes:
				return taken < capacity, taken + 1
			case e.kind == gives:
				return taken > 0, taken - 1
			default:
				return e.free == capacity-taken, taken
			}
		},
		Equal: func(a, b any) bool { return a == b },
	}
}

// judge looks for an order of all answers, each between its request and its
// arrival, in which they are all true.
func (h *history) judge(slots []slot) (r Result) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.Retried = int(h.retried.Load())
	for code, n := range h.refused {
		r.Acts += n
		if code == "" {
			h.problems = append(h.problems, fmt.Sprintf("%d refusals without a code", n))
		}
	}
	for _, s := range slots {
		r.count(h.slots[s.starts])
		switch porcupine.CheckOperationsTimeout(seats(s.capacity), thinned(h.slots[s.starts]), judging) {
		case porcupine.Illegal:
			h.problems = append(h.problems, fmt.Sprintf("the answers about %s cannot all be true (%d events, %d seats)", s.starts, len(h.slots[s.starts]), s.capacity))
		case porcupine.Unknown:
			h.problems = append(h.problems, fmt.Sprintf("the answers about %s are too many to judge", s.starts))
		}
	}
	r.Problems = h.problems
	return r
}

// thinned leaves out refusals that were given while another was: they change
// nothing, and each one doubles the orders there are to look at. What takes or
// gives a seat all stays.
func thinned(events []porcupine.Operation) (kept []porcupine.Operation) {
	slices.SortFunc(events, func(a, b porcupine.Operation) int { return cmp.Compare(a.Return, b.Return) })
	last := int64(math.MinInt64)
	for _, op := range events {
		if e := op.Input.(event); e.kind == takes && e.full {
			if op.Call <= last {
				continue
			}
			last = op.Return
		}
		kept = append(kept, op)
	}
	return kept
}

func (r *Result) count(events []porcupine.Operation) {
	for _, op := range events {
		switch e := op.Input.(event); {
		case e.kind == shows:
			continue
		case e.lapse:
			r.Lapsed++
		case e.full:
			r.Refused++
		case e.kind == takes:
			r.Seats++
		}
		r.Acts++
	}
}
