package nearby

import (
	"context"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// want is what somebody comes for: one item, or all of a theme in one visit.
type want struct {
	items []*catalog.Item
	home  place.DivisionCode
}

// want looks up what a question asks for, and from where. Errors:
// catalog.ErrNoItem, catalog.ErrNoTheme, place.ErrNoDivision, and those of
// Homes.
func (g *Guide) want(ctx context.Context, s *sheet, q Question) (w want, err error) {
	if w.items, err = s.items(q); err != nil {
		return w, err
	}
	if q.Division != "" {
		_, err := s.edition.Places.Division(q.Division)
		w.home = q.Division
		return w, err
	}
	if g.Homes == nil || q.Who == "" || w.citywide() && q.OnBehalf == "" {
		return w, nil
	}
	for _, i := range w.items {
		if w.home, err = g.Homes.HomeOf(ctx, q.Who, q.OnBehalf, i.Code); err != nil || q.OnBehalf == "" {
			return w, err
		}
	}
	return w, nil
}

func (s *sheet) items(q Question) ([]*catalog.Item, error) {
	if q.Theme != "" {
		theme, err := s.edition.Catalogue.Theme(q.Theme)
		if err != nil {
			return nil, err
		}
		return theme.Items, nil
	}
	item, err := s.edition.Catalogue.Item(q.Item)
	return []*catalog.Item{item}, err
}

// citywide says that it does not matter where the person lives.
func (w want) citywide() bool {
	return !slices.ContainsFunc(w.items, func(i *catalog.Item) bool { return !i.Citywide })
}

// minutes is how long a window is taken.
func (w want) minutes() (sum int) {
	for _, i := range w.items {
		sum += i.WindowMinutes
	}
	return sum
}

// takes is how long one person takes a window.
func (w want) takes() time.Duration { return time.Duration(w.minutes()) * time.Minute }

// cells is how many cells of the grid one person takes.
func (w want) cells() int {
	cell := int(appointment.Cell / time.Minute)
	return (w.minutes() + cell - 1) / cell
}

// online says that nobody need go anywhere.
func (w want) online() bool {
	return !slices.ContainsFunc(w.items, func(i *catalog.Item) bool { return !i.Online })
}

// among are the offices that may take all of it from this person: what
// city.Edition.Takes says of each, as sets.
func (s *sheet) among(w want) circle.Mask {
	all := s.taking(w.items[0])
	for _, i := range w.items[1:] {
		all = all.And(s.taking(i))
	}
	if w.home == "" || w.citywide() {
		return all
	}
	return all.And(s.serving(w.home))
}

// taking are the offices that may take an item from somebody.
func (s *sheet) taking(item *catalog.Item) circle.Mask {
	return s.mask(item.Code, func(o *place.Office) bool { return s.edition.Takes(item, o, "") })
}

// serving are the offices in whose area a division lies.
func (s *sheet) serving(home place.DivisionCode) circle.Mask {
	if _, err := s.edition.Places.Division(home); err != nil {
		home = "" // it is no longer one of the city's: nobody is turned away
	}
	return s.mask(home, func(o *place.Office) bool { return s.edition.Serves(o, home) })
}

// mask is the set of offices that take says yes to, drawn once for a key.
func (s *sheet) mask(key any, take func(*place.Office) bool) circle.Mask {
	if m, ok := s.masks.Load(key); ok {
		return m.(circle.Mask)
	}
	m := s.atlas.Mask(func(code string) bool {
		o, err := s.edition.Places.Office(place.OfficeCode(code))
		return err == nil && take(o)
	})
	s.masks.Store(key, m)
	return m
}
