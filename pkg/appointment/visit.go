package appointment

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Errors about what is asked for.
var (
	ErrNotHere     = fault.New(fault.Conflict, "appointment.not_here", "这个网点不受理该事项，请换一个可以受理的网点")
	ErrPeople      = fault.New(fault.Invalid, "appointment.people", "一次预约的人数超出范围，请减少人数或分开预约")
	ErrClosed      = fault.New(fault.Conflict, "appointment.closed", "网点当天不开放，请换一天")
	ErrTooSoon     = fault.New(fault.Conflict, "appointment.too_soon", "这个时段已经开始或即将开始，请选择稍后的时段")
	ErrNotReleased = fault.New(fault.Conflict, "appointment.not_released", "这一天尚未放号，请在放号后再预约")
	ErrNotOffered  = fault.New(fault.Invalid, "appointment.not_offered", "没有这个时段，请从可预约的时段中选择")
)

// visit is what somebody wants to come for, checked against the edition in
// force: how long it takes and how many the office serves at once.
type visit struct {
	office   *place.Office
	item     *catalog.Item
	people   int
	need     int // cells
	capacity int
}

// visit looks up what is asked for. Errors: place.ErrNoOffice,
// catalog.ErrNoItem, ErrPeople, ErrNotHere.
func (d *Desk) visit(ctx context.Context, office place.OfficeCode, item catalog.ItemCode, people int) (v visit, err error) {
	edition, err := d.City.Current(ctx)
	if err != nil {
		return v, err
	}
	if v.office, err = edition.Places.Office(office); err != nil {
		return v, err
	}
	if v.item, err = edition.Catalogue.Item(item); err != nil {
		return v, err
	}
	if people < 1 || people > d.Rules.PeopleMost {
		return v, ErrPeople
	}
	if !edition.Takes(v.item, v.office, "") {
		return v, ErrNotHere
	}
	v.people = people
	v.need = cells(v.item.WindowMinutes, people)
	v.capacity = d.Rules.Capacity(v.office.Windows)
	return v, nil
}

// length is how long the visit takes.
func (v visit) length() time.Duration { return time.Duration(v.need) * Cell }

// sessions of the visit's office on a date, or why there are none.
func (d *Desk) sessions(o *place.Office, date workday.Date) (sessions []place.Session, why string) {
	return o.Hours.Opening(d.Calendar.Day(date))
}

// offered says whether the visit can start at that time, seats aside. The
// order is that of what the person should be told first.
// Errors: ErrTooSoon, ErrNotReleased, ErrClosed, ErrNotOffered.
func (d *Desk) offered(v visit, at, now time.Time) error {
	if at.Before(now.Add(d.Rules.Lead)) {
		return ErrTooSoon
	}
	date := workday.DateOf(at)
	if date.After(d.Rules.last(now)) {
		return ErrNotReleased.Saying(d.notReleased(date))
	}
	sessions, why := d.sessions(v.office, date)
	if why != "" {
		return ErrClosed.Saying(dateWords(at) + "不能预约：" + why + "，请换一天")
	}
	if !onGrid(sessions, v.need, at.Sub(date.Time())) {
		return ErrNotOffered
	}
	return nil
}

func (d *Desk) notReleased(date workday.Date) string {
	return "这一天尚未放号，" + timeWords(d.Rules.releasedAt(date)) + "放号，请届时再预约"
}
