package road

import "math"

// Turn says that one may pass from an arc into arc To, and that this costs
// Ticks.
type Turn struct{ To, Ticks uint32 }

// crossroads works out the turns of a network.
type crossroads struct {
	*Network
	Manners
	edges []edge
	out   [][]int32 // arcs that leave each node
	main  []bool    // nodes on a main road
	bans  map[int64][]Ban
}

func newCrossroads(n *Network, m Manners, edges []edge) *crossroads {
	c := &crossroads{
		Network: n, Manners: m, edges: edges,
		out:  make([][]int32, len(n.Nodes)),
		main: make([]bool, len(n.Nodes)),
		bans: map[int64][]Ban{},
	}
	for i := range edges {
		for arc := range edges[i].costs {
			if edges[i].costs[arc] != 0 {
				tail := edges[i].tail(arc)
				c.out[tail] = append(c.out[tail], int32(2*i+arc))
			}
		}
		if n.Ways[edges[i].way].Main {
			c.main[edges[i].tail(0)], c.main[edges[i].tail(1)] = true, true
		}
	}
	for _, ban := range n.Bans {
		key := banKey(ban.From, ban.Via)
		c.bans[key] = append(c.bans[key], ban)
	}
	return c
}

func banKey(from, via int32) int64 { return int64(from)<<32 | int64(via) }

// turns lists the turns from an arc.
func (c *crossroads) turns(from int32) []Turn {
	node := c.edge(from).head(int(from))
	var turns []Turn
	for _, to := range c.out[node] {
		if c.allowed(from, to, node) {
			turns = append(turns, Turn{uint32(to), c.ticks(from, to, node)})
		}
	}
	return turns
}

func (c *crossroads) edge(arc int32) *edge { return &c.edges[arc>>1] }

func (c *crossroads) allowed(from, to, node int32) bool {
	if to == from^1 && !c.BackAlways && len(c.out[node]) > 1 {
		return false
	}
	way := c.edge(to).way
	for _, ban := range c.bans[banKey(c.edge(from).way, node)] {
		if ban.Only != (ban.To == way) {
			return false
		}
	}
	return true
}

// ticks is what the turn costs: the lights, the bend, and giving way.
func (c *crossroads) ticks(from, to, node int32) uint32 {
	seconds := c.Nodes[node].Delay
	if len(c.out[node]) > 2 || to == from^1 {
		seconds += c.bend(from, to)
	}
	if c.Nodes[node].Delay == 0 && c.main[node] && !(c.isMain(from) && c.isMain(to)) {
		seconds += c.Give
	}
	return uint32(math.Round(seconds * ticksPerSecond))
}

func (c *crossroads) isMain(arc int32) bool { return c.Ways[c.edge(arc).way].Main }

// straight is the angle up to which one goes straight on: 40°.
const straight = 40 * math.Pi / 180

func (c *crossroads) bend(from, to int32) float64 {
	if to == from^1 {
		return c.Back
	}
	angle := c.edge(to).bearing(c.Network, int(to), false) - c.edge(from).bearing(c.Network, int(from), true)
	switch angle = math.Remainder(angle, 2*math.Pi); {
	case angle > straight:
		return c.Left
	case angle < -straight:
		return c.Right
	}
	return 0
}
