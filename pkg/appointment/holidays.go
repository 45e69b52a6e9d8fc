package appointment

import (
	"context"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// Arrange takes over an arrangement of holidays: for the years that it
// arranges in place of what was known, else day by day. It returns the
// appointments that a new holiday hits; their people are told and may move
// them.
func (d *Desk) Arrange(ctx context.Context, entries []workday.Entry) (hit []Appointment, err error) {
	edition, err := d.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	now := d.Now()
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.SaveArrangement(ctx, entries); err != nil {
			return err
		}
		if err := tx.BumpPlan(ctx, ""); err != nil {
			return err
		}
		days, err := tx.Arrangement(ctx)
		if err != nil {
			return err
		}
		d.Calendar.Arrange(days...)
		for _, day := range holidaysFrom(entries, workday.DateOf(now)) {
			offices, err := tx.OfficesOn(ctx, day.Time(), day.AddDays(1).Time())
			if err != nil {
				return err
			}
			for _, office := range offices {
				more, err := d.displace(ctx, tx, edition, office, day.Time(), day.AddDays(1).Time(), now)
				if err != nil {
					return err
				}
				hit = append(hit, more...)
			}
		}
		return nil
	})
	return hit, err
}

func holidaysFrom(entries []workday.Entry, first workday.Date) (days []workday.Date) {
	for _, e := range entries {
		if e.Kind == workday.Holiday && !e.Date.Before(first) {
			days = append(days, e.Date)
		}
	}
	slices.SortFunc(days, workday.Date.Compare)
	return days
}

// ReadHolidays takes over what another process has arranged; call it often.
func (d *Desk) ReadHolidays(ctx context.Context) error {
	version, err := d.Store.PlanVersion(ctx, "")
	if err != nil || d.arranged.Load() == version {
		return err
	}
	days, err := d.Store.Arrangement(ctx)
	if err != nil {
		return err
	}
	d.Calendar.Arrange(days...)
	d.arranged.Store(version)
	return nil
}

// ArrangedYears are the years of which the entries say the whole arrangement.
func ArrangedYears(entries []workday.Entry) (years []int) {
	for _, e := range entries {
		if e.Kind == workday.Holiday && e.Date.Month == time.October && e.Date.Day == 1 {
			years = append(years, e.Date.Year)
		}
	}
	return years
}
