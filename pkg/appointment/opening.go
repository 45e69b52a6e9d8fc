package appointment

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Opening gives the sessions in which an office is open on a day, or why it is
// not: weekly hours, holidays, and what the office has said beside them.
func (d *Desk) Opening(ctx context.Context, o *place.Office, date workday.Date) (sessions []place.Session, why string, err error) {
	p, err := d.plan(ctx, o.Code)
	if err != nil {
		return nil, "", err
	}
	sessions, why = p.Times.Opening(o.Hours, d.Calendar.Day(date))
	return sessions, why, nil
}

// Openings gives the sessions of so many days from a date on.
func (d *Desk) Openings(ctx context.Context, o *place.Office, from workday.Date, days int) ([][]place.Session, error) {
	p, err := d.plan(ctx, o.Code)
	if err != nil {
		return nil, err
	}
	list := make([][]place.Session, days)
	for i := range list {
		list[i], _ = p.Times.Opening(o.Hours, d.Calendar.Day(from.AddDays(i)))
	}
	return list, nil
}

// PlansVersion counts the changes of every office's plan.
func (d *Desk) PlansVersion(ctx context.Context) (int64, error) { return d.Store.PlansVersion(ctx) }
