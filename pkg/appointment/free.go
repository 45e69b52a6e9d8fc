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
	v, err := d.anyVisit(ctx, office)
	if err != nil {
		return nil, err
	}
	now := d.Now()
	t, err := d.tally(ctx, office, from, days, now)
	if err != nil {
		return nil, err
	}
	free := make([]uint64, (days*cellsPerDay+63)/64)
	for i := range days {
		for _, s := range d.day(v, from.AddDays(i), t, now).Slots {
			if cell := int(s.StartsAt.Sub(from.Time()) / Cell); s.Free > 0 {
				free[cell>>6] |= 1 << (cell & 63)
			}
		}
	}
	return free, nil
}

// anyVisit is a visit of one cell for nothing in particular.
func (d *Desk) anyVisit(ctx context.Context, office place.OfficeCode) (v visit, err error) {
	edition, err := d.City.Current(ctx)
	if err != nil {
		return v, err
	}
	if v.office, err = edition.Places.Office(office); err != nil {
		return v, err
	}
	if v.plan, err = d.plan(ctx, office); err != nil {
		return v, err
	}
	v.claimed = Claim{Office: office, Channel: Online}
	v.people, v.need, v.adds, v.rules = 1, 1, v.claimed.Seat(), v.plan.rules(d.Rules)
	return v, nil
}
