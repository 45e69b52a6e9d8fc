// Package nearby (就近办) decides which offices are offered to a person who
// asks "where can I do this, now, near me", in which order, and why.
package nearby

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Slots tells what can be booked at an office; *appointment.Desk does.
type Slots interface {
	Days(ctx context.Context, office place.OfficeCode, item catalog.ItemCode, people int, from workday.Date, days int) ([]appointment.Day, error)
}

// Guide answers where to go.
type Guide struct {
	City     city.Shelf
	Calendar *workday.Calendar
	Slots    Slots
	Travel   circle.TravelTime
	Now      func() time.Time
}

// Question is where a person stands and what they want.
type Question struct {
	Item    catalog.ItemCode
	At      place.Position // as the client sent it
	Datum   circle.Datum
	By      circle.Mode
	Minutes int
}

// Offer is one office in its place in the order.
type Offer struct {
	Office *place.Office
	circle.Ranked
	Why string // Chinese
}

// offersMost bounds an answer; nearer offices come first.
const offersMost = 20

// cityRim is how far outside the outermost office a position may still lie.
const cityRim = 20_000 // metres

// Ask returns the offices that may take the item, the best first. When none is
// inside the circle and open on arrival, the nearest others come, each marked.
// Errors: those of the item, the position, its datum and the minutes.
func (g *Guide) Ask(ctx context.Context, q Question) ([]Offer, error) {
	e, err := g.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	item, err := e.Catalogue.Item(q.Item)
	if err != nil {
		return nil, err
	}
	if err := circle.CheckMinutes(q.Minutes); err != nil {
		return nil, err
	}
	offices := e.Places.Offices()
	from, err := g.position(q, offices)
	if err != nil {
		return nil, err
	}
	near, err := g.reach(ctx, from, q.By, taking(offices, item))
	if err != nil {
		return nil, err
	}
	return g.rank(ctx, item, near, q)
}

// position converts and checks where the person stands.
func (g *Guide) position(q Question, offices []*place.Office) (place.Position, error) {
	var box circle.Box
	for _, o := range offices {
		box = box.With(o.Position)
	}
	box = box.Widen(cityRim)
	if err := circle.CheckPosition(q.At, box); err != nil {
		return place.Position{}, err
	}
	return q.Datum.ToWGS84(q.At)
}

// taking keeps the offices whose level accepts the item.
func taking(offices []*place.Office, item *catalog.Item) (list []*place.Office) {
	for _, o := range offices {
		if item.AcceptableAt(o.Level) {
			list = append(list, o)
		}
	}
	return list
}

// near is an office and the way there.
type near struct {
	office *place.Office
	travel circle.Estimate
}
