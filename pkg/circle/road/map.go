package road

import (
	"context"
	"runtime"
	"slices"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Map answers for a city's offices as they are now. Those that the index knows
// are looked up in it; for those added or moved since, a patch beside each
// block holds what a search from them found. Those closed are in no mask any
// more. A Map does not change, so any number of callers may use it at once.
type Map struct {
	// Numbers tells the office numbers, in the order in which the offices were
	// given. An office far from every block has one too, but is never reached.
	Numbers []int32
	// Size is one more than the greatest number.
	Size int

	index   *Index // whose bytes the tiles lie over: it must outlive them
	tiles   []tile
	numbers map[string]int32 // by code
}

var (
	_ circle.Reacher    = (*Map)(nil)
	_ circle.TravelTime = (*Map)(nil)
)

// tile is a block with its patch, which is nil when there is none. Bases are multiples of 64, so that a block's
// part of a mask begins with a word.
type tile struct {
	block, patch         *Block
	area                 circle.Box
	blockBase, patchBase int32
}

// NewMap makes the map for these offices. What old has searched for already is
// not searched for again; old may be nil.
func (x *Index) NewMap(offices []circle.Stop, old *Map) *Map {
	m := &Map{index: x, Numbers: make([]int32, len(offices)), numbers: map[string]int32{}}
	for i, b := range x.Blocks {
		t := tile{block: b, area: b.Box.Widen(farthest), blockBase: m.take(len(b.Offices))}
		if old != nil && i < len(old.tiles) && old.tiles[i].block == b {
			t.patch = old.tiles[i].patch
		}
		m.tiles = append(m.tiles, t)
	}
	m.addKnown(offices)
	m.addOthers(offices)
	return m
}

// take reserves numbers for n offices.
func (m *Map) take(n int) (base int32) {
	base = int32(m.Size)
	m.Size += (n + 63) &^ 63
	return base
}

const unknown = -1

// addKnown numbers the offices that stand where the index has them.
func (m *Map) addKnown(offices []circle.Stop) {
	known := map[circle.Stop]int32{}
	for _, t := range m.tiles {
		for i, o := range t.block.Offices {
			known[o] = t.blockBase + int32(i)
		}
	}
	for i, o := range offices {
		number, ok := known[o]
		if !ok {
			number = unknown
		}
		m.Numbers[i] = number
		m.numbers[o.Code] = number
	}
}

// addOthers makes each tile's patch, of the offices in its area that the index
// does not know.
func (m *Map) addOthers(offices []circle.Stop) {
	for i := range m.tiles {
		m.mend(&m.tiles[i], m.pick(offices, m.tiles[i].area))
	}
	for i, o := range offices {
		if m.numbers[o.Code] == unknown {
			m.numbers[o.Code] = m.take(1)
		}
		m.Numbers[i] = m.numbers[o.Code]
	}
}

// mend makes a tile's patch of the offices that its block lacks.
func (m *Map) mend(t *tile, missing []circle.Stop) {
	if len(missing) == 0 {
		t.patch = nil
		return
	}
	if t.patch == nil {
		t.patch = t.block.bare()
	}
	t.patch = t.patch.Renew(missing)
	t.patchBase = m.take(len(missing))
	for j, o := range t.patch.Offices {
		m.numbers[o.Code] = t.patchBase + int32(j)
	}
}

// pick lists the offices of an area that have no number yet.
func (m *Map) pick(offices []circle.Stop, area circle.Box) []circle.Stop {
	var picked []circle.Stop
	for _, o := range offices {
		if m.numbers[o.Code] == unknown && area.Holds(o.At) {
			picked = append(picked, o)
		}
	}
	return picked
}

// Share picks the offices that belong to a block: those in its area that no
// block before it has.
func (x *Index) Share(block int, offices []circle.Stop) []circle.Stop {
	var share []circle.Stop
	for _, o := range offices {
		first := slices.IndexFunc(x.Blocks, func(b *Block) bool { return b.Box.Widen(farthest).Holds(o.At) })
		if first == block {
			share = append(share, o)
		}
	}
	return share
}

// Keep keeps the bytes under an index from being unmapped before this call.
func (x *Index) Keep() { runtime.KeepAlive(x) }

// bare is the block without its offices.
func (b *Block) bare() *Block {
	bare := &Block{Box: b.Box}
	for mode, n := range b.Nets {
		if n != nil {
			bare.Nets[mode] = newNet(&n.Graph, nil)
		}
	}
	return bare
}

// Model implements circle.Reacher.
func (*Map) Model() string { return circle.ModelRoad }

// Within implements circle.Reacher. Errors: circle.ErrUnknownMode, and
// circle.ErrNoRoad where no road is within 2 km.
func (m *Map) Within(dst []circle.Reached, from place.Position, by circle.Mode, seconds int, among circle.Mask) ([]circle.Reached, error) {
	if !by.Valid() {
		return dst, circle.ErrUnknownMode
	}
	most := min(within(seconds), limit)
	err := error(circle.ErrNoRoad)
	for i := range m.tiles {
		t := &m.tiles[i]
		net := t.block.Nets[by]
		if net == nil || !t.area.Holds(from) {
			continue
		}
		spot, _, ok := net.Snap.Find(from)
		if !ok {
			continue
		}
		err = nil
		dst = net.within(dst, spot, most, among.From(t.blockBase), t.blockBase)
		if t.patch != nil {
			dst = t.patch.Nets[by].within(dst, spot, most, among.From(t.patchBase), t.patchBase)
		}
	}
	runtime.KeepAlive(m.index)
	return dst, err
}

// Times implements circle.TravelTime. Stops that are not on the map or more
// than half an hour away are circle.Unreachable.
func (m *Map) Times(_ context.Context, from place.Position, by circle.Mode, to []circle.Stop) ([]circle.Estimate, error) {
	among := circle.NewMask(m.Size)
	for _, stop := range to {
		if number, ok := m.numbers[stop.Code]; ok {
			among.Set(int(number))
		}
	}
	found, err := m.Within(nil, from, by, circle.MaxMinutes*60, among)
	if err != nil {
		return nil, err
	}
	byNumber := make(map[int32]circle.Reached, len(found))
	for _, r := range found {
		byNumber[r.Office] = r
	}
	times := make([]circle.Estimate, len(to))
	for i, stop := range to {
		times[i] = circle.Estimate{Seconds: circle.Unreachable, Model: circle.ModelRoad}
		if number, ok := m.numbers[stop.Code]; ok {
			if r, ok := byNumber[number]; ok {
				times[i].Seconds, times[i].Meters = int(r.Seconds), int(r.Meters)
			}
		}
	}
	return times, nil
}
