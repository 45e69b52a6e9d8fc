package rating

import (
	"context"
	"slices"
	"strings"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ErrSpan refuses figures for no time or too much of it.
var ErrSpan = fault.New(fault.Invalid, "rating.span", "统计的起止日期有误，请选择一年以内的时段")

// Tally counts the ratings of one office and item with one grade.
type Tally struct {
	Office                  place.OfficeCode
	Item                    catalog.ItemCode
	Grade                   Grade
	Count, Replied, Overdue int
}

// Figure is what managers read about an office or an item.
type Figure struct {
	Of      string // an office's or an item's code
	Grades  [5]int // how many of each grade, from 1
	Count   int
	Mean    int // of the grades, in hundredths
	Bad     int
	Replied int // of the bad ones
	Overdue int // of the bad ones, not answered in time
}

// Figures are those of a span, by office and by item, the worst first.
type Figures struct {
	All       Figure
	ByOffice  []Figure
	ByItem    []Figure
	From, Til workday.Date // both days included
}

// Figures counts the ratings of some days, of a manager's office or, for who
// watches over the city, of all. Error: ErrSpan.
func (b *Box) Figures(ctx context.Context, m staff.Member, from, til workday.Date) (f Figures, err error) {
	if from.IsZero() || til.IsZero() || til.Before(from) || til.DaysSince(from) > 366 {
		return f, ErrSpan
	}
	list, err := b.Store.Tallies(ctx, within(m), from.Time(), til.AddDays(1).Time())
	if err != nil {
		return f, err
	}
	f = summed(list)
	f.From, f.Til = from, til
	return f, nil
}

func summed(list []Tally) (f Figures) {
	offices, items := map[string]*Figure{}, map[string]*Figure{}
	for _, t := range list {
		for _, one := range []*Figure{&f.All, at(offices, string(t.Office)), at(items, string(t.Item))} {
			one.add(t)
		}
	}
	f.All.close()
	f.ByOffice, f.ByItem = sorted(offices), sorted(items)
	return f
}

func at(all map[string]*Figure, of string) *Figure {
	if all[of] == nil {
		all[of] = &Figure{Of: of}
	}
	return all[of]
}

func (f *Figure) add(t Tally) {
	f.Grades[t.Grade-VeryPoor] += t.Count
	f.Count += t.Count
	if t.Grade.Bad() {
		f.Bad += t.Count
		f.Replied += t.Replied
		f.Overdue += t.Overdue
	}
}

func (f *Figure) close() {
	sum := 0
	for i, n := range f.Grades {
		sum += (i + 1) * n
	}
	if f.Count > 0 {
		f.Mean = (sum*100 + f.Count/2) / f.Count
	}
}

func sorted(all map[string]*Figure) []Figure {
	list := make([]Figure, 0, len(all))
	for _, f := range all {
		f.close()
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b Figure) int {
		if a.Mean != b.Mean {
			return a.Mean - b.Mean
		}
		return strings.Compare(a.Of, b.Of)
	})
	return list
}
