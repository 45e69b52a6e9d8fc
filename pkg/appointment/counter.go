package appointment

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Errors at the counter.
var (
	ErrNoCode   = fault.New(fault.NotFound, "appointment.no_code", "没有这个预约码，请核对后再输入")
	ErrOtherDay = fault.New(fault.Conflict, "appointment.other_day", "这个预约不在今天，请按预约日期到场")
	ErrTooEarly = fault.New(fault.Conflict, "appointment.too_early", "还没有到签到时间，请稍后再签到")
	ErrTooLate  = fault.New(fault.Conflict, "appointment.too_late", "今天的办理时间已经结束，请重新预约")
)

// CheckIn notes that somebody has come. An office checks in its own
// appointments, on their day, until it closes.
// Errors: ErrNoCode, and those of Arrive.
func (d *Desk) CheckIn(ctx context.Context, m staff.Member, code Code) (a Appointment, err error) {
	err = unchanged(func() error {
		was, err := d.ByCode(ctx, code)
		if err != nil {
			return err
		}
		return d.Store.InTx(ctx, func(tx Tx) (err error) {
			a, err = d.Arrive(ctx, tx, m.Office, was)
			return err
		})
	})
	return a, err
}

// mayCheckIn says whether it is the time to come. Errors: ErrOtherDay,
// ErrTooEarly, ErrTooLate.
func (d *Desk) mayCheckIn(a Appointment, v visit, now time.Time) error {
	from := a.StartsAt.Add(-d.Rules.EarlyCheckIn)
	switch date := workday.DateOf(a.StartsAt); {
	case workday.DateOf(now) != date:
		return ErrOtherDay.Saying("这个预约的日期是" + dateWords(a.StartsAt) + "，请按预约日期到场")
	case now.Before(from):
		return ErrTooEarly.Saying("还没有到签到时间，请在" + clockWords(from) + "以后签到")
	case !now.Before(d.closes(a, v, date)):
		return ErrTooLate
	}
	return nil
}

// closes is when the appointment's office closes on its day, and never before
// the appointment's own end: it keeps its time when hours change.
func (d *Desk) closes(a Appointment, v visit, date workday.Date) time.Time {
	var sessions []place.Session
	if v.office != nil {
		sessions, _ = d.sessions(v, date)
	}
	if at := closing(sessions, date); at.After(a.EndsAt) {
		return at
	}
	return a.EndsAt
}

// Today returns the appointments of the member's office on a date, earliest
// first, at most so many, after the one named by the cursor; the zero date is
// today. Error: ErrCursor.
func (d *Desk) Today(ctx context.Context, m staff.Member, date workday.Date, cursor ID, most int) ([]Appointment, error) {
	if date.IsZero() {
		date = workday.DateOf(d.Now())
	}
	mark, err := d.mark(ctx, cursor, func(a Appointment) bool {
		return a.Office == m.Office && workday.DateOf(a.StartsAt) == date
	})
	if err != nil {
		return nil, err
	}
	return d.Store.AppointmentsAt(ctx, m.Office, date.Time(), date.AddDays(1).Time(), mark, most)
}
