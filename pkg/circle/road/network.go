package road

import "github.com/yimen-gov/yimen/pkg/place"

// Network is a map of roads as one mode may use them.
type Network struct {
	Nodes []Node
	Ways  []Way
	Bans  []Ban
}

// Node is a point of ways. Delay is the seconds that passing it costs, such as
// at a traffic light.
type Node struct {
	At    place.Position
	Delay float64
}

// Way is a road along nodes (indices into Network.Nodes).
type Way struct {
	Nodes       []int32
	Ahead, Back float64 // metres a second along the nodes and against them; 0 = closed
	Main        bool    // others wait to enter or to cross it
	Through     bool    // no journey starts or ends here: motorways, tunnels
}

// Ban is a turn restriction: from way From through node Via into way To one
// must not turn, or, if Only, must turn.
type Ban struct {
	From, Via, To int32
	Only          bool
}

// Manners says what turning and crossing costs a mode, in seconds.
type Manners struct {
	Left, Right float64 // turning off at a junction, driving on the right
	Back        float64 // turning round
	BackAlways  bool    // turning round is allowed everywhere, not only at dead ends
	Give        float64 // entering or crossing a main road where no light helps
}
