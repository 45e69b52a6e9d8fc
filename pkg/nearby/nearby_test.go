package nearby_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/coverage"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/nearby"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// shelf holds the sample city.
type shelf struct{ edition *city.Edition }

func (s *shelf) Current(context.Context) (*city.Edition, error)      { return s.edition, nil }
func (s *shelf) Edition(context.Context, int) (*city.Edition, error) { return s.edition, nil }

// afternoon has free slots from 15:00 to 17:30 every day.
type afternoon struct{}

func (afternoon) Free(_ context.Context, _ place.OfficeCode, _ workday.Date, days int) ([]uint64, error) {
	free := make([]uint64, (days*96+63)/64)
	for i := range days * 96 {
		if cell := i % 96; cell >= 60 && cell < 70 {
			free[i>>6] |= 1 << (i & 63)
		}
	}
	return free, nil
}

const item = catalog.ItemCode("HJ-0001")

type town struct {
	guide *nearby.Guide
	shelf *shelf
	now   time.Time
	roads *road.Index
}

func open(t *testing.T) *town {
	t.Helper()
	e, err := city.Read(foshan.Files)
	require.NoError(t, err)
	w := &town{shelf: &shelf{e}, now: time.Date(2026, 11, 23, 9, 0, 0, 0, workday.Zone)}
	w.guide = &nearby.Guide{
		City: w.shelf, Calendar: workday.NewCalendar(), Slots: afternoon{}, Roads: func() *road.Index { return w.roads },
		Now: func() time.Time { return w.now },
	}
	return w
}

func (w *town) ask(t *testing.T, change func(*nearby.Question)) nearby.Answer {
	t.Helper()
	a, err := w.try(change)
	require.NoError(t, err)
	return a
}

// try asks from beside an office that takes the item.
func (w *town) try(change func(*nearby.Question)) (nearby.Answer, error) {
	q := nearby.Question{Item: item, At: w.beside().Position, Datum: circle.WGS84, By: circle.Walk, Minutes: 15}
	if change != nil {
		change(&q)
	}
	return w.guide.Ask(context.Background(), q)
}

func (w *town) beside() *place.Office {
	i, _ := w.shelf.edition.Catalogue.Item(item)
	for _, o := range w.shelf.edition.Places.Offices() {
		if i.AcceptableAt(o.Level) {
			return o
		}
	}
	panic("nobody takes the item")
}

func TestTheOfficeNextDoorComesFirstWithItsReason(t *testing.T) {
	w := open(t)
	a := w.ask(t, nil)
	require.Equal(t, w.beside().Code, a.Offers[0].Office.Code)
	require.Equal(t, circle.Inside, a.Offers[0].Place)
	require.Equal(t, "步行约 0 分钟（按直线估算），到时仍在办公，最早 15:00 有号", why(a.Offers[0]))
	require.Equal(t, circle.ModelStraight, a.Model)
	require.Empty(t, a.Attribution)
}

func TestOnlyOfficesThatTakeTheItemAreOffered(t *testing.T) {
	w := open(t)
	for _, i := range w.shelf.edition.Catalogue.Items()[:40] {
		a := w.ask(t, func(q *nearby.Question) { q.Item, q.By, q.Minutes = i.Code, circle.Car, 30 })
		for _, o := range a.Offers {
			require.True(t, i.AcceptableAt(o.Office.Level), "%s at %s", i.Code, o.Office.Name)
		}
		require.Equal(t, i.Online, a.Online)
	}
}

func TestBothDatumsMeanTheSamePlace(t *testing.T) {
	w := open(t)
	a := w.ask(t, func(q *nearby.Question) { q.At, q.Datum = circle.ToGCJ02(q.At), circle.GCJ02 })
	require.Equal(t, w.beside().Code, a.Offers[0].Office.Code)
	require.LessOrEqual(t, a.Offers[0].Travel.Seconds, 1)
}

func TestAtNightOneIsToldWhenTheDoorOpens(t *testing.T) {
	w := open(t)
	w.now = time.Date(2026, 11, 27, 20, 0, 0, 0, workday.Zone) // a Friday
	a := w.ask(t, func(q *nearby.Question) { q.By = circle.Car })
	require.Equal(t, circle.Closed, a.Offers[0].Place)
	require.Contains(t, why(a.Offers[0]), "到时不办公")
	require.False(t, a.Offers[0].OpensAt.IsZero())

	later := w.ask(t, func(q *nearby.Question) { q.When = time.Date(2026, 11, 30, 10, 0, 0, 0, workday.Zone) })
	require.Equal(t, circle.Inside, later.Offers[0].Place)
	require.Negative(t, later.Offers[0].Wait, "today's queues are not those of Monday")
}

