package appointment

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ErrNoneToday tells that a person has no appointment to check in now.
var ErrNoneToday = fault.New(fault.NotFound, "appointment.none_today", "此人今天在本网点没有待签到的预约，请核对，或现场取号")

// Arrive checks an appointment in as part of another transaction: whoever has
// come gets a place in the queue, or neither. Seen says what staff saw of a
// declared priority. Errors: staff.ErrOtherOffice,
// ErrWrongState, ErrOtherDay, ErrTooEarly, ErrTooLate, ErrChanged.
func (d *Desk) Arrive(ctx context.Context, tx Tx, office place.OfficeCode, was Appointment) (Appointment, error) {
	now := d.Now()
	if was.Office != office {
		return was, staff.ErrOtherOffice
	}
	a, err := was.turned(CheckIn)
	if err != nil {
		return was, err
	}
	v, err := d.anyVisit(ctx, was.Office)
	if err != nil && !errors.Is(err, place.ErrNoOffice) {
		return was, err
	}
	if err := d.mayCheckIn(was, v, now); err != nil {
		return was, err
	}
	a.CheckedAt, a.RemindAt = now, time.Time{}
	if a.Priority == NoPriority {
		a.Seen = Unseen
	}
	return a, tx.UpdateAppointment(ctx, was, a)
}

// Attend notes, as part of another transaction, that a checked-in appointment
// was served. One that was before is left alone.
func (d *Desk) Attend(ctx context.Context, tx Tx, id ID) error {
	was, err := d.Store.Appointment(ctx, id)
	if err != nil || was.State == Served {
		return err
	}
	return keepSeats(ctx, tx, was, Serve)
}

// ByCode finds an appointment by what its person shows. Error: ErrNoCode.
func (d *Desk) ByCode(ctx context.Context, code Code) (Appointment, error) {
	return d.Store.AppointmentByCode(ctx, code)
}

// Own finds a person's own appointment. Error: ErrNoAppointment.
func (d *Desk) Own(ctx context.Context, who citizen.ID, id ID) (Appointment, error) {
	return d.own(ctx, who, id)
}

// TodayOf finds the appointment with which a person comes to an office now: the
// earliest of the day that is not checked in, or else the one that is.
// Error: ErrNoneToday.
func (d *Desk) TodayOf(ctx context.Context, who citizen.ID, office place.OfficeCode) (found Appointment, err error) {
	now := d.Now()
	list, err := d.Store.AppointmentsOf(ctx, who, now, Mark{}, daysMostOf)
	if err != nil {
		return found, err
	}
	for _, a := range list {
		if a.Office != office || !sameDay(a.StartsAt, now) || (a.State != Booked && a.State != CheckedIn) {
			continue
		}
		if found.ID == "" || a.before(found) {
			found = a
		}
	}
	if found.ID == "" {
		return found, ErrNoneToday
	}
	return found, nil
}

// daysMostOf is more appointments than a person can have from today on.
const daysMostOf = 100

func sameDay(a, b time.Time) bool { return workday.DateOf(a) == workday.DateOf(b) }

// before puts those that are not checked in first, then the earlier.
func (a Appointment) before(b Appointment) bool {
	if a.State != b.State {
		return a.State == Booked
	}
	return a.StartsAt.Before(b.StartsAt)
}
