package coverage

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Gain is what one more office would bring into the 15-minute circle.
type Gain struct {
	Office string // code; "" = a new one
	Name   string // of the office, or of the one that a new one would be near
	At     place.Position
	KM2    float64
	People float64
}

const (
	gainsMost = 10
	sitesMost = 24   // that are tried on the roads
	sitesSeen = 2000 // that are looked at by straight line
)

// tally adds up what each office of a mask would newly bring into the circle,
// by its number.
func (s *Survey) tally(reacher circle.Reacher, among circle.Mask) (map[int32]Gain, error) {
	gains := map[int32]Gain{}
	var lock sync.Mutex
	err := s.ground.each(func(i int, room []circle.Reached) ([]circle.Reached, error) {
		if s.times[i] <= goal {
			return room, nil
		}
		c := &s.ground.Cells[i]
		found, err := within(room, reacher, c.At, s.By, goal, among)
		lock.Lock()
		defer lock.Unlock()
		for _, r := range found {
			g := gains[r.Office]
			g.KM2 += c.Area
			g.People += c.People
			gains[r.Office] = g
		}
		return found, err
	})
	return gains, err
}

// Delegations tells which offices of among would gain most, did they take the
// item too.
func (s *Survey) Delegations(reacher circle.Reacher, among circle.Mask) ([]Gain, error) {
	gains, err := s.tally(reacher, among)
	if err != nil {
		return nil, err
	}
	var list []Gain
	for _, p := range s.posts {
		if g, ok := gains[p.Number]; ok {
			g.Office, g.Name, g.At = p.Code, p.Name, p.At
			list = append(list, g)
		}
	}
	return best(list), nil
}

// Trial tells travel times as they were with some more offices, and how those
// are numbered.
type Trial func(extra []circle.Stop) (reacher circle.Reacher, numbers []int32, err error)

// Sites tells where a new office would gain most. Likely places are picked by
// straight line and then tried out.
func (s *Survey) Sites(try Trial) ([]Gain, error) {
	sites := s.likely()
	extra := make([]circle.Stop, len(sites))
	for i, cell := range sites {
		extra[i] = circle.Stop{Code: fmt.Sprintf("site-%d", i), At: s.ground.Cells[cell].At}
	}
	if len(extra) == 0 {
		return nil, nil
	}
	reacher, numbers, err := try(extra)
	if err != nil {
		return nil, err
	}
	among := circle.NewMask(int(slices.Max(numbers)) + 1)
	for _, n := range numbers {
		among.Set(int(n))
	}
	gains, err := s.tally(reacher, among)
	if err != nil {
		return nil, err
	}
	var list []Gain
	for i, n := range numbers {
		if g, ok := gains[n]; ok {
			g.Name, g.At = s.posts[s.ground.Cells[sites[i]].Post].Name, extra[i].At
			list = append(list, g)
		}
	}
	return best(list), nil
}

// best sorts by people, then by area, and keeps the first.
func best(list []Gain) []Gain {
	slices.SortFunc(list, func(a, b Gain) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(b.KM2, a.KM2), cmp.Compare(a.Office, b.Office))
	})
	return list[:min(gainsMost, len(list))]
}

// candidate is a cell with what lies outside the circle around it.
type candidate struct {
	cell   int32
	weight float64
}

// likely picks uncovered cells with much uncovered ground around them, none
// near another.
func (s *Survey) likely() []int32 {
	var cells []int32
	var at []place.Position
	for i, t := range s.times {
		if t > goal && s.ground.weight(&s.ground.Cells[i]) > 0 {
			cells, at = append(cells, int32(i)), append(at, s.ground.Cells[i].At)
		}
	}
	if len(cells) == 0 {
		return nil
	}
	field := circle.NewField(at, nil)
	everywhere := circle.NewMask(len(at))
	for i := range at {
		everywhere.Set(i)
	}
	var candidates []candidate
	for i := 0; i < len(cells); i += 1 + len(cells)/sitesSeen {
		c := candidate{cell: cells[i]}
		around, _ := field.Within(nil, at[i], s.By, goal, everywhere)
		for _, r := range around {
			c.weight += s.ground.weight(&s.ground.Cells[cells[r.Office]])
		}
		candidates = append(candidates, c)
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(b.weight, a.weight) })
	return s.apart(candidates)
}

// apart takes candidates in order, but none within half a circle of another.
func (s *Survey) apart(candidates []candidate) []int32 {
	var picked []int32
	for _, c := range candidates {
		at := s.ground.Cells[c.cell].At
		if slices.ContainsFunc(picked, func(other int32) bool {
			return circle.StraightEstimate(at, s.ground.Cells[other].At, s.By).Seconds < goal/2
		}) {
			continue
		}
		if picked = append(picked, c.cell); len(picked) == sitesMost {
			break
		}
	}
	return picked
}
