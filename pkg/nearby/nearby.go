// Package nearby (就近办) decides which offices are offered to a person who
// asks "where can I do this, now, near me", in which order, and why.
package nearby

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/citizen"
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

// Times tells when offices are open; *appointment.Desk does.
type Times interface {
	// Openings gives the sessions of so many days from a date on.
	Openings(ctx context.Context, o *place.Office, from workday.Date, days int) ([][]place.Session, error)
	// PlansVersion counts the changes of what Openings says.
	PlansVersion(ctx context.Context) (int64, error)
}

// Queues tells how long one waits at an office; *queue.Hall does.
type Queues interface {
	// Waits tells, for each office whose queue is in use today, how long somebody
	// who takes a ticket now has to wait; negative where that is not known.
	Waits(ctx context.Context) (map[place.OfficeCode]time.Duration, error)
}

// Guide answers where to go. Before its first answer of a day, and after a new
// edition or new roads, it takes a moment to draw its atlas.
type Guide struct {
	City     city.Shelf
	Calendar *workday.Calendar
	Slots    Slots
	Times    Times              // nil = weekly hours and holidays alone
	Homes    Homes              // nil = nobody's home is known
	Queues   Queues             // nil = no wait is known
	Releases Releases           // nil = nothing is held back
	Roads    func() *road.Index // nil, or nil from it: straight lines serve
	Engine   circle.TravelTime  // asked before the roads; nil = none
	Now      func() time.Time

	sheet   atomic.Pointer[sheet]
	plans   atomic.Int64 // PlansVersion as last looked up
	drawing sync.Mutex
}

// Homes tells where those live for whom somebody asks; *casework.Counter does.
type Homes interface {
	// HomeOf is the home of who asks, or of the principal for whom they may act
	// in the item ("" = themselves); "" = not known.
	// Errors: citizen.ErrNotAgent.
	HomeOf(ctx context.Context, who, principal citizen.ID, item catalog.ItemCode) (place.DivisionCode, error)
}

// Question is where a person stands and what they want.
type Question struct {
	Item     catalog.ItemCode
	Theme    catalog.ThemeCode  // instead of an item: who takes all of it in one visit
	Each     bool               // of a theme: tell for each item too who takes it
	Who      citizen.ID         // who asks; "" = anybody
	OnBehalf citizen.ID         // for whom; "" = themselves
	Division place.DivisionCode // where the thing stands that it is about; "" = where the person lives
	At       place.Position     // as the client sent it
	Datum    circle.Datum
	By       circle.Mode
	Minutes  int
	When     time.Time // when they set out; zero = now
	Most     int       // offers; 0 = circle.DefaultOffers
	Skip     int       // offers that were told before
}

// Offer is one office in its place in the order.
type Offer struct {
	Office *place.Office
	circle.Ranked
	asked time.Time
	zone  bool // the office's self-service zone is meant
}

// AppendWhy appends the reason for its place in the order, in Chinese.
func (o *Offer) AppendWhy(b []byte) []byte {
	if o.zone {
		return o.AppendZoneWords(b)
	}
	return o.AppendWords(b, o.asked)
}

// Answer is where to go. Online says that one need not go at all.
type Answer struct {
	Edition     *city.Edition // that the offices are of
	Offers      []Offer
	SelfService []Offer   // zones open round the clock, the nearest first
	More        bool      // there are more offers behind these
	Each        []ForItem // of a theme: item by item, where no office inside takes all, or it was asked for
	Online      bool
	Model       string
	Attribution string // to be shown with the answer; "" = none is needed
}

// ForItem is who takes one item of a theme.
type ForItem struct {
	Item   *catalog.Item
	Offers []Offer
	Online bool
}

// Ask returns the offices that may take the item, the best first. When none is
// inside the circle and open on arrival, the nearest others come, each marked.
// Errors: those of the item or theme, the division, the position, its datum, the mode, the minutes
// and the time.
func (g *Guide) Ask(ctx context.Context, q Question) (Answer, error) {
	s, err := g.current(ctx)
	if err != nil {
		return Answer{}, err
	}
	w, err := g.want(ctx, s, q)
	if err != nil {
		return Answer{}, err
	}
	asked, err := g.question(s, w, q)
	if err != nil {
		return Answer{}, err
	}
	a, err := g.told(ctx, s, w, asked)
	if err != nil || q.Theme == "" || !q.Each && a.inside() {
		return a, err
	}
	a.Each, err = g.each(ctx, s, w, asked)
	return a, err
}

// told answers for all that is wanted together.
func (g *Guide) told(ctx context.Context, s *sheet, w want, asked circle.Question) (Answer, error) {
	prospects := s.board.For(w.cells())
	if g.Releases != nil {
		prospects = released{prospects, s.atlas, w.items, g.Releases}
	}
	found, err := g.answer(ctx, s, asked, prospects)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{
		Edition: s.edition, Offers: s.offers(found.Offers, asked.At, false), More: found.More, SelfService: s.offers(found.SelfService, asked.At, true),
		Online: w.online(), Model: found.Model,
	}
	if found.Model == circle.ModelRoad {
		a.Attribution = road.Attribution
	}
	return a, nil
}

// inside says whether an office in the circle was found.
func (a Answer) inside() bool { return len(a.Offers) > 0 && a.Offers[0].Place == circle.Inside }

// eachMost is how many offices are told for each item of a theme.
const eachMost = 3

// each answers for every item of a theme by itself.
func (g *Guide) each(ctx context.Context, s *sheet, w want, asked circle.Question) ([]ForItem, error) {
	list := make([]ForItem, len(w.items))
	for i, item := range w.items {
		one := want{w.items[i : i+1], w.home}
		q := asked
		q.Among, q.Takes, q.Most, q.Skip, q.Unsent = s.among(one), one.takes(), eachMost, 0, true
		a, err := g.told(ctx, s, one, q)
		if err != nil {
			return nil, err
		}
		list[i] = ForItem{Item: item, Offers: a.Offers, Online: a.Online}
	}
	return list, nil
}

func (g *Guide) question(s *sheet, w want, q Question) (circle.Question, error) {
	// Before the conversion: it must not be asked about the middle of nowhere.
	if err := circle.CheckPosition(q.At, s.atlas.Box()); err != nil {
		return circle.Question{}, err
	}
	from, err := q.Datum.ToWGS84(q.At)
	if err != nil {
		return circle.Question{}, err
	}
	asked := circle.Question{
		From: from, By: q.By, Minutes: q.Minutes, At: q.When, Later: !q.When.IsZero(), Most: q.Most, Skip: q.Skip,
		Among: s.among(w), Takes: w.takes(),
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
