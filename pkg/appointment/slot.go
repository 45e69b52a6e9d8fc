package appointment

import (
	"context"
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Slot is a time at which a visit can start (号源). It lasts as long as the
// item needs for these people.
type Slot struct {
	StartsAt, EndsAt time.Time
	Free             int // how many more can start then; 0 = full
}

// Day is what can be booked on a date.
type Day struct {
	Date        workday.Date
	Open        bool   // whether there are slots, full ones among them
	Why         string // why there is nothing to book; "" when there is
	Provisional bool   // the holidays of that year are not arranged yet
	Slots       []Slot // earliest first
}

// DaysMost bounds how many days can be asked for at once.
const DaysMost = 31

// ErrDays refuses a range of days.
var ErrDays = fault.New(fault.Invalid, "appointment.days", "一次最多查询31天，请缩小日期范围")

// Days tells what can be booked from a date on; the zero date is today.
// Errors: ErrDays, and those of an office or item that cannot be booked.
func (d *Desk) Days(ctx context.Context, w Wish, from workday.Date, days int) ([]Day, error) {
	if days < 1 || days > DaysMost {
		return nil, ErrDays
	}
	v, err := d.visit(ctx, w, Online)
	if err != nil {
		return nil, err
	}
	now := d.Now()
	if from.IsZero() {
		from = workday.DateOf(now)
	}
	taken, err := d.tally(ctx, w.Office, from, days, now)
	if err != nil {
		return nil, err
	}
	if err := d.countLimited(ctx, v, taken, days, now); err != nil {
		return nil, err
	}
	list := make([]Day, days)
	for i := range list {
		list[i] = d.day(v, from.AddDays(i), taken, now)
	}
	return list, nil
}

// day tells what can be booked on a date.
func (d *Desk) day(v visit, date workday.Date, taken *tally, now time.Time) Day {
	day := Day{Date: date}
	switch {
	case date.Before(workday.DateOf(now)):
		day.Why = "日期已过"
		return day
	case date.After(v.rules.last(now)):
		day.Why = v.notReleased(date)
		return day
	}
	day.Provisional = d.Calendar.Day(date).Provisional
	sessions, why := d.sessions(v, date)
	if why == "" {
		why = d.heldBack(v, date)
	}
	if why != "" {
		day.Why = why
		return day
	}
	for _, s := range sessions {
		day.Slots = append(day.Slots, v.slots(date, s, taken, now.Add(v.rules.Lead))...)
	}
	day.Open = len(day.Slots) > 0
	day.Why = whyNone(v, sessions, day.Slots)
	return day
}

func (v visit) slots(date workday.Date, s place.Session, taken *tally, earliest time.Time) (slots []Slot) {
	midnight, quota := date.Time(), v.quota(s, date)
	for cell := range starts([]place.Session{s}, v.need) {
		at := midnight.Add(time.Duration(cell) * Cell)
		if at.Before(earliest) {
			continue
		}
		to := at.Add(v.length())
		free := taken.free(v.adds, quota, v.named(at, to), taken.cell(at), v.need)
		slots = append(slots, Slot{at, to, free})
	}
	return slots
}

// heldBack says in Chinese that a date's seats are released later, at one
// second for everybody, or "".
func (d *Desk) heldBack(v visit, date workday.Date) string {
	if d.Gate == nil {
		return ""
	}
	for _, item := range v.items {
		if at := d.Gate.ClosedUntil(v.office.Code, catalog.ItemCode(item), date.Time()); !at.IsZero() {
			return "这一天的号源将于" + timeWords(at) + "集中放出，请届时进入等候室"
		}
	}
	return ""
}

// freeAt is how many more can start then.
func (d *Desk) freeAt(ctx context.Context, v visit, at time.Time) (int, error) {
	now := d.Now()
	taken, err := d.tally(ctx, v.office.Code, workday.DateOf(at), 1, now)
	if err != nil {
		return 0, err
	}
	if err := d.countLimited(ctx, v, taken, 1, now); err != nil {
		return 0, err
	}
	return d.freeOf(v, at, taken), nil
}

// freeOf is how many more can start then, where so much is taken.
func (d *Desk) freeOf(v visit, at time.Time, taken *tally) int {
	date := workday.DateOf(at)
	sessions, _ := d.sessions(v, date)
	s, ok := sessionOf(sessions, v.need, at.Sub(date.Time()))
	if !ok {
		return 0
	}
	return taken.free(v.adds, v.quota(s, date), v.named(at, at.Add(v.length())), taken.cell(at), v.need)
}

// whyNone says in Chinese why an open day has nothing to book, or "".
func whyNone(v visit, sessions []place.Session, slots []Slot) string {
	for _, s := range slots {
		if s.Free > 0 {
			return ""
		}
	}
	if len(slots) > 0 {
		return "当天已约满"
	}
	for range starts(sessions, v.need) {
		return "当天的预约时段已过"
	}
	return fmt.Sprintf("需要连续%d分钟，超过当天的开放时段，请减少人数", v.need*cellMinutes)
}
