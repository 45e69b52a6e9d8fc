package nearby

import (
	"context"
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
	index, day := g.index(), workday.DateOf(g.Now())
	if s := g.sheet.Load(); s.fits(e, index, day) {
		return s, nil
	}
	g.drawing.Lock()
	defer g.drawing.Unlock()
	old := g.sheet.Load()
	if old.fits(e, index, day) {
		return old, nil
	}
	s := g.draw(e, index, day, old)
	if err := g.post(ctx, s); err != nil {
		return nil, err
	}
	g.sheet.Store(s)
	return s, nil
}

func (s *sheet) fits(e *city.Edition, index *road.Index, day workday.Date) bool {
	return s != nil && s.edition == e && s.index == index && s.day == day
}

func (g *Guide) index() *road.Index {
	if g.Roads == nil {
		return nil
	}
	return g.Roads()
}

func (g *Guide) draw(e *city.Edition, index *road.Index, day workday.Date, old *sheet) *sheet {
	s := &sheet{edition: e, index: index, day: day, travel: circle.Straight{}}
	offices := g.offices(e.Places.Offices(), day)
	var numbers []int32
	if index == nil {
		s.atlas = circle.NewAtlas(offices, nil, nil, circle.DefaultWeights)
	} else {
		s.roads = index.NewMap(stops(offices), old.known())
		s.travel, numbers = s.roads, s.roads.Numbers
		s.atlas = circle.NewAtlas(offices, s.roads, numbers, circle.DefaultWeights)
	}
	s.board = circle.NewBoard(s.atlas.Size(), day.Time(), appointment.Cell)
	return s
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

// offices are as the atlas knows them. Those with the same hours share a
// schedule.
func (g *Guide) offices(all []*place.Office, day workday.Date) []circle.Office {
	schedules := map[string]*circle.Schedule{}
	list := make([]circle.Office, len(all))
	for i, o := range all {
		hours := o.Hours.String()
		if schedules[hours] == nil {
			schedules[hours] = circle.NewSchedule(day.Time(), doorDays, g.spans(o.Hours, day))
		}
		list[i] = circle.Office{
			Stop:  circle.Stop{Code: string(o.Code), At: o.Position},
			Doors: schedules[hours], Windows: o.Windows, SelfService: o.SelfService24h,
		}
	}
	return list
}

func (g *Guide) spans(h place.Hours, day workday.Date) (spans []circle.Span) {
	for i := range doorDays {
		date := day.AddDays(i)
		sessions, _ := h.Opening(g.Calendar.Day(date))
		for _, s := range sessions {
			from, to := s.At(date)
			spans = append(spans, circle.Span{From: from, To: to})
		}
	}
	return spans
}

// Refresh brings the board up to date; call it every few seconds.
func (g *Guide) Refresh(ctx context.Context) error {
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
