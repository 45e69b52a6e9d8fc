package coverage

import (
	"cmp"
	"errors"
	"runtime"
	"slices"
	"sync"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Survey is how far a city's people have to the offices of one question.
type Survey struct {
	By        circle.Mode
	Model     string
	City      Share
	Districts []Share // by code
	Towns     []Share // by code
	Farthest  []Far   // the farthest first, one a town

	ground *Ground
	posts  []Post
	times  []int32 // of each cell, in seconds; beyond = more than half an hour
}

// Share is how much of an area lies within each of Minutes.
type Share struct {
	Area
	KM2, People             float64
	KM2Within, PeopleWithin [len(Minutes)]float64
}

// Far is a place far out. Where the roads know of no way within half an hour,
// Seconds are those of the straight line, and more than half an hour.
type Far struct {
	At      place.Position
	Near    string // the office whose surroundings it lies in
	Town    Area
	Seconds int
	Model   string
	Line    float64 // metres by straight line to the nearest office that takes the item
	People  float64
}

const (
	beyond      = 1 << 30
	farMost     = 10
	limit       = circle.MaxMinutes * 60
	cellsInHand = 256
)

// Take surveys the ground: how far it is from each cell to the nearest of the
// offices among.
func Take(g *Ground, posts []Post, reacher circle.Reacher, by circle.Mode, among circle.Mask) (*Survey, error) {
	s := &Survey{By: by, Model: reacher.Model(), ground: g, posts: posts, times: make([]int32, len(g.Cells))}
	err := g.each(func(i int, dst []circle.Reached) ([]circle.Reached, error) {
		found, err := within(dst, reacher, g.Cells[i].At, by, limit, among)
		s.times[i] = beyond
		for _, r := range found {
			s.times[i] = min(s.times[i], r.Seconds)
		}
		return found, err
	})
	if err != nil {
		return nil, err
	}
	s.share()
	s.far(among)
	return s, nil
}

// within is what can be reached; where no road is, nothing can.
func within(dst []circle.Reached, reacher circle.Reacher, from place.Position, by circle.Mode, seconds int, among circle.Mask) ([]circle.Reached, error) {
	found, err := reacher.Within(dst[:0], from, by, seconds, among)
	if errors.Is(err, circle.ErrNoRoad) {
		return dst[:0], nil
	}
	return found, err
}

// each visits all cells, on every processor. Visit gives its room back for the
// next visit.
func (g *Ground) each(visit func(i int, room []circle.Reached) ([]circle.Reached, error)) error {
	firsts := make(chan int)
	var all sync.WaitGroup
	var once sync.Once
	var failed error
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			var room []circle.Reached
			for first := range firsts {
				for i := first; i < min(first+cellsInHand, len(g.Cells)); i++ {
					var err error
					if room, err = visit(i, room); err != nil {
						once.Do(func() { failed = err })
					}
				}
			}
		})
	}
	for first := 0; first < len(g.Cells); first += cellsInHand {
		firsts <- first
	}
	close(firsts)
	all.Wait()
	return failed
}

// share adds the cells up by town and district.
func (s *Survey) share() {
	towns, districts := map[string]*Share{}, map[string]*Share{}
	for i := range s.ground.Cells {
		post := s.posts[s.ground.Cells[i].Post]
		s.City.add(&s.ground.Cells[i], s.times[i])
		sum(towns, post.Town).add(&s.ground.Cells[i], s.times[i])
		if post.District.Code != "" {
			sum(districts, post.District).add(&s.ground.Cells[i], s.times[i])
		}
	}
	s.Towns, s.Districts = sorted(towns), sorted(districts)
}

func sum(sums map[string]*Share, a Area) *Share {
	if sums[a.Code] == nil {
		sums[a.Code] = &Share{Area: a}
	}
	return sums[a.Code]
}

func (s *Share) add(c *Cell, seconds int32) {
	s.KM2 += c.Area
	s.People += c.People
	for i, minutes := range Minutes {
		if seconds <= int32(minutes*60) {
			s.KM2Within[i] += c.Area
			s.PeopleWithin[i] += c.People
		}
	}
}

func sorted(sums map[string]*Share) []Share {
	var list []Share
	for _, s := range sums {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Share) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

// far finds the farthest inhabited place of each town and keeps the farthest
// of those.
func (s *Survey) far(among circle.Mask) {
	field := s.field()
	byTown := map[string]Far{}
	for i := range s.ground.Cells {
		c := &s.ground.Cells[i]
		if s.ground.weight(c) == 0 {
			continue
		}
		f := s.place(c, s.times[i], field, among)
		if old, ok := byTown[f.Town.Code]; !ok || f.compare(old) < 0 {
			byTown[f.Town.Code] = f
		}
	}
	for _, f := range byTown {
		s.Farthest = append(s.Farthest, f)
	}
	slices.SortFunc(s.Farthest, Far.compare)
	s.Farthest = s.Farthest[:min(farMost, len(s.Farthest))]
}

// compare puts the farther one first.
func (f Far) compare(o Far) int {
	return cmp.Or(cmp.Compare(o.Seconds, f.Seconds), cmp.Compare(o.Line, f.Line), cmp.Compare(f.Town.Code, o.Town.Code))
}

func (s *Survey) field() *circle.Field {
	at, numbers := make([]place.Position, len(s.posts)), make([]int32, len(s.posts))
	for i, p := range s.posts {
		at[i], numbers[i] = p.At, p.Number
	}
	return circle.NewField(at, numbers)
}

func (s *Survey) place(c *Cell, seconds int32, field *circle.Field, among circle.Mask) Far {
	post := s.posts[c.Post]
	f := Far{At: c.At, Near: post.Name, Town: post.Town, Seconds: int(seconds), Model: s.Model, People: c.People}
	if seconds != beyond {
		return f
	}
	f.Seconds, f.Model = limit+1, circle.ModelStraight
	if near, _ := field.Nearest(nil, c.At, s.By, 1, among); len(near) > 0 {
		f.Seconds = max(f.Seconds, int(near[0].Seconds))
		f.Line = float64(near[0].Meters) / circle.PaceOf(s.By).Detour
	}
	return f
}
