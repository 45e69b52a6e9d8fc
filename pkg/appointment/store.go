package appointment

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ErrCodeTaken tells a desk to draw another code.
var ErrCodeTaken = errors.New("appointment: code taken")

// Quiet is a seat that was given up and is shown to nobody until Until.
type Quiet struct {
	ID    string
	Claim Claim
	Until time.Time
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
	// Plan returns what is said of an office's time from a time on, and the
	// city's rules and holidays. Its version is read first: one that is as new
	// as PlanVersion says is whole.
	Plan(ctx context.Context, office place.OfficeCode, from time.Time) (Plan, error)
	// PlanVersion counts the changes of the plan.
	PlanVersion(ctx context.Context, office place.OfficeCode) (int64, error)
	// PlansVersion counts the changes of all plans.
	PlansVersion(ctx context.Context) (int64, error)
	// TimetableEntry returns one entry of a timetable. Error: ErrNoEntry.
	TimetableEntry(ctx context.Context, id string) (place.Entry, error)
	// TimetableEntries returns an office's entries that end after a time, undone ones
	// too, the oldest first, after the one with an id.
	TimetableEntries(ctx context.Context, office place.OfficeCode, from time.Time, after string, most int) ([]place.Entry, error)
	// Arrangement returns the city's arrangement of holidays.
	Arrangement(ctx context.Context) ([]workday.Entry, error)
	// Duties returns who is on duty at an office from one time to before another.
	Duties(ctx context.Context, office place.OfficeCode, from, to time.Time) ([]place.Duty, error)
	// BookingRules returns an office's rules and the city's.
	BookingRules(ctx context.Context, office place.OfficeCode) ([]Rule, error)
	// QuietOver returns up to most quiet seats whose time is over.
	QuietOver(ctx context.Context, now time.Time, most int) ([]Quiet, error)
	// WaitingPlace returns one place on a waiting list. Error: ErrNoWaiting.
	WaitingPlace(ctx context.Context, id WaitingID) (Waiting, error)
	// WaitingOf returns a person's places, the newest first, after one.
	WaitingOf(ctx context.Context, who citizen.ID, after WaitingID, most int) ([]Waiting, error)
	// WaitingOffices returns the offices that anybody waits for.
	WaitingOffices(ctx context.Context) ([]place.OfficeCode, error)
	// WaitingAt returns who waits for an office, who has asked first first.
	WaitingAt(ctx context.Context, office place.OfficeCode, most int) ([]Waiting, error)
	// Appeal returns one appeal, AppealOf that of an appointment. Error:
	// ErrNoAppeal.
	Appeal(ctx context.Context, id string) (Appeal, error)
	AppealOf(ctx context.Context, a ID) (Appeal, error)
	// Appeals returns the open ones of an office, the oldest first, after one.
	Appeals(ctx context.Context, office place.OfficeCode, after string, most int) ([]Appeal, error)
	// RemindersDue returns up to most booked appointments with a reminder due.
	RemindersDue(ctx context.Context, now time.Time, most int) ([]Appointment, error)
	// Seats returns the cells from one time to before another in which
	// anything is taken.
	Seats(ctx context.Context, office place.OfficeCode, from, to time.Time) ([]Seat, error)
	// Ended returns up to most appointments that are held, booked or checked
	// in and whose LapsesAt has come by now.
	Ended(ctx context.Context, now time.Time, most int) ([]Appointment, error)
	// EndedHoldsAt returns the holds among them that have any cell of an office
	// from one time to before another, offers to the waiting list aside.
	EndedHoldsAt(ctx context.Context, office place.OfficeCode, from, to, now time.Time) ([]Appointment, error)
	// VisitsFor returns the times of an office's visits for an item, alone or
	// among others, that share time with that from one to before another:
	// holds that have ended, what was cancelled, and one visit aside.
	VisitsFor(ctx context.Context, office place.OfficeCode, item catalog.ItemCode, from, to, now time.Time, but ID) ([]Span, error)
	// QuietAt returns the quiet seats there whose time is over by now.
	QuietAt(ctx context.Context, office place.OfficeCode, from, to, now time.Time) ([]Quiet, error)
}