func TestOnAHolidayNobodyIsSentAnywhere(t *testing.T) {
	w := open(t)
	w.now = time.Date(2026, 10, 1, 10, 0, 0, 0, workday.Zone)
	require.Equal(t, circle.Closed, w.ask(t, nil).Offers[0].Place)
}

func TestNewRoadsAndANewEditionCountAtOnce(t *testing.T) {
	w := open(t)
	require.Equal(t, circle.ModelStraight, w.ask(t, nil).Model)

	at := w.beside().Position
	network := &road.Network{
		Nodes: []road.Node{{At: at}, {At: place.Position{Lng: at.Lng + 0.02, Lat: at.Lat}}},
		Ways:  []road.Way{{Nodes: []int32{0, 1}, Ahead: 1, Back: 1}},
	}
	graph, _, err := road.NewGraph(network, road.Manners{BackAlways: true})
	require.NoError(t, err)
	w.roads = &road.Index{Blocks: []*road.Block{road.NewBlock(road.Graphs{circle.Walk: graph}, nil)}}
	a := w.ask(t, func(q *nearby.Question) { q.At.Lng += 0.005 })
	require.Equal(t, circle.ModelRoad, a.Model)
	require.Equal(t, road.Attribution, a.Attribution)
	require.InDelta(t, 512, a.Offers[0].Travel.Seconds, 10)

	fresh, err := city.Read(foshan.Files)
	require.NoError(t, err)
	w.shelf.edition = fresh
	o, err := fresh.Places.Office(w.ask(t, nil).Offers[0].Office.Code)
	require.NoError(t, err)
	require.Same(t, o, w.ask(t, nil).Offers[0].Office)
}

func TestABadQuestionIsTold(t *testing.T) {
	w := open(t)
	for name, c := range map[string]struct {
		change func(*nearby.Question)
		want   error
	}{
		"item":    {func(q *nearby.Question) { q.Item = "NOPE" }, catalog.ErrNoItem},
		"mode":    {func(q *nearby.Question) { q.By = 7 }, circle.ErrUnknownMode},
		"minutes": {func(q *nearby.Question) { q.Minutes = 100_000 }, circle.ErrMinutes},
		"datum":   {func(q *nearby.Question) { q.Datum = "bd09" }, circle.ErrDatum},
		"NaN":     {func(q *nearby.Question) { q.At.Lng = math.NaN() }, circle.ErrPosition},
		"swapped": {func(q *nearby.Question) { q.At = place.Position{Lng: q.At.Lat, Lat: q.At.Lng} }, circle.ErrSwapped},
		"Beijing": {func(q *nearby.Question) { q.At = place.Position{Lng: 116.4, Lat: 39.9} }, circle.ErrOutside},
		"past":    {func(q *nearby.Question) { q.When = w.now.AddDate(0, 0, -2) }, circle.ErrWhen},
	} {
		_, err := w.try(c.change)
		require.ErrorIs(t, err, c.want, name)
	}
}

// slow is an engine that is down.
type down struct{}

func (down) Times(context.Context, place.Position, circle.Mode, []circle.Stop) ([]circle.Estimate, error) {
	return nil, circle.ErrTravel
}

func TestAnEngineThatIsDownIsStoodInFor(t *testing.T) {
	w := open(t)
	w.guide.Engine = down{}
	a := w.ask(t, nil)
	require.Equal(t, circle.ModelStraight, a.Model)
	require.Equal(t, w.beside().Code, a.Offers[0].Office.Code)
}

func TestTheLastReportIsKept(t *testing.T) {
	w := open(t)
	p := &nearby.Planner{
		City: w.shelf, Roads: w.guide.Roads, Now: w.guide.Now,
		Residents: func() ([]coverage.Resident, error) { return nil, nil },
	}
	first, err := p.Report(context.Background(), item, circle.Car)
	require.NoError(t, err)
	again, err := p.Report(context.Background(), item, circle.Car)
	require.NoError(t, err)
	require.Same(t, first, again)
	require.Len(t, first.Districts, 5)
	_, err = p.Report(context.Background(), "NOPE", circle.Car)
	require.ErrorIs(t, err, catalog.ErrNoItem)
}

func why(o nearby.Offer) string { return string(o.AppendWhy(nil)) }
