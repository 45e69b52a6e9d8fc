package road

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// A block in a file is a list of sections and then the sections, each at a
// multiple of 8. Places are counted from the start of the block, so that a
// block can lie anywhere.
const (
	secCodes  = 1 // office codes, one a line
	secPlaces = 2 // office positions: longitude and latitude as float64 bits
	secNets   = 16
	netSize   = 16 // room for the sections of a mode
)

// The sections of a net, counted from secNets + netSize × mode.
const (
	netArcs = iota
	netTurnStart
	netTurns
	netGrid
	netSnapStart
	netSnapList
	netSegments
	netOffices
	netDoorStart
	netDoorList
	netRows
	netBits
	netCosts
)

// section is one entry of the list.
type section struct {
	id    uint64
	bytes []byte
}

func (b *Block) sections() []section {
	list := []section{{secCodes, codes(b.Offices)}, {secPlaces, raw(places(b.Offices))}}
	for mode, n := range b.Nets {
		if n != nil {
			list = append(list, n.sections(uint64(secNets+netSize*mode))...)
		}
	}
	return list
}

func (n *Net) sections(id uint64) []section {
	return []section{
		{id + netArcs, raw(n.Arcs)}, {id + netTurnStart, raw(n.TurnStart)}, {id + netTurns, raw(n.Turns)},
		{id + netGrid, raw([]Grid{n.Snap.Grid})}, {id + netSnapStart, raw(n.Snap.Start)},
		{id + netSnapList, raw(n.Snap.List)}, {id + netSegments, raw(n.Snap.Segments)},
		{id + netOffices, raw(n.Offices)}, {id + netDoorStart, raw(n.Doors.Start)}, {id + netDoorList, raw(n.Doors.List)},
		{id + netRows, raw(n.Table.Rows)}, {id + netBits, raw(n.Table.Bits)}, {id + netCosts, raw(n.Table.Costs)},
	}
}

func places(offices []circle.Stop) []uint64 {
	var list []uint64
	for _, o := range offices {
		list = append(list, math.Float64bits(o.At.Lng), math.Float64bits(o.At.Lat))
	}
	return list
}

// aligned rounds up to a multiple of 8.
func aligned(n int) int { return (n + 7) &^ 7 }

const sectionEntry = 24 // bytes: id, place, length

// writeSections writes the list and the sections.
func writeSections(w io.Writer, list []section) error {
	head := binary.NativeEndian.AppendUint64(nil, uint64(len(list)))
	at := 8 + sectionEntry*len(list)
	for _, s := range list {
		head = binary.NativeEndian.AppendUint64(head, s.id)
		head = binary.NativeEndian.AppendUint64(head, uint64(at))
		head = binary.NativeEndian.AppendUint64(head, uint64(len(s.bytes)))
		at += aligned(len(s.bytes))
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for _, s := range list {
		if _, err := w.Write(s.bytes); err != nil {
			return err
		}
		if _, err := w.Write(make([]byte, aligned(len(s.bytes))-len(s.bytes))); err != nil {
			return err
		}
	}
	return nil
}

// readSections finds the sections of a block.
func readSections(b []byte) (map[uint64][]byte, error) {
	if len(b) < 8 {
		return nil, errShort
	}
	n := binary.NativeEndian.Uint64(b)
	if n > uint64(len(b)-8)/sectionEntry {
		return nil, errShort
	}
	found := map[uint64][]byte{}
	for i := range int(n) {
		entry := b[8+sectionEntry*i:]
		at, size := binary.NativeEndian.Uint64(entry[8:]), binary.NativeEndian.Uint64(entry[16:])
		if at%8 != 0 || at > uint64(len(b)) || size > uint64(len(b))-at {
			return nil, errShort
		}
		found[binary.NativeEndian.Uint64(entry)] = b[at : at+size]
	}
	return found, nil
}

// readBlock lays a block over its bytes.
func readBlock(data []byte, box circle.Box) (*Block, error) {
	found, err := readSections(data)
	if err != nil {
		return nil, err
	}
	b := &Block{Box: box, Offices: readOffices(found[secCodes], view[uint64](found[secPlaces]))}
	for mode := range b.Nets {
		id := uint64(secNets + netSize*mode)
		if _, ok := found[id+netArcs]; !ok {
			continue
		}
		b.Nets[mode] = readNet(found, id)
		if !b.Nets[mode].sound(len(b.Offices)) {
			return nil, errShort
		}
	}
	return b, nil
}

func readOffices(codes []byte, places []uint64) []circle.Stop {
	var offices []circle.Stop
	for code := range bytes.Lines(codes) {
		i := 2 * len(offices)
		if i+1 >= len(places) {
			break
		}
		offices = append(offices, circle.Stop{
			Code: string(bytes.TrimSuffix(code, []byte("\n"))),
			At:   place.Position{Lng: math.Float64frombits(places[i]), Lat: math.Float64frombits(places[i+1])},
		})
	}
	return offices
}

func readNet(found map[uint64][]byte, id uint64) *Net {
	n := &Net{Offices: view[Spot](found[id+netOffices])}
	n.Arcs, n.TurnStart, n.Turns = view[Cost](found[id+netArcs]), view[uint32](found[id+netTurnStart]), view[Turn](found[id+netTurns])
	n.Snap.Start, n.Snap.List = view[uint32](found[id+netSnapStart]), view[uint32](found[id+netSnapList])
	n.Snap.Segments = view[Segment](found[id+netSegments])
	if grid := view[Grid](found[id+netGrid]); len(grid) == 1 {
		n.Snap.Grid = grid[0]
	}
	n.Doors = Doors{view[uint32](found[id+netDoorStart]), view[uint32](found[id+netDoorList])}
	n.Table = Table{view[Row](found[id+netRows]), view[uint64](found[id+netBits]), view[uint32](found[id+netCosts])}
	return n
}

// sound says whether the parts of a net fit each other. What is inside them is
// vouched for by the checksum.
func (n *Net) sound(offices int) bool {
	arcs := len(n.Arcs)
	g := n.Snap.Grid
	return arcs > 0 && arcs%2 == 0 &&
		len(n.TurnStart) == arcs+1 && len(n.Table.Rows) == arcs &&
		len(n.Doors.Start) == arcs/2+1 && len(n.Offices) == offices &&
		g.Cols > 0 && g.Rows > 0 && g.DX > 0 && g.DY > 0 && int64(len(n.Snap.Start)) == g.Cols*g.Rows+1
}
