package appointment

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Free tells in which cells of so many days from a date on another visit of
// one cell can start at an office: bit i%64 of word i/64 stands for the i-th
// cell. It is what a board of all offices is filled from. Errors:
// place.ErrNoOffice.
func (d *Desk) Free(ctx context.Context, office place.OfficeCode, from workday.Date, days int) ([]uint64, error) {
	edition, err := d.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	o, err := edition.Places.Office(office)
	if err != nil {
		return nil, err
	}
	now := d.Now()
	taken, err := d.taken(ctx, office, from, days, now)
	if err != nil {
		return nil, err
	}
	free := make([]uint64, (days*cellsPerDay+63)/64)
	v := visit{office: o, people: 1, need: 1, capacity: d.Rules.Capacity(o.Windows)}
	for i := range days {
		for _, s := range d.day(v, from.AddDays(i), taken[i*cellsPerDay:][:cellsPerDay], now).Slots {
			if cell := int(s.StartsAt.Sub(from.Time()) / Cell); s.Free > 0 {
				free[cell>>6] |= 1 << (cell & 63)
			}
		}
	}
	return free, nil
}
