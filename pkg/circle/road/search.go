package road

// search is Dijkstra's algorithm on the arcs of a graph, never farther than asked.
// It is kept between searches, for clearing it costs only what was touched.
type search struct {
	start []uint32 // the turns to follow, forwards or reversed
	turns []Turn

	best    []Cost // of each arc, plus one; 0 = not seen
	touched []uint32
	queue   heap
}

func newSearch(start []uint32, turns []Turn) *search {
	return &search{start: start, turns: turns, best: make([]Cost, len(start)-1)}
}

func (s *search) clear() {
	for _, arc := range s.touched {
		s.best[arc] = 0
	}
	s.touched, s.queue = s.touched[:0], s.queue[:0]
}

// offer proposes a cost for an arc.
func (s *search) offer(arc uint32, cost, most Cost) {
	old := s.best[arc]
	if cost > most || old != 0 && old <= cost+1 {
		return
	}
	if old == 0 {
		s.touched = append(s.touched, arc)
	}
	s.best[arc] = cost + 1
	s.queue.push(entry{cost, arc})
}

// next takes the cheapest arc that is not settled yet.
func (s *search) next() (entry, bool) {
	for len(s.queue) > 0 {
		if e := s.queue.pop(); s.best[e.arc] == e.cost+1 {
			return e, true
		}
	}
	return entry{}, false
}

func (s *search) turnsOf(arc uint32) []Turn { return s.turns[s.start[arc]:s.start[arc+1]] }

// toward finds what an office costs from the end of every arc at most so much
// away. The turns must be the reversed ones. The result is in best, for the
// arcs in touched.
func (s *search) toward(g *Graph, office Spot, most Cost) {
	s.clear()
	if office.Edge == nowhere {
		return
	}
	for arc := 2 * office.Edge; arc <= 2*office.Edge+1; arc++ {
		if g.Arcs[arc] != 0 {
			s.before(arc, g.Arcs[arc].part(ahead(arc, office.Along))+office.Access, most)
		}
	}
	for {
		e, ok := s.next()
		if !ok {
			return
		}
		s.before(e.arc, e.cost+g.Arcs[e.arc], most)
	}
}

// before offers cost, which starts at the tail of arc, to the arcs before it.
func (s *search) before(arc uint32, cost, most Cost) {
	for _, t := range s.turnsOf(arc) {
		s.offer(t.To, cost+wait(t.Ticks), most)
	}
}

// ahead is how far along its own direction an arc reaches a place on its edge.
func ahead(arc, along uint32) uint32 {
	if arc&1 == 1 {
		return whole - along
	}
	return along
}

// direct is the journey from one spot to another further along the same arc.
func (g *Graph) direct(arc uint32, from, to Spot) (Cost, bool) {
	a, b := ahead(arc, from.Along), ahead(arc, to.Along)
	if g.Arcs[arc] == 0 || a > b {
		return 0, false
	}
	return from.Access + g.Arcs[arc].part(b-a) + to.Access, true
}

// leaving is the journey from a spot to the end of an arc of its edge.
func (g *Graph) leaving(arc uint32, from Spot) (Cost, bool) {
	if g.Arcs[arc] == 0 {
		return 0, false
	}
	return from.Access + g.Arcs[arc].part(whole-ahead(arc, from.Along)), true
}
