package road

// heap is a priority queue of arcs: the cheapest first, and of equals the one
// with the lower number, so that every search runs the same way everywhere.
type heap []entry

type entry struct {
	cost Cost
	arc  uint32
}

func (e entry) before(o entry) bool {
	return e.cost < o.cost || e.cost == o.cost && e.arc < o.arc
}

func (h *heap) push(e entry) {
	*h = append(*h, e)
	q := *h
	i := len(q) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !e.before(q[up]) {
			break
		}
		q[i] = q[up]
		i = up
	}
	q[i] = e
}

func (h *heap) pop() entry {
	q := *h
	top, last := q[0], q[len(q)-1]
	*h = q[:len(q)-1]
	if q = *h; len(q) > 0 {
		q.sink(last)
	}
	return top
}

// sink puts e in from the top.
func (h heap) sink(e entry) {
	i := 0
	for {
		first := 4*i + 1
		if first >= len(h) {
			break
		}
		least := first
		for c := first + 1; c < min(first+4, len(h)); c++ {
			if h[c].before(h[least]) {
				least = c
			}
		}
		if !h[least].before(e) {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = e
}
