package road

import (
	"sync"

	"github.com/yimen-gov/yimen/pkg/circle"
)

// Reference answers by a bounded Dijkstra on the graph. It is what the index
// must be equal to, and what it is measured against. Safe for concurrent use.
type Reference struct {
	graph   *Graph
	offices []Spot
	doors   Doors
	pool    sync.Pool
}

// NewReference searches for these offices on a graph.
func NewReference(g *Graph, offices []Spot) *Reference {
	r := &Reference{graph: g, offices: offices, doors: newDoors(g, offices)}
	r.pool.New = func() any {
		return &explorer{search: newSearch(g.TurnStart, g.Turns), found: make([]Cost, len(offices))}
	}
	return r
}

// explorer is one search and the offices that it finds.
type explorer struct {
	*search
	found []Cost // plus one; 0 = not found
	list  []uint32
}

// Within appends the offices among those of the mask that can be reached from a
// spot in so many seconds.
func (r *Reference) Within(dst []circle.Reached, from Spot, seconds int, among circle.Mask) []circle.Reached {
	x := r.pool.Get().(*explorer)
	defer r.pool.Put(x)
	x.clear()
	most := min(within(seconds), limit)
	r.depart(x, from, most)
	for {
		e, ok := x.next()
		if !ok {
			break
		}
		for _, t := range x.turnsOf(e.arc) {
			r.enter(x, t.To, e.cost+wait(t.Ticks), most)
		}
	}
	return x.report(dst, among)
}

func (r *Reference) depart(x *explorer, from Spot, most Cost) {
	for arc := 2 * from.Edge; arc <= 2*from.Edge+1; arc++ {
		if cost, ok := r.graph.leaving(arc, from); ok {
			x.offer(arc, cost, most)
		}
		for _, o := range r.doors.on(from.Edge) {
			if cost, ok := r.graph.direct(arc, from, r.offices[o]); ok {
				x.find(o, cost, most)
			}
		}
	}
}

// enter goes into an arc at a cost: to the offices on it, and to its end.
func (r *Reference) enter(x *explorer, arc uint32, cost, most Cost) {
	for _, o := range r.doors.on(arc >> 1) {
		office := r.offices[o]
		x.find(o, cost+r.graph.Arcs[arc].part(ahead(arc, office.Along))+office.Access, most)
	}
	x.offer(arc, cost+r.graph.Arcs[arc], most)
}

func (x *explorer) find(office uint32, cost, most Cost) {
	old := x.found[office]
	if cost > most || old != 0 && old <= cost+1 {
		return
	}
	if old == 0 {
		x.list = append(x.list, office)
	}
	x.found[office] = cost + 1
}

func (x *explorer) report(dst []circle.Reached, among circle.Mask) []circle.Reached {
	for _, o := range x.list {
		cost := x.found[o] - 1
		x.found[o] = 0
		if among.Has(int(o)) {
			dst = append(dst, circle.Reached{Office: int32(o), Seconds: cost.Seconds(), Meters: cost.Meters()})
		}
	}
	x.list = x.list[:0]
	return dst
}
