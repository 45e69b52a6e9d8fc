package road

// Doors lists the offices that stand on each edge.
type Doors struct {
	Start []uint32 // first of each edge's entries in List, and the end
	List  []uint32 // numbers of offices
}

func newDoors(g *Graph, offices []Spot) Doors {
	d := Doors{Start: make([]uint32, len(g.Arcs)/2+1)}
	for _, o := range offices {
		if o.Edge != nowhere {
			d.Start[o.Edge+1]++
		}
	}
	for i := 1; i < len(d.Start); i++ {
		d.Start[i] += d.Start[i-1]
	}
	d.List = make([]uint32, d.Start[len(d.Start)-1])
	next := append([]uint32(nil), d.Start...)
	for i, o := range offices {
		if o.Edge != nowhere {
			d.List[next[o.Edge]] = uint32(i)
			next[o.Edge]++
		}
	}
	return d
}

func (d *Doors) on(edge uint32) []uint32 { return d.List[d.Start[edge]:d.Start[edge+1]] }
