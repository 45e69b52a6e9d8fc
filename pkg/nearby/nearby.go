// Package nearby (就近办) decides which offices are offered to a person who
// asks "where can I do this, now, near me", in which order, and why.
package nearby

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Slots tells what is free at an office; *appointment.Desk does.
type Slots interface {
	// Free tells in which cells of so many days from a date on another visit
	// of one cell can start.
	Free(ctx context.Context, office place.OfficeCode, from workday.Date, days int) ([]uint64, error)
}

// Guide answers where to go. Before its first answer of a day, and after a new
// edition or new roads, it takes a moment to draw its atlas.
type Guide struct {
	City     city.Shelf
	Calendar *workday.Calendar
	Slots    Slots
	Roads    func() *road.Index // nil, or nil from it: straight lines serve
	Engine   circle.TravelTime  // asked before the roads; nil = none
	Now      func() time.Time

	sheet   atomic.Pointer[sheet]
	drawing sync.Mutex
}

// Question is where a person stands and what they want.
type Question struct {
	Item    catalog.ItemCode
	At      place.Position // as the client sent it
	Datum   circle.Datum
	By      circle.Mode
	Minutes int
	When    time.Time // when they set out; zero = now
	Most    int       // offers; 0 = circle.DefaultOffers
}

// Offer is one office in its place in the order.
type Offer struct {
	Office *place.Office
	circle.Ranked
	Why string // Chinese
}

// Answer is where to go. Online says that one need not go at all.
type Answer struct {
	Offers      []Offer
	SelfService []Offer // zones open round the clock, the nearest first
	Online      bool
	Model       string
	Attribution string // to be shown with the answer; "" = none is needed
}

// Ask returns the offices that may take the item, the best first. When none is
// inside the circle and open on arrival, the nearest others come, each marked.
// Errors: those of the item, the position, its datum, the mode, the minutes
// and the time.
func (g *Guide) Ask(ctx context.Context, q Question) (Answer, error) {
	s, err := g.current(ctx)
	if err != nil {
		return Answer{}, err
	}
	item, err := s.edition.Catalogue.Item(q.Item)
	if err != nil {
		return Answer{}, err
	}
	asked, err := g.question(s, item, q)
	if err != nil {
		return Answer{}, err
	}
	found, err := g.answer(ctx, s, asked, s.board.For(cellsOf(item)))
	if err != nil {
		return Answer{}, err
	}
	a := Answer{
		Offers: s.offers(found.Offers, asked.At), SelfService: s.zones(found.SelfService),
		Online: item.Online, Model: found.Model,
	}
	if found.Model == circle.ModelRoad {
		a.Attribution = road.Attribution
	}
	return a, nil
}

// cellsOf is how many cells of the grid the item takes one person.
func cellsOf(item *catalog.Item) int {
	return (item.WindowMinutes + int(appointment.Cell/time.Minute) - 1) / int(appointment.Cell/time.Minute)
}

func (g *Guide) question(s *sheet, item *catalog.Item, q Question) (circle.Question, error) {
	// Before the conversion: it must not be asked about the middle of nowhere.
	if err := circle.CheckPosition(q.At, s.atlas.Box()); err != nil {
		return circle.Question{}, err
	}
	from, err := q.Datum.ToWGS84(q.At)
	if err != nil {
		return circle.Question{}, err
	}
	asked := circle.Question{
		From: from, By: q.By, Minutes: q.Minutes, At: q.When, Later: !q.When.IsZero(), Most: q.Most,
		Among: s.taking(item), Takes: time.Duration(item.WindowMinutes) * time.Minute,
	}
	if !asked.Later {
		asked.At = g.Now()
	}
	return asked, nil
}

// answer asks the engine where there is one, which the map stands in for.
func (g *Guide) answer(ctx context.Context, s *sheet, q circle.Question, p circle.Prospects) (circle.Answer, error) {
	if g.Engine == nil {
		return s.atlas.Ask(q, p)
	}
	a, err := s.atlas.AskEngine(ctx, q, p, circle.Fallback{First: g.Engine, Then: s.travel})
	if errors.Is(err, circle.ErrTravel) {
		return s.atlas.Ask(q, p)
	}
	return a, err
}
