package queue

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Enter enters what an office did on paper, each slip on its own: one that
// cannot be entered does not stop those after it. A slip is entered once
// however often it comes, and gets the place of the time when it was taken.
// sent is what the device's clock says now. Error: ErrSlips.
func (h *Hall) Enter(ctx context.Context, m staff.Member, sent time.Time, slips []Slip) ([]Outcome, error) {
	if err := readSlips(slips); err != nil {
		return nil, err
	}
	list := make([]Outcome, len(slips))
	for i, s := range slips {
		k := Kept{Slip: s, Clerk: m.ID, Hash: s.hash(), ReceivedAt: h.Now()}
		shown := s.shown(k.ReceivedAt, sent)
		err := h.change(ctx, m.Office, workday.DateOf(shown.TakenAt), func(tx Tx, p *Page) (err error) {
			list[i], err = h.enterOne(ctx, tx, m, p, k, shown)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// enterOne enters a slip and keeps what became of it.
func (h *Hall) enterOne(ctx context.Context, tx Tx, m staff.Member, p *Page, k Kept, shown Slip) (Outcome, error) {
	before, err := tx.LateSlip(ctx, m.ID, k.ID)
	switch {
	case err == nil:
		return before.again(k), nil
	case !errors.Is(err, ErrNoTicket):
		return Outcome{}, err
	}
	refusal := h.enter(ctx, tx, m, p, shown, &k)
	if f := fault.From(refusal); refusal != nil && f.Kind == fault.Internal {
		return Outcome{}, refusal
	}
	o := k.outcome(refusal)
	return o, tx.KeepSlip(ctx, o.Kept)
}

// enter makes or moves the ticket of a slip. It writes nothing before it knows
// that all of it can be done.
func (h *Hall) enter(ctx context.Context, tx Tx, m staff.Member, p *Page, s Slip, k *Kept) error {
	minutes, err := h.checkSlip(ctx, m, s)
	if err != nil {
		return err
	}
	t, err := tx.Numbered(ctx, m.Office, p.Day, SeriesP, s.Number)
	fresh := errors.Is(err, ErrNoTicket)
	switch {
	case fresh:
		t = h.paperTicket(m, p, s, minutes)
	case err != nil:
		return err
	case t.Item != s.Item:
		return ErrSlipTwice
	case t.State == s.Outcome:
		k.Result, k.Ticket, k.State = AlreadyDone, t.ID, t.State
		return nil
	}
	was := t.Version
	events, err := t.walk(s, m, p.Day.Before(h.today()))
	if err != nil {
		return err
	}
	k.Result, k.Ticket, k.State = DoneNow, t.ID, t.State
	if !fresh {
		return h.keepWalk(ctx, tx, func() error { return tx.UpdateTicket(ctx, was, t) }, events)
	}
	first := Event{Ticket: t.ID, Seq: 1, Act: Take, State: Waiting, Lane: t.Lane, Clerk: m.ID, At: t.TakenAt}
	return h.keepWalk(ctx, tx, func() error { return tx.InsertTicket(ctx, t) }, append([]Event{first}, events...))
}

func (h *Hall) keepWalk(ctx context.Context, tx Tx, save func() error, events []Event) error {
	if err := save(); err != nil {
		return err
	}
	for _, e := range events {
		if err := tx.InsertTicketEvent(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hall) paperTicket(m staff.Member, p *Page, s Slip, minutes int) Ticket {
	t := Ticket{
		ID: ID(h.NewID()), Office: m.Office, Day: p.Day, Series: SeriesP, Number: s.Number, Lane: WalkIns, Item: s.Item, Minutes: minutes,
		Origin: Paper, Priority: s.Priority, State: Waiting, Version: 1, Place: s.TakenAt, TakenAt: s.TakenAt,
	}
	if s.Priority != "" {
		t.Lane = Priorities
	}
	return t
}
