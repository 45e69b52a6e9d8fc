package road

import (
	"runtime"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Draw calls visit for the straight pieces of a mode's roads, those of one
// road one after the other.
func (x *Index) Draw(by circle.Mode, visit func(a, b place.Position)) {
	for _, b := range x.Blocks {
		if n := b.Nets[by]; n != nil {
			n.Snap.Draw(visit)
		}
	}
	runtime.KeepAlive(x)
}

// Shift gives the same city elsewhere, with a mark before its offices' codes.
// It is for measuring what many cities cost.
func (b *Block) Shift(lng, lat float64, mark string) *Block {
	shifted := &Block{Box: circle.Box{Min: b.Box.Min, Max: b.Box.Max}, Nets: b.Nets}
	move := func(p *place.Position) { p.Lng, p.Lat = p.Lng+lng, p.Lat+lat }
	move(&shifted.Box.Min)
	move(&shifted.Box.Max)
	for _, o := range b.Offices {
		move(&o.At)
		shifted.Offices = append(shifted.Offices, circle.Stop{Code: mark + o.Code, At: o.At})
	}
	for mode, n := range b.Nets {
		if n != nil {
			moved := *n
			moved.Snap.Grid.Lng, moved.Snap.Grid.Lat = n.Snap.Grid.Lng+lng, n.Snap.Grid.Lat+lat
			shifted.Nets[mode] = &moved
		}
	}
	return shifted
}

// Draw calls visit for the segments.
func (s *Snapper) Draw(visit func(a, b place.Position)) {
	at := func(x, y int32) place.Position {
		return place.Position{Lng: s.Grid.Lng + float64(x)*unit, Lat: s.Grid.Lat + float64(y)*unit}
	}
	for _, seg := range s.Segments {
		visit(at(seg.AX, seg.AY), at(seg.BX, seg.BY))
	}
}
