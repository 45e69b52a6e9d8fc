package nearby

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// sheet is the atlas of one day, drawn from one edition and one road index.
type sheet struct {
	edition *city.Edition
	index   *road.Index
	day     workday.Date
	plans   int64 // the version of the offices' plans
	atlas   *circle.Atlas
	roads   *road.Map // nil by straight line
	travel  circle.TravelTime
	board   *circle.Board
	masks   sync.Map // catalog.ItemCode or place.DivisionCode → circle.Mask
}

// The days that are drawn: opening hours past the longest holiday, and slots as
// far as they are given out.
const (
	doorDays = 31
	slotDays = 14
)

// current is the sheet of now. Whoever finds it out of date draws the next;
// the others wait.
func (g *Guide) current(ctx context.Context) (*sheet, error) {
	e, err := g.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	index, day, plans := g.index(), workday.DateOf(g.Now()), g.plans.Load()
	if s := g.sheet.Load(); s.fits(e, index, day, plans) {
		return s, nil
	}
	g.drawing.Lock()
	defer g.drawing.Unlock()
	old := g.sheet.Load()
	if old.fits(e, index, day, plans) {
		return old, nil
	}
	s, err := g.draw(ctx, e, index, day, old)
	if err != nil {
		return nil, err
	}
	s.plans = plans
	if err := g.post(ctx, s); err != nil {
		return nil, err
	}
	g.sheet.Store(s)
	return s, nil
}

func (s *sheet) fits(e *city.Edition, index *road.Index, day workday.Date, plans int64) bool {
	return s != nil && s.edition == e && s.index == index && s.day == day && s.plans == plans
}

func (g *Guide) index() *road.Index {
	if g.Roads == nil {
		return nil
	}
	return g.Roads()
}

func (g *Guide) draw(ctx context.Context, e *city.Edition, index *road.Index, day workday.Date, old *sheet) (*sheet, error) {
	s := &sheet{edition: e, index: index, day: day, travel: circle.Straight{}}
	offices, err := g.offices(ctx, e.Places.Offices(), day)
	if err != nil {
		return nil, err
	}
	var numbers []int32
	if index == nil {
		s.atlas = circle.NewAtlas(offices, nil, nil, circle.DefaultWeights)
	} else {
		s.roads = index.NewMap(stops(offices), old.known())
		s.travel, numbers = s.roads, s.roads.Numbers
		s.atlas = circle.NewAtlas(offices, s.roads, numbers, circle.DefaultWeights)
	}
	s.board = circle.NewBoard(s.atlas.Size(), day.Time(), appointment.Cell)
	return s, nil
}

func (s *sheet) known() *road.Map {
	if s == nil {
		return nil
	}
	return s.roads
}

func stops(offices []circle.Office) []circle.Stop {
	list := make([]circle.Stop, len(offices))
	for i, o := range offices {
		list[i] = o.Stop
	}
	return list
}

// offices are as the atlas knows them. Those that are open at the same times
// share a schedule.
func (g *Guide) offices(ctx context.Context, all []*place.Office, day workday.Date) ([]circle.Office, error) {
	schedules := map[string]*circle.Schedule{}
	list := make([]circle.Office, len(all))
	for i, o := range all {
		days, err := g.openings(ctx, o, day)
		if err != nil {
			return nil, err
		}
		times := fmt.Sprint(days)
		if schedules[times] == nil {
			schedules[times] = circle.NewSchedule(day.Time(), doorDays, spans(days, day))
		}
		list[i] = circle.Office{
			Stop:  circle.Stop{Code: string(o.Code), At: o.Position},
			Doors: schedules[times], Windows: o.Windows, SelfService: o.SelfService24h,
		}
	}
	return list, nil
}

// openings are an office's sessions, day by day.
func (g *Guide) openings(ctx context.Context, o *place.Office, day workday.Date) ([][]place.Session, error) {
	if g.Times != nil {
		return g.Times.Openings(ctx, o, day, doorDays)
	}
	list := make([][]place.Session, doorDays)
	for i := range list {
		list[i], _ = o.Hours.Opening(g.Calendar.Day(day.AddDays(i)))
	}
	return list, nil
}

func spans(days [][]place.Session, from workday.Date) (list []circle.Span) {
	for i, sessions := range days {
		date := from.AddDays(i)
		for _, s := range sessions {
			from, to := s.At(date)
			list = append(list, circle.Span{From: from, To: to})
		}
	}
	return list
}

// Refresh brings the board up to date; call it every few seconds.
func (g *Guide) Refresh(ctx context.Context) error {
	if g.Times != nil {
		n, err := g.Times.PlansVersion(ctx)
		if err != nil {
			return err
		}
		g.plans.Store(n)
	}
	s, err := g.current(ctx)
	if err != nil {
		return err
	}
	return g.post(ctx, s)
}

// post writes every office's free slots and its wait on the board.
func (g *Guide) post(ctx context.Context, s *sheet) error {
	waits := map[place.OfficeCode]time.Duration{}
	if g.Queues != nil {
		var err error
		if waits, err = g.Queues.Waits(ctx); err != nil {
			return err
		}
	}
	var err error
	s.atlas.Offices(func(number int32, o circle.Office) {
		if err != nil {
			return
		}
		wait, known := waits[place.OfficeCode(o.Code)]
		if !known {
			wait = unknownWait
		}
		s.board.ShowWait(number, wait)
		var free []uint64
		if free, err = g.Slots.Free(ctx, place.OfficeCode(o.Code), s.day, slotDays); err == nil {
			s.board.ShowFree(number, free)
		}
	})
	return err
}

// unknownWait is of an office whose queue is not in use.
const unknownWait = -1

func (s *sheet) offers(ranked []circle.Ranked, asked time.Time, zones bool) []Offer {
	offers := make([]Offer, len(ranked))
	for i, r := range ranked {
		o, _ := s.edition.Places.Office(place.OfficeCode(r.Office))
		offers[i] = Offer{Office: o, Ranked: r, asked: asked, zone: zones}
	}
	return offers
}
