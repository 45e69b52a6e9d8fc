package queue

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Arrival is an appointment that is checked in, with its place in the queue.
type Arrival struct {
	Appointment appointment.Appointment
	Ticket      Ticket
}

// CheckIn checks an appointment in by the code that its person shows, with what
// staff saw of a declared priority; again, it shows the ticket again. Errors: those of appointment.Desk.CheckIn.
func (h *Hall) CheckIn(ctx context.Context, m staff.Member, code appointment.Code, seen appointment.Seen) (Arrival, error) {
	return h.arrive(ctx, m.Office, m.ID, func() (appointment.Appointment, error) {
		a, err := h.Visits.ByCode(ctx, code)
		a.Seen = seen
		return a, err
	})
}

// CheckInPerson checks in the appointment with which a person, who has shown
// who they are, comes today. Errors: appointment.ErrNoneToday, and those of
// CheckIn.
func (h *Hall) CheckInPerson(ctx context.Context, m staff.Member, who citizen.ID) (Arrival, error) {
	return h.arrive(ctx, m.Office, m.ID, func() (appointment.Appointment, error) { return h.Visits.TodayOf(ctx, who, m.Office) })
}

// CheckInNear lets a person check their own appointment in by phone, near the
// office. Errors: appointment.ErrNoAppointment, ErrFar, those of the position,
// and those of CheckIn.
func (h *Hall) CheckInNear(ctx context.Context, who citizen.ID, id appointment.ID, at Spot) (Arrival, error) {
	a, err := h.Visits.Own(ctx, who, id)
	if err != nil {
		return Arrival{}, err
	}
	if err := h.Near(ctx, a.Office, at); err != nil {
		return Arrival{}, err
	}
	return h.arrive(ctx, a.Office, "", func() (appointment.Appointment, error) { return h.Visits.Own(ctx, who, id) })
}

// arrive reads the appointment anew when somebody has changed it meanwhile.
func (h *Hall) arrive(ctx context.Context, office place.OfficeCode, by staff.ID, find func() (appointment.Appointment, error)) (r Arrival, err error) {
	for range 3 {
		var a appointment.Appointment
		if a, err = find(); err != nil {
			return r, err
		}
		if r, err = h.admit(ctx, office, by, a); !errors.Is(err, appointment.ErrChanged) {
			return r, err
		}
	}
	return r, err
}

func (h *Hall) admit(ctx context.Context, office place.OfficeCode, by staff.ID, a appointment.Appointment) (r Arrival, err error) {
	now := h.Now()
	if a.Office == office && a.State == appointment.CheckedIn {
		t, err := h.Store.TicketOf(ctx, a.ID)
		if !errors.Is(err, ErrNoTicket) {
			return Arrival{a, t}, err
		}
	}
	_, e, err := h.office(ctx, office)
	if err != nil {
		return r, err
	}
	t := Ticket{
		ID: ID(h.NewID()), Office: office, Day: workday.DateOf(now), Lane: Appointments, Item: a.Item,
		Minutes: visitMinutes(e.Catalogue, a), Person: a.Person, Appointment: a.ID, Origin: Booked, State: Waiting,
		Due: a.StartsAt, Place: h.placeOf(a, now), TakenAt: now,
	}
	err = h.change(ctx, office, t.Day, func(tx Tx, p *Page) error {
		if p.Shut {
			return ErrShut.Saying("网点今天提前结束办理，请改期到其他日期，或换一个网点")
		}
		if a.State != appointment.CheckedIn {
			if a, err = h.Visits.Arrive(ctx, tx, office, a); err != nil {
				return err
			}
		}
		return h.insert(ctx, tx, p, &t, by)
	})
	return Arrival{a, t}, err
}

// placeOf is an appointment's own time, or for one who comes late the time of
// coming: who was punctual does not wait for it.
func (h *Hall) placeOf(a appointment.Appointment, now time.Time) time.Time {
	if now.After(a.StartsAt.Add(h.Rules.LateGrace)) {
		return now
	}
	return a.StartsAt
}

// visitMinutes is what the items take so many people; of an item that the
// edition no longer has, the length that was booked.
func visitMinutes(c *catalog.Catalogue, a appointment.Appointment) int {
	minutes := 0
	for _, code := range append([]catalog.ItemCode{a.Item}, a.More...) {
		item, err := c.Item(code)
		if err != nil {
			return int(a.EndsAt.Sub(a.StartsAt) / time.Minute)
		}
		minutes += item.WindowMinutes * a.People
	}
	return minutes
}
