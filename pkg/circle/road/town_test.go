package road

import (
	"fmt"
	"math/rand/v2"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// town is a made-up city: blocks of some 150 m, some streets one-way, some
// missing, a main road across, lights, banned turns, and an island that no
// bridge leads to.
func town(seed uint64, side int) *Network {
	rnd := rand.New(rand.NewPCG(seed, 2))
	n := &Network{}
	for i := range side * side {
		node := Node{At: place.Position{
			Lng: 113 + 0.0015*float64(i%side) + 0.0003*rnd.Float64(),
			Lat: 23 + 0.0014*float64(i/side) + 0.0003*rnd.Float64(),
		}}
		if rnd.IntN(10) == 0 {
			node.Delay = 8
		}
		n.Nodes = append(n.Nodes, node)
	}
	for i := range side * side {
		if i%side+1 < side {
			n.street(rnd, i, i+1, i/side == side/2)
		}
		if i/side+1 < side {
			n.street(rnd, i, i+side, false)
		}
	}
	for range side {
		n.ban(rnd)
	}
	n.island()
	return n
}

func (n *Network) street(rnd *rand.Rand, a, b int, isMain bool) {
	way := Way{Nodes: []int32{int32(a), int32(b)}, Ahead: 4 + 6*rnd.Float64(), Main: isMain}
	way.Back = way.Ahead
	switch rnd.IntN(10) {
	case 0:
		return
	case 1:
		way.Back = 0
	case 2:
		way.Ahead = 0
	case 3: // a bend halfway
		mid := n.Nodes[a].At
		mid.Lng += 0.0006
		mid.Lat += 0.0009
		n.Nodes = append(n.Nodes, Node{At: mid})
		way.Nodes = []int32{int32(a), int32(len(n.Nodes) - 1), int32(b)}
	}
	n.Ways = append(n.Ways, way)
}

func (n *Network) ban(rnd *rand.Rand) {
	from, to := rnd.IntN(len(n.Ways)), rnd.IntN(len(n.Ways))
	for i := range n.Ways {
		to = (to + i) % len(n.Ways)
		via := n.Ways[from].Nodes[len(n.Ways[from].Nodes)-1]
		if to != from && n.Ways[to].Nodes[0] == via {
			n.Bans = append(n.Bans, Ban{From: int32(from), Via: via, To: int32(to), Only: rnd.IntN(4) == 0})
			return
		}
	}
}

// island lies within the town, 30 m from its nearest street.
func (n *Network) island() {
	first := int32(len(n.Nodes))
	for i := range 3 {
		n.Nodes = append(n.Nodes, Node{At: place.Position{Lng: 113.0011 + 0.0001*float64(i), Lat: 23.0010}})
	}
	n.Ways = append(n.Ways, Way{Nodes: []int32{first, first + 1, first + 2}, Ahead: 5, Back: 5})
}

var manners = Manners{Left: 6, Right: 2, Back: 15, Give: 4}

// around puts offices into the town, some of them side by side.
func around(seed uint64, side, count int) []circle.Stop {
	rnd := rand.New(rand.NewPCG(seed, 3))
	offices := make([]circle.Stop, count)
	for i := range offices {
		offices[i] = circle.Stop{Code: fmt.Sprintf("office-%03d", i), At: somewhere(rnd, side)}
	}
	return offices
}

func somewhere(rnd *rand.Rand, side int) place.Position {
	return place.Position{
		Lng: 113 + 0.0015*float64(side)*rnd.Float64(),
		Lat: 23 + 0.0014*float64(side)*rnd.Float64(),
	}
}

func full(n int) circle.Mask {
	m := circle.NewMask(n)
	for i := range n {
		m.Set(i)
	}
	return m
}
