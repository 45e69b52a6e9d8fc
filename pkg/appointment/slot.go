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
func (d *Desk) Days(ctx context.Context, office place.OfficeCode, item catalog.ItemCode, people int, from workday.Date, days int) ([]Day, error) {
	if days < 1 || days > DaysMost {
		return nil, ErrDays
	}
	v, err := d.visit(ctx, office, item, people)
	if err != nil {
		return nil, err
	}
	now := d.Now()
	if from.IsZero() {
		from = workday.DateOf(now)
	}
	taken, err := d.taken(ctx, office, from, days, now)
	if err != nil {
		return nil, err
	}
	list := make([]Day, days)
	for i := range list {
		list[i] = d.day(v, from.AddDays(i), taken[i*cellsPerDay:][:cellsPerDay], now)
	}
	return list, nil
}

// day tells what can be booked on a date of whose cells so much is taken.
func (d *Desk) day(v visit, date workday.Date, taken []int, now time.Time) Day {
	day := Day{Date: date}
	switch {
	case date.Before(workday.DateOf(now)):
		day.Why = "日期已过"
		return day
	case date.After(d.Rules.last(now)):
		day.Why = d.notReleased(date)
		return day
	}
	day.Provisional = d.Calendar.Day(date).Provisional
	sessions, why := d.sessions(v.office, date)
	if why == "" {
		why = d.heldBack(v, date)
	}
	if why != "" {
		day.Why = why
		return day
	}
	day.Slots = d.slots(v, date, sessions, taken, now)
	day.Open = len(day.Slots) > 0
	day.Why = whyNone(v, sessions, day.Slots)
	return day
}

func (d *Desk) slots(v visit, date workday.Date, sessions []place.Session, taken []int, now time.Time) (slots []Slot) {
	midnight, earliest := date.Time(), now.Add(d.Rules.Lead)
	for cell := range starts(sessions, v.need) {
		at := midnight.Add(time.Duration(cell) * Cell)
		if at.Before(earliest) {
			continue
		}
		slots = append(slots, Slot{at, at.Add(v.length()), free(taken[cell:][:v.need], v.capacity)})
	}
	return slots
}

// free is how many more fit: as many as in the fullest cell.
func free(taken []int, capacity int) int {
	most := 0
	for _, n := range taken {
		most = max(most, n)
	}
	return max(0, capacity-most)
}

// heldBack says in Chinese that a date's seats are released later, at one
// second for everybody, or "".
func (d *Desk) heldBack(v visit, date workday.Date) string {
	if d.Gate == nil || v.item == nil { // the board asks for no item
		return ""
	}
	at := d.Gate.ClosedUntil(v.office.Code, v.item.Code, date.Time())
	if at.IsZero() {
		return ""
	}
	return "这一天的号源将于" + timeWords(at) + "集中放出，请届时进入等候室"
}

// freeAt is how many more can start then.
func (d *Desk) freeAt(ctx context.Context, v visit, at time.Time) (int, error) {
	date := workday.DateOf(at)
	taken, err := d.taken(ctx, v.office.Code, date, 1, d.Now())
	if err != nil {
		return 0, err
	}
	cell := int(at.Sub(date.Time()) / Cell)
	return free(taken[cell:][:v.need], v.capacity), nil
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

// taken counts the windows taken in every cell of some days. Holds that have
// ended do not count, whether or not they are cleared.
func (d *Desk) taken(ctx context.Context, office place.OfficeCode, from workday.Date, days int, now time.Time) ([]int, error) {
	count := make([]int, days*cellsPerDay)
	first, last := from.Time(), from.AddDays(days).Time()
	// Holds first: one that is cleared between the two looks then makes a seat
	// too many, which the guard refuses, and never a seat too few.
	ended, err := d.Store.EndedHoldsAt(ctx, office, first, last, now)
	if err != nil {
		return nil, err
	}
	seats, err := d.Store.Seats(ctx, office, first, last)
	if err != nil {
		return nil, err
	}
	for _, s := range seats {
		count[s.StartsAt.Sub(first)/Cell] += s.Taken
	}
	for _, a := range ended {
		for at := a.StartsAt; at.Before(a.EndsAt); at = at.Add(Cell) {
			count[at.Sub(first)/Cell]--
		}
	}
	return count, nil
}
