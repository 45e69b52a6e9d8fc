package road

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// column is what one office costs from the end of the arcs that are near
// enough: parallel slices of arcs and packed costs.
type column struct{ arcs, costs []uint32 }

// columns searches outwards from the offices, on every processor.
func columns(g *Graph, offices []Spot) []column {
	cols := make([]column, len(offices))
	if len(offices) == 0 {
		return cols
	}
	start, turns := g.reversed()
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(offices)) {
		all.Go(func() {
			s := newSearch(start, turns)
			for i := next.Add(1) - 1; int(i) < len(offices); i = next.Add(1) - 1 {
				s.toward(g, offices[i], limit)
				cols[i] = s.column(g)
			}
		})
	}
	all.Wait()
	return cols
}

// column takes what a search found. Most arcs of two-way roads are left out:
// those from whose very end it is no farther to turn round at once, for then
// whoever stands anywhere on the road goes the other way. This loses no answer,
// and halves the index.
func (s *search) column(g *Graph) column {
	c := column{}
	for _, arc := range s.touched {
		cost := s.best[arc] - 1
		if back := arc ^ 1; g.Arcs[back] != 0 && s.best[back] != 0 && g.Arcs[back]+s.best[back]-1 <= cost {
			continue
		}
		c.arcs = append(c.arcs, arc)
		c.costs = append(c.costs, cost.pack())
	}
	return c
}
