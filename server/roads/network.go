package roads

import (
	"slices"
	"strings"

	"github.com/paulmach/osm"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
)

// Network is the extract as one mode may use it, and what turning costs there.
func (x *Extract) Network(by circle.Mode) (*road.Network, road.Manners) {
	n := &networker{Extract: x, profile: &profiles[by], out: &road.Network{}, ways: map[osm.WayID][]int32{}}
	n.number = make([]int32, len(x.Nodes))
	for i := range n.number {
		n.number[i] = -1
	}
	for i := range x.Ways {
		n.way(&x.Ways[i])
	}
	for i := range x.Restrictions {
		n.restriction(&x.Restrictions[i])
	}
	return n.out, n.profile.manners
}

type networker struct {
	*Extract
	profile *profile
	out     *road.Network
	number  []int32               // of each node in out; -1 = not there yet
	ways    map[osm.WayID][]int32 // in out
}

func (n *networker) way(w *Way) {
	ahead, back := n.profile.speed(w.Tags)
	if ahead == 0 && back == 0 {
		return
	}
	way := road.Way{Ahead: ahead, Back: back, Main: isMain(w.Tags), Through: isThrough(w.Tags)}
	for i, node := range w.Nodes {
		way.Nodes = append(way.Nodes, n.node(node))
		if i > 0 && i < len(w.Nodes)-1 && n.profile.shut(n.Nodes[node].Tags) {
			n.add(w.ID, way)
			way.Nodes = []int32{n.node(node)}
		}
	}
	n.add(w.ID, way)
}

func (n *networker) add(id osm.WayID, way road.Way) {
	n.ways[id] = append(n.ways[id], int32(len(n.out.Ways)))
	n.out.Ways = append(n.out.Ways, way)
}

// node numbers a node of the extract. One that is shut gets a new number every
// time, so that nothing meets there.
func (n *networker) node(i int32) int32 {
	shut := n.profile.shut(n.Nodes[i].Tags)
	if n.number[i] >= 0 && !shut {
		return n.number[i]
	}
	n.number[i] = int32(len(n.out.Nodes))
	n.out.Nodes = append(n.out.Nodes, road.Node{At: n.Nodes[i].At, Delay: n.profile.delay(n.Nodes[i].Tags)})
	return n.number[i]
}

func (n *networker) restriction(r *Restriction) {
	kind := n.kind(r.Tags)
	only := strings.HasPrefix(kind, "only_")
	if !only && !strings.HasPrefix(kind, "no_") || n.number[r.Via] < 0 {
		return
	}
	for _, from := range n.indices(r.From) {
		for _, to := range n.indices(r.To) {
			// Turning round on one road is ruled by the manners; banning it
			// here would ban going straight on as well.
			if from != to || only {
				n.out.Bans = append(n.out.Bans, road.Ban{From: from, Via: n.number[r.Via], To: to, Only: only})
			}
		}
	}
}

// kind is the restriction as it applies to the mode, such as "no_left_turn".
func (n *networker) kind(tags osm.Tags) string {
	if slices.Contains(strings.Split(tags.Find("except"), ";"), n.profile.except) {
		return ""
	}
	for _, key := range n.profile.bans {
		if value := tags.Find(key); value != "" {
			return value
		}
	}
	return ""
}

func (n *networker) indices(ids []osm.WayID) []int32 {
	var list []int32
	for _, id := range ids {
		list = append(list, n.ways[id]...)
	}
	return list
}