// Tx is what a change of seats and appointments needs.
type Tx interface {
	Agents
	// TakeSeats takes one seat in each cell of a claim, or nothing:
	// ErrSlotFull, where the quota of any cell is used up, or the claim's
	// window is taken. It is the only way to a seat.
	TakeSeats(ctx context.Context, c Claim, q Quota) error
	// GiveSeats undoes one TakeSeats.
	GiveSeats(ctx context.Context, c Claim) error

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
	// VisitsFor, EndedHoldsAt, QuietAt and PlanVersion are as in Store.
	VisitsFor(ctx context.Context, office place.OfficeCode, item catalog.ItemCode, from, to, now time.Time, but ID) ([]Span, error)
	EndedHoldsAt(ctx context.Context, office place.OfficeCode, from, to, now time.Time) ([]Appointment, error)
	QuietAt(ctx context.Context, office place.OfficeCode, from, to, now time.Time) ([]Quiet, error)
	PlanVersion(ctx context.Context, office place.OfficeCode) (int64, error)
	// InsertQuiet keeps a claim that nobody holds any more.
	InsertQuiet(ctx context.Context, q Quiet) error
	// DropQuiet ends a quiet seat. Error: ErrChanged.
	DropQuiet(ctx context.Context, id string) error

	// Plan is as in Store; BumpPlan counts its version up: everything that
	// changes a plan does.
	Plan(ctx context.Context, office place.OfficeCode, from time.Time) (Plan, error)
	BumpPlan(ctx context.Context, office place.OfficeCode) error
	// InsertEntry adds to a timetable.
	InsertEntry(ctx context.Context, e place.Entry) error
	// UndoEntry takes an entry out of force. Error: ErrUndone.
	UndoEntry(ctx context.Context, id, by string, at time.Time) error
	// StandingAt returns the open appointments of an office that have any time
	// from one time to before another, the earliest first.
	StandingAt(ctx context.Context, office place.OfficeCode, from, to time.Time) ([]Appointment, error)
	// DisplacedBy returns the booked appointments that an entry has displaced.
	DisplacedBy(ctx context.Context, entry string) ([]Appointment, error)

	// OpenWaiting returns a person's places that wait or are offered something.
	OpenWaiting(ctx context.Context, who citizen.ID) ([]Waiting, error)
	// SomebodyWaits says whether anybody waits for an office at a time.
	SomebodyWaits(ctx context.Context, office place.OfficeCode, at time.Time) (bool, error)
	// InsertWaiting adds to a waiting list.
	InsertWaiting(ctx context.Context, w Waiting) error
	// TurnWaiting leads a place from one state to another. Error: ErrChanged.
	TurnWaiting(ctx context.Context, id WaitingID, from, to WaitingState) error
	// OfferWaiting notes an offer for somebody who waits. Error: ErrChanged.
	OfferWaiting(ctx context.Context, id WaitingID, offer ID, ends time.Time) error
	// EndWaiting ends the places whose dates are past.
	EndWaiting(ctx context.Context, now time.Time) error
	// InsertAppeal stores an appeal. Error: ErrAppealed.
	InsertAppeal(ctx context.Context, p Appeal) error
	// DecideAppeal stores what was decided of an open one. Error:
	// ErrAppealDecided.
	DecideAppeal(ctx context.Context, p Appeal) error

	// Arrangement is as in Store; SaveArrangement takes one over: in place of
	// what was known of the years that it arranges.
	Arrangement(ctx context.Context) ([]workday.Entry, error)
	SaveArrangement(ctx context.Context, entries []workday.Entry) error
	// OfficesOn returns the offices with anybody held or booked from one time
	// to before another.
	OfficesOn(ctx context.Context, from, to time.Time) ([]place.OfficeCode, error)

	// SetDuties writes the duties from one time to before another anew.
	SetDuties(ctx context.Context, office place.OfficeCode, from, to time.Time, list []place.Duty) error
	// SaveRule writes a rule anew, or takes a silent one away.
	SaveRule(ctx context.Context, r Rule) error
	// NameWindows writes the windows that can be asked for from a time on anew.
	NameWindows(ctx context.Context, office place.OfficeCode, from time.Time, list []place.NamedWindow) error
	// LastSeat is when the last seat taken at an office ends; zero = none.
	LastSeat(ctx context.Context, office place.OfficeCode) (time.Time, error)
	// Reminded notes when the next reminder of a booked appointment is due,
	// unless it has changed. Error: ErrChanged.
	Reminded(ctx context.Context, a Appointment, next time.Time) error
	// Missed returns when the appointments of a person began that were missed
	// since a time and not forgiven, earliest first.
	Missed(ctx context.Context, who citizen.ID, since time.Time) ([]time.Time, error)

	// Person returns one person. Error: citizen.ErrNoPerson.
	Person(ctx context.Context, id citizen.ID) (citizen.Person, error)
	// OpenByAgent counts the open appointments that an agent made for others.
	OpenByAgent(ctx context.Context, agent citizen.ID, now time.Time) (int, error)

	// Tell stores a notice to be sent once the change is durable.
	Tell(ctx context.Context, n notify.Notice) error
}
