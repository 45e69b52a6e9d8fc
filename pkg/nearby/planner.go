package nearby

import (
	"context"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/coverage"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Planner tells planners how well an item is covered. A report takes seconds
// of every processor, so they are made one at a time and the last one is kept.
type Planner struct {
	City  city.Shelf
	Roads func() *road.Index // may give nil
	// Residents is the population grid in force, empty where there is none; the
	// same slice as long as it does not change.
	Residents func() ([]coverage.Resident, error)
	Now       func() time.Time

	making sync.Mutex
	last   *coverage.Report
	of     subject
}

// subject is what a report is about; the same subject has the same report.
type subject struct {
	edition *city.Edition
	index   *road.Index
	item    catalog.ItemCode
	by      circle.Mode
	grid    *coverage.Resident // the first of the population grid
}

// Report tells how well an item is covered by one mode. Errors:
// catalog.ErrNoItem, circle.ErrUnknownMode, coverage.ErrResidents.
func (p *Planner) Report(ctx context.Context, code catalog.ItemCode, by circle.Mode) (*coverage.Report, error) {
	e, err := p.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	item, err := e.Catalogue.Item(code)
	if err != nil {
		return nil, err
	}
	p.making.Lock()
	defer p.making.Unlock()
	residents, err := p.Residents()
	if err != nil {
		return nil, err
	}
	of := subject{e, p.Roads(), code, by, first(residents)}
	if p.last != nil && p.of == of {
		return p.last, nil
	}
	report, err := coverage.Plan{
		Title: coverage.Title(e.Places, item.Name), Places: e.Places, By: by, Index: of.index, Residents: residents, Made: p.Now(),
		Takes: func(o *place.Office) bool { return e.Takes(item, o, "") },
	}.Make()
	if err != nil {
		return nil, err
	}
	p.last, p.of = report, of
	return report, nil
}

func first(residents []coverage.Resident) *coverage.Resident {
	if len(residents) == 0 {
		return nil
	}
	return &residents[0]
}
