package appointment

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
)

// ErrCodeTaken tells a desk to draw another code.
var ErrCodeTaken = errors.New("appointment: code taken")

// Seat is one cell of an office's time and how many windows are taken in it.
type Seat struct {
	StartsAt time.Time
	Taken    int
}

// Mark is a place in a list sorted by time: behind that appointment. The zero
// Mark is the beginning.
type Mark struct {
	StartsAt time.Time
	ID       ID
}

// Store remembers seats and appointments. What it reads is what was durable
// when it looked.
type Store interface {
	Agents
	// InTx runs fn in one transaction, durable when it returns nil and undone
	// when fn fails. Transactions happen as if one after the other.
	InTx(ctx context.Context, fn func(Tx) error) error
	// Appointment returns one appointment. Error: ErrNoAppointment.
	Appointment(ctx context.Context, id ID) (Appointment, error)
	// AppointmentByCode finds one by its code. Error: ErrNoCode.
	AppointmentByCode(ctx context.Context, code Code) (Appointment, error)
	// AppointmentsOf returns a person's appointments, the latest first, without
	// lapsed ones and holds that have ended by now.
	AppointmentsOf(ctx context.Context, who citizen.ID, now time.Time, after Mark, most int) ([]Appointment, error)
	// VisitsActedIn is AppointmentsOf for those in which an agent may act.
	VisitsActedIn(ctx context.Context, agent, principal citizen.ID, now time.Time, after Mark, most int) ([]Appointment, error)
	// AppointmentsAt returns those of an office that start from one time to
	// before another and were neither cancelled nor only held, earliest first.
	AppointmentsAt(ctx context.Context, office place.OfficeCode, from, to time.Time, after Mark, most int) ([]Appointment, error)
	// Seats returns the cells from one time to before another in which
	// anything is taken.
	Seats(ctx context.Context, office place.OfficeCode, from, to time.Time) ([]Seat, error)
	// Ended returns up to most appointments that are held, booked or checked
	// in and whose LapsesAt has come by now.
	Ended(ctx context.Context, now time.Time, most int) ([]Appointment, error)
	// EndedHoldsAt returns the holds among them that have any cell of an office
	// from one time to before another.
	EndedHoldsAt(ctx context.Context, office place.OfficeCode, from, to, now time.Time) ([]Appointment, error)
}

// Tx is what a change of seats and appointments needs.
type Tx interface {
	Agents
	// TakeSeats takes one window in each cell from one time to before another,
	// or nothing: ErrSlotFull, if that many are taken in any of them. It is
	// the only way to a seat.
	TakeSeats(ctx context.Context, office place.OfficeCode, from, to time.Time, capacity int) error
	// GiveSeats undoes one TakeSeats.
	GiveSeats(ctx context.Context, office place.OfficeCode, from, to time.Time) error

	// InsertAppointment stores a hold. Error: ErrCodeTaken.
	InsertAppointment(ctx context.Context, a Appointment) error
	// InsertVisitAgent keeps who booked an appointment for its person.
	InsertVisitAgent(ctx context.Context, id ID, agent citizen.ID) error
	// UpdateAppointment stores state, place and times of a, if the row still
	// stands in the state, place and time of was. Error: ErrChanged. It comes
	// before the seats: was may have been read before the transaction.
	UpdateAppointment(ctx context.Context, was, a Appointment) error

	// OpenAppointments returns those of a person that are held, booked or
	// checked in, whether or not a hold has ended.
	OpenAppointments(ctx context.Context, who citizen.ID) ([]Appointment, error)
	// EndedHoldsAt is as in Store.
	EndedHoldsAt(ctx context.Context, office place.OfficeCode, from, to, now time.Time) ([]Appointment, error)

	// Tell stores a notice to be sent once the change is durable.
	Tell(ctx context.Context, n notify.Notice) error
}
