package queue

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Serve notes that the person of the ticket in hand has come to the window.
// Errors: those of inHand.
func (h *Hall) Serve(ctx context.Context, m staff.Member, id ID) (Ticket, error) {
	return h.inHand(ctx, m, id, Serve, func(_ Tx, t *Ticket) error {
		t.ServedAt = h.Now()
		return nil
	})
}

// Park lets the person of the ticket in hand fetch or fill in something; the
// ticket keeps its place. Errors: those of inHand.
func (h *Hall) Park(ctx context.Context, m staff.Member, id ID) (Ticket, error) {
	return h.inHand(ctx, m, id, Park, func(Tx, *Ticket) error { return nil })
}

// Finish ends the visit; its appointment counts as served. Errors: those of
// inHand.
func (h *Hall) Finish(ctx context.Context, m staff.Member, id ID) (Ticket, error) {
	return h.inHand(ctx, m, id, Finish, func(tx Tx, t *Ticket) error {
		t.EndedAt = h.Now()
		if t.Appointment == "" {
			return nil
		}
		return h.Visits.Attend(ctx, tx, t.Appointment)
	})
}

// Reopen takes up again what was finished by mistake a moment ago, by the same
// clerk. Errors: ErrLate, ErrHandFull, and those of inHand.
func (h *Hall) Reopen(ctx context.Context, m staff.Member, id ID) (Ticket, error) {
	return h.inHand(ctx, m, id, Reopen, func(tx Tx, t *Ticket) error {
		if h.Now().Sub(t.EndedAt) > h.Rules.ReopenFor {
			return ErrLate
		}
		live, err := tx.Live(ctx, t.Office, t.Day)
		if err != nil {
			return err
		}
		if holds(live, m.ID) {
			return ErrHandFull
		}
		t.EndedAt = time.Time{}
		return nil
	})
}

// Return puts a missed or parked ticket back into its lane: a parked one in its
// place, a missed one at the end. Errors: ErrNoTicket, ErrNotNow, ErrReturns.
func (h *Hall) Return(ctx context.Context, m staff.Member, id ID) (Ticket, error) {
	return h.step(ctx, m, id, func(tx Tx, _ *Page, was Ticket) (Ticket, error) {
		t, err := was.turned(Return)
		if err != nil {
			return was, err
		}
		if err := was.comesBack(h.Rules); err != nil {
			return was, err
		}
		t.Returns = was.Returns
		t.waitAgain()
		if was.State == Missed {
			t.Place = h.Now()
		}
		return t, h.save(ctx, tx, &t, Return, m.ID, h.Now())
	})
}

// waitAgain clears what belonged to the last call. Whoever had a turn before
// need not wait for their time again.
func (t *Ticket) waitAgain() {
	t.Window, t.Clerk, t.Calls, t.Told = 0, "", 0, true
	t.Due, t.CalledAt, t.ServedAt = time.Time{}, time.Time{}, time.Time{}
}

// WithdrawAtDesk gives a ticket up for a person who says so at the office.
// Errors: ErrNoTicket, ErrNotNow.
func (h *Hall) WithdrawAtDesk(ctx context.Context, m staff.Member, id ID) (Ticket, error) {
	return h.step(ctx, m, id, func(tx Tx, p *Page, was Ticket) (Ticket, error) {
		return h.withdraw(ctx, tx, *p, was, m.ID)
	})
}

// Withdraw gives a person's own ticket up. Errors: ErrNoTicket, ErrNotNow.
func (h *Hall) Withdraw(ctx context.Context, who citizen.ID, id ID) (Ticket, error) {
	known, err := h.own(ctx, who, id)
	if err != nil {
		return known, err
	}
	return h.step(ctx, staff.Member{Office: known.Office}, id, func(tx Tx, p *Page, was Ticket) (Ticket, error) {
		return h.withdraw(ctx, tx, *p, was, "")
	})
}

func (h *Hall) withdraw(ctx context.Context, tx Tx, p Page, was Ticket, by staff.ID) (Ticket, error) {
	t, err := was.turned(Withdraw)
	if err != nil {
		return was, err
	}
	t.EndedAt = h.Now()
	if err := h.save(ctx, tx, &t, Withdraw, by, t.EndedAt); err != nil {
		return was, err
	}
	return t, h.tellNear(ctx, tx, p)
}
