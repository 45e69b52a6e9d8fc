package queue

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// own is a person's own ticket. Error: ErrNoTicket.
func (h *Hall) own(ctx context.Context, who citizen.ID, id ID) (Ticket, error) {
	t, err := h.Store.Ticket(ctx, id)
	if err != nil {
		return Ticket{}, err
	}
	if who == "" || t.Person != who {
		return Ticket{}, ErrNoTicket
	}
	return t, nil
}

// Turn is a ticket with what its person has still to expect.
type Turn struct {
	Ticket
	Expect Expect // while it waits
}

// Mine returns a person's own ticket. Error: ErrNoTicket.
func (h *Hall) Mine(ctx context.Context, who citizen.ID, id ID) (Turn, error) {
	t, err := h.own(ctx, who, id)
	if err != nil {
		return Turn{}, err
	}
	return h.turn(ctx, t)
}

// MineAll lists a person's tickets of today, newest first.
func (h *Hall) MineAll(ctx context.Context, who citizen.ID, most int) ([]Turn, error) {
	if who == "" {
		return nil, nil
	}
	list, err := h.Store.TicketsOf(ctx, who, h.today(), most)
	if err != nil {
		return nil, err
	}
	turns := make([]Turn, len(list))
	for i, t := range list {
		if turns[i], err = h.turn(ctx, t); err != nil {
			return nil, err
		}
	}
	return turns, nil
}

func (h *Hall) turn(ctx context.Context, t Ticket) (Turn, error) {
	if t.State != Waiting {
		return Turn{Ticket: t}, nil
	}
	turns, err := h.turns(ctx, t.Office, t.Day)
	for _, o := range turns {
		if o.ID == t.ID {
			return o, err
		}
	}
	return Turn{Ticket: t}, err
}

// turns are an office's tickets that are not over, with their expectations.
func (h *Hall) turns(ctx context.Context, office place.OfficeCode, day workday.Date) ([]Turn, error) {
	o, _, err := h.office(ctx, office)
	if err != nil {
		return nil, err
	}
	p, err := h.Store.Page(ctx, office, day)
	if err != nil {
		return nil, err
	}
	s, err := h.scene(ctx, h.Store, o, p, h.Now())
	if err != nil {
		return nil, err
	}
	found := s.expect(h.Now())
	list := make([]Turn, len(s.tickets))
	for i, t := range s.tickets {
		list[i] = Turn{t, found[t.ID]}
	}
	return list, nil
}

// Today lists the tickets of the member's office that are not over.
func (h *Hall) Today(ctx context.Context, m staff.Member) ([]Turn, error) {
	return h.turns(ctx, m.Office, h.today())
}

// History returns a ticket of the member's office with all its turns.
// Error: ErrNoTicket.
func (h *Hall) History(ctx context.Context, m staff.Member, id ID) (t Turn, events []Event, err error) {
	known, err := h.Store.Ticket(ctx, id)
	if err != nil {
		return t, nil, err
	}
	if known.Office != m.Office {
		return t, nil, ErrNoTicket
	}
	if t, err = h.turn(ctx, known); err != nil {
		return t, nil, err
	}
	events, err = h.Store.TicketEvents(ctx, id)
	return t, events, err
}
