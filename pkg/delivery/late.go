package delivery

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// dueDays is how many working days after the decision the licence has to be in
// the right hands (行政许可法 Art. 44).
const dueDays = 10

// due is the last day in time; zero while nothing was decided.
func (d *Desk) due(decided time.Time) workday.Date {
	if decided.IsZero() {
		return workday.Date{}
	}
	return d.Calendar.Add(workday.DateOf(decided), dueDays)
}

// Owed is a granted case whose result is not in the right hands.
type Owed struct {
	Case, Number string
	Office       place.OfficeCode
	Person       citizen.ID
	Decided      time.Time
	DueOn        workday.Date
	Waybill      string // "" where there is none
	State        State  // of the waybill
}

// Late lists the office's cases whose result is late, the latest first, after a
// given case.
func (d *Desk) Late(ctx context.Context, by staff.Member, after string, most int) ([]Owed, error) {
	return d.late(ctx, by.Office, after, most)
}

// late asks the store for what may be late and leaves out what is not: the
// working days before a holiday are not those after it.
func (d *Desk) late(ctx context.Context, office place.OfficeCode, after string, most int) (list []Owed, err error) {
	today := workday.DateOf(d.Now())
	before := d.Calendar.Add(today, 1-dueDays).Time()
	found, err := d.Store.Undelivered(ctx, office, before, after, most)
	for _, o := range found {
		if o.DueOn = d.due(o.Decided); o.DueOn.Before(today) {
			list = append(list, o)
		}
	}
	return list, err
}

// sweepMost bounds one round of the sweep.
const sweepMost = 200

// lateAct is the act in a case's history.
const lateAct = "delivery_late"

// Sweep writes into the record of each case that its result is late, and tells
// the person, once. It returns how many.
func (d *Desk) Sweep(ctx context.Context) (warned int, err error) {
	for after := ""; ; {
		list, err := d.late(ctx, "", after, sweepMost)
		if err != nil || len(list) == 0 {
			return warned, err
		}
		n, err := d.warn(ctx, list)
		if warned += n; err != nil {
			return warned, err
		}
		after = list[len(list)-1].Case
	}
}

func (d *Desk) warn(ctx context.Context, list []Owed) (warned int, err error) {
	now := d.Now()
	err = d.Store.InTx(ctx, func(tx Tx) error {
		warned = 0
		for _, o := range list {
			first, err := tx.Warn(ctx, o.Case, now)
			if err != nil {
				return err
			}
			if !first {
				continue
			}
			warned++
			if err := told(ctx, tx, o, now); err != nil {
				return err
			}
		}
		return nil
	})
	return warned, err
}

func told(ctx context.Context, tx Tx, o Owed, now time.Time) error {
	if err := tx.LogCase(ctx, o.Case, lateAct, "system", "R-04", now); err != nil {
		return err
	}
	return tx.Tell(ctx, notify.Notice{To: o.Person, Kind: noticeLate, Subject: o.Case, Text: lateText, At: now})
}
