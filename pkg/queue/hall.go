package queue

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Hall runs the queues of all offices (排队叫号).
type Hall struct {
	Store    Store
	City     city.Shelf
	Calendar *workday.Calendar
	Visits   *appointment.Desk
	Now      func() time.Time
	NewID    func() string
	Rules    Rules
}

// change runs do while nobody else can change the queue of an office's day.
func (h *Hall) change(ctx context.Context, office place.OfficeCode, day workday.Date, do func(Tx, *Page) error) error {
	return h.Store.InTx(ctx, func(tx Tx) error {
		p, err := tx.TurnPage(ctx, office, day)
		if err != nil {
			return err
		}
		if err := do(tx, &p); err != nil {
			return err
		}
		return tx.SavePage(ctx, p)
	})
}

func (h *Hall) today() workday.Date { return workday.DateOf(h.Now()) }

// office looks up an office and its edition. Error: place.ErrNoOffice.
func (h *Hall) office(ctx context.Context, code place.OfficeCode) (*place.Office, *city.Edition, error) {
	e, err := h.City.Current(ctx)
	if err != nil {
		return nil, nil, err
	}
	o, err := e.Places.Office(code)
	return o, e, err
}

// opening is a day's sessions, as times, or why the office is closed.
func (h *Hall) opening(ctx context.Context, o *place.Office, day workday.Date) (spans []gap, why string, err error) {
	sessions, why, err := h.Visits.Opening(ctx, o, day)
	for _, s := range sessions {
		from, to := s.At(day)
		spans = append(spans, gap{from, to})
	}
	return spans, why, err
}

// save stores a ticket that act has changed, with a line of its history.
func (h *Hall) save(ctx context.Context, tx Tx, t *Ticket, act Act, by staff.ID, at time.Time) error {
	t.Version++
	if err := tx.UpdateTicket(ctx, t.Version-1, *t); err != nil {
		return err
	}
	return tx.InsertTicketEvent(ctx, t.event(act, by, at))
}

func (t Ticket) event(act Act, by staff.ID, at time.Time) Event {
	return Event{Ticket: t.ID, Seq: t.Version, Act: act, State: t.State, Lane: t.Lane, Window: t.Window, Clerk: by, At: at}
}
