package queue

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Event is one turn of a ticket's history.
type Event struct {
	Ticket ID
	Seq    int // the ticket's version after it
	Act    Act
	State  State
	Lane   Lane
	Window int
	Clerk  staff.ID // "" = the person, or time
	At     time.Time
}

// Reader reads, inside or outside a transaction.
type Reader interface {
	// Ticket returns one ticket. Error: ErrNoTicket.
	Ticket(ctx context.Context, id ID) (Ticket, error)
	// Numbered returns the ticket of a printed number. Error: ErrNoTicket.
	Numbered(ctx context.Context, office place.OfficeCode, day workday.Date, s Series, number int) (Ticket, error)
	// TicketOf returns the ticket of an appointment. Error: ErrNoTicket.
	TicketOf(ctx context.Context, a appointment.ID) (Ticket, error)
	// Live returns an office's tickets of a day that are not over.
	Live(ctx context.Context, office place.OfficeCode, day workday.Date) ([]Ticket, error)
	// Windows returns an office's windows that were ever set or opened.
	Windows(ctx context.Context, office place.OfficeCode) ([]Window, error)
	// Pace sums up the visits that an office has finished on a day.
	Pace(ctx context.Context, office place.OfficeCode, day workday.Date) (Pace, error)
	// Undone returns the last ticket of a person that an office closed over
	// since a day and that no later one carries on. Error: ErrNoTicket.
	Undone(ctx context.Context, office place.OfficeCode, who citizen.ID, since workday.Date) (Ticket, error)
	// CarriedBy says whether a later ticket carries this one on.
	CarriedBy(ctx context.Context, id ID) (bool, error)
	// LateSlip returns what became of a paper slip. Error: ErrNoTicket.
	LateSlip(ctx context.Context, by staff.ID, id string) (Kept, error)
}

// Store remembers queues. What it reads is what was durable when it looked.
type Store interface {
	// InTx runs fn in one transaction, durable when it returns nil.
	InTx(ctx context.Context, fn func(Tx) error) error
	Reader
	// Page returns an office's day; one on which nothing happened is empty.
	Page(ctx context.Context, office place.OfficeCode, day workday.Date) (Page, error)
	// Versions returns the version of every page of a day.
	Versions(ctx context.Context, day workday.Date) (map[place.OfficeCode]int64, error)
	// TicketsOf returns a person's tickets from a day on, newest first.
	TicketsOf(ctx context.Context, who citizen.ID, since workday.Date, most int) ([]Ticket, error)
	// Recent returns the tickets of an office's day that were called last, at
	// most so many, the last first.
	Recent(ctx context.Context, office place.OfficeCode, day workday.Date, most int) ([]Ticket, error)
	// TicketEvents returns a ticket's history, the first first.
	TicketEvents(ctx context.Context, id ID) ([]Event, error)
	// Unclosed returns the pages, up to a day, with tickets that are not over.
	Unclosed(ctx context.Context, upTo workday.Date) ([]Page, error)
}

// Tx is what a change of a queue needs; it checks appointments in as well.
type Tx interface {
	appointment.Tx
	Reader
	// TurnPage locks an office's day against everybody else until the
	// transaction ends, and returns it with its version counted up.
	TurnPage(ctx context.Context, office place.OfficeCode, day workday.Date) (Page, error)
	// SavePage stores numbers and tags of a page that is locked.
	SavePage(ctx context.Context, p Page) error
	// InsertTicket stores a new ticket.
	InsertTicket(ctx context.Context, t Ticket) error
	// UpdateTicket stores t if the row still has that version.
	// Error: ErrChanged.
	UpdateTicket(ctx context.Context, version int, t Ticket) error
	InsertTicketEvent(ctx context.Context, e Event) error
	// PutWindow stores a window's settings and clerk. Error: ErrOneWindow.
	PutWindow(ctx context.Context, w Window) error
	// KeepSlip stores what became of a paper slip.
	KeepSlip(ctx context.Context, k Kept) error
}
