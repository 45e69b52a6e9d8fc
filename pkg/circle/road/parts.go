package road

// largestPart marks the arcs of the largest strongly connected part: from each
// of them every other can be reached, with the turns as they are allowed. It
// also says how many parts there are. Size is counted in arcs.
//
// It is Tarjan's algorithm with its own stack, for a city's recursion is deeper
// than any goroutine's stack should be.
func largestPart(turns [][]Turn, open func(arc int) bool) (kept []bool, parts int) {
	t := tarjan{turns: turns, low: make([]int32, len(turns)), index: make([]int32, len(turns))}
	for arc := range turns {
		if t.index[arc] == 0 && open(arc) {
			t.visit(int32(arc))
		}
	}
	kept = make([]bool, len(turns))
	for _, arc := range t.largest {
		kept[arc] = true
	}
	return kept, t.parts
}

const done = 1 << 30 // in low: the arc's part is complete

type tarjan struct {
	turns      [][]Turn
	index, low []int32 // order of discovery, from 1; lowest index reachable
	stack      []int32 // arcs whose part is not complete
	calls      []call
	counter    int32
	parts      int
	largest    []int32
}

type call struct {
	arc  int32
	next int // turn to look at next
}

func (t *tarjan) visit(root int32) {
	t.enter(root)
	for len(t.calls) > 0 {
		top := &t.calls[len(t.calls)-1]
		if top.next == len(t.turns[top.arc]) {
			t.leave(top.arc)
			continue
		}
		to := int32(t.turns[top.arc][top.next].To)
		top.next++
		if t.index[to] == 0 {
			t.enter(to)
			continue
		}
		t.lower(top.arc, t.index[to], t.low[to] == done)
	}
}

func (t *tarjan) enter(arc int32) {
	t.counter++
	t.index[arc], t.low[arc] = t.counter, t.counter
	t.stack = append(t.stack, arc)
	t.calls = append(t.calls, call{arc: arc})
}

func (t *tarjan) lower(arc, to int32, complete bool) {
	if !complete {
		t.low[arc] = min(t.low[arc], to)
	}
}

func (t *tarjan) leave(arc int32) {
	t.calls = t.calls[:len(t.calls)-1]
	low := t.low[arc]
	if low == t.index[arc] {
		t.complete(arc)
	}
	if len(t.calls) > 0 {
		t.lower(t.calls[len(t.calls)-1].arc, low, t.low[arc] == done)
	}
}

// complete takes the part that was entered at arc off the stack.
func (t *tarjan) complete(arc int32) {
	first := len(t.stack) - 1
	for t.stack[first] != arc {
		first--
	}
	part := t.stack[first:]
	for _, a := range part {
		t.low[a] = done
	}
	if len(part) > len(t.largest) {
		t.largest = append(t.largest[:0], part...)
	}
	t.stack = t.stack[:first]
	t.parts++
}
