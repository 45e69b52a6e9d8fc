// Package appointment (预约) decides who may come when to which office: the
// slots there are (号源), holds (占号), appointments, and what becomes of them.
package appointment

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ID names an appointment from its hold on.
type ID string

// Appointment is a person's claim on a stretch of one window's time. A hold is
// an appointment that is not confirmed yet. Length and place were fixed when
// the seats were taken; later changes of hours or items do not touch them.
type Appointment struct {
	ID       ID
	Code     Code
	Person   citizen.ID
	MadeBy   citizen.ID // the agent who made it; "" = the person, or the office
	Office   place.OfficeCode
	Item     catalog.ItemCode
	More     []catalog.ItemCode // further items of the same visit
	StartsAt time.Time
	EndsAt   time.Time // first instant after it
	People   int       // who come together, at least 1
	Window   int       // the window that is theirs; 0 = whichever is free
	Channel  Channel
	Priority Priority
	Seen     Seen // whether staff saw what the priority rests on

	State     State
	LapsesAt  time.Time // when time alone ends it: a hold by its life, an appointment with its day
	MadeAt    time.Time
	CheckedAt time.Time // check-in; zero before

	Waiting     WaitingID // of an offer to somebody on the waiting list
	DisplacedBy string    // the entry of the timetable that took its time away, "" = none
	RemindAt    time.Time // the next reminder; zero = none
	ExcusedAt   time.Time // when a no-show was forgiven
}

// Errors about one appointment.
var (
	ErrNoAppointment = fault.New(fault.NotFound, "appointment.not_found", "没有找到这个预约，请到“我的预约”核对")
	ErrNoShownCode   = fault.New(fault.Conflict, "appointment.no_shown_code", "这个预约没有可出示的签到码，请核对预约状态")
	ErrHoldExpired   = fault.New(fault.Conflict, "appointment.hold_expired", "占号已超时失效，请重新选择时段")
	ErrBegun         = fault.New(fault.Conflict, "appointment.begun", "预约时段已经开始，不能再更改；请尽快到场，或重新预约")
	ErrWrongState    = fault.New(fault.Conflict, "appointment.wrong_state", "这个预约当前不能这样操作，请刷新后再看")
	ErrChanged       = fault.New(fault.Conflict, "appointment.changed", "这个预约刚刚有变化，请刷新后再操作")
)

// expired says whether this is a hold whose time is up.
func (a Appointment) expired(now time.Time) bool {
	return a.State == Held && !now.Before(a.LapsesAt)
}

// by is the appointment as it stands now: a hold whose time is up has lapsed,
// whether or not the sweep has been here.
func (a Appointment) by(now time.Time) Appointment {
	if a.expired(now) {
		a.State = Lapsed
	}
	return a
}

// overlaps says whether the two share any time.
func (a Appointment) overlaps(b Appointment) bool {
	return a.StartsAt.Before(b.EndsAt) && b.StartsAt.Before(a.EndsAt)
}

// confirm turns the hold into an appointment.
// Errors: ErrHoldExpired, ErrBegun, ErrWrongState.
func (a Appointment) confirm(now time.Time) (Appointment, error) {
	if a.by(now).State == Lapsed {
		return a, ErrHoldExpired
	}
	b, err := a.unbegun(Confirm, now)
	b.LapsesAt, b.RemindAt = dayEnds(b.StartsAt), nextReminder(b.StartsAt, now)
	return b, err
}

// items are all that the visit is for.
func (a Appointment) items() []catalog.ItemCode {
	return append([]catalog.ItemCode{a.Item}, a.More...)
}

// Displaced says whether its office is closed at its time: it may be moved
// outside the usual limits.
func (a Appointment) Displaced() bool { return a.State == Booked && a.DisplacedBy != "" }

// dayEnds is the midnight after an appointment.
func dayEnds(startsAt time.Time) time.Time { return workday.DateOf(startsAt).AddDays(1).Time() }

// release gives the hold up before its time.
// Errors: ErrHoldExpired, ErrWrongState.
func (a Appointment) release(now time.Time) (Appointment, error) {
	if a.by(now).State == Lapsed {
		return a, ErrHoldExpired
	}
	return a.turned(Release)
}

// unbegun turns what the person may only turn before it begins; what the
// office has closed has not begun for anybody.
// Errors: ErrBegun, ErrWrongState.
func (a Appointment) unbegun(act Act, now time.Time) (Appointment, error) {
	b, err := a.turned(act)
	if err == nil && !a.Displaced() && !now.Before(a.StartsAt) {
		return a, ErrBegun
	}
	return b, err
}
