package queue

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Errors of calling.
var (
	ErrCalls   = fault.New(fault.Conflict, "queue.calls", "这个号已经呼叫到规定次数，请按过号处理")
	ErrReturns = fault.New(fault.Conflict, "queue.returns", "这个号过号的次数已达上限，请重新取号")
	ErrOther   = fault.New(fault.Conflict, "queue.other_clerk", "这个号在其他同事手上，请由该窗口处理")
	ErrLate    = fault.New(fault.Conflict, "queue.reopen_late", "办结已超过可以恢复的时间，请重新取号办理")
)

// CallNext calls whoever is next for the member's window. Two who call at once
// get two tickets. Errors: ErrNoDuty, ErrHandFull, ErrNobody.
func (h *Hall) CallNext(ctx context.Context, m staff.Member) (t Ticket, err error) {
	now := h.Now()
	err = h.change(ctx, m.Office, workday.DateOf(now), func(tx Tx, p *Page) error {
		w, live, err := h.onDuty(ctx, tx, m, *p)
		if err != nil {
			return err
		}
		if holds(live, m.ID) {
			return ErrHandFull
		}
		next := p.next(h.Rules, sortLine(live), w, now)
		if next == nil {
			return ErrNobody
		}
		t, err = h.callTo(ctx, tx, *next, Call, w, m)
		if err != nil {
			return err
		}
		return h.tellNear(ctx, tx, *p)
	})
	return t, err
}

// onDuty finds the member's window and the office's tickets. Error: ErrNoDuty.
func (h *Hall) onDuty(ctx context.Context, tx Tx, m staff.Member, p Page) (w Window, live []Ticket, err error) {
	all, err := tx.Windows(ctx, m.Office)
	if err != nil {
		return w, nil, err
	}
	for _, o := range opened(all, h.Now()) {
		if o.Clerk == m.ID {
			live, err = tx.Live(ctx, m.Office, p.Day)
			return o, live, err
		}
	}
	return w, nil, ErrNoDuty
}

func holds(live []Ticket, clerk staff.ID) bool {
	for _, t := range live {
		if t.Clerk == clerk && t.State.InHand() {
			return true
		}
	}
	return false
}

// callTo calls a ticket to a window and tells its person.
func (h *Hall) callTo(ctx context.Context, tx Tx, was Ticket, act Act, w Window, m staff.Member) (Ticket, error) {
	t, err := was.turned(act)
	if err != nil {
		return was, err
	}
	t.Window, t.Clerk, t.CalledAt, t.Calls = w.Number, m.ID, h.Now(), 1
	if err := h.save(ctx, tx, &t, act, m.ID, t.CalledAt); err != nil {
		return was, err
	}
	return t, h.tell(ctx, tx, t, noticeCalled)
}

// CallBack calls a ticket that was missed or parked. Errors: ErrNoTicket,
// ErrNotNow, ErrNoDuty, ErrHandFull, ErrReturns.
func (h *Hall) CallBack(ctx context.Context, m staff.Member, id ID) (Ticket, error) {
	return h.step(ctx, m, id, func(tx Tx, p *Page, was Ticket) (Ticket, error) {
		if _, err := was.turned(CallBack); err != nil {
			return was, err
		}
		w, live, err := h.onDuty(ctx, tx, m, *p)
		if err != nil {
			return was, err
		}
		if holds(live, m.ID) {
			return was, ErrHandFull
		}
		if err := was.comesBack(h.Rules); err != nil {
			return was, err
		}
		return h.callTo(ctx, tx, was, CallBack, w, m)
	})
}

// comesBack counts that a missed ticket comes back. Error: ErrReturns.
func (t *Ticket) comesBack(r Rules) error {
	if t.State != Missed {
		return nil
	}
	if t.Returns >= r.ReturnsMost {
		return ErrReturns
	}
	t.Returns++
	return nil
}

// Recall calls the ticket in hand once more. Error: ErrCalls, and those of inHand.
func (h *Hall) Recall(ctx context.Context, m staff.Member, id ID) (Ticket, error) {
	return h.inHand(ctx, m, id, Recall, func(tx Tx, t *Ticket) error {
		if t.Calls >= h.Rules.CallsMost {
			return ErrCalls
		}
		t.Calls++
		t.CalledAt = h.Now()
		return h.tell(ctx, tx, *t, noticeCalled)
	})
}

// Skip passes over the ticket in hand, whose person has not come.
func (h *Hall) Skip(ctx context.Context, m staff.Member, id ID) (Ticket, error) {
	return h.inHand(ctx, m, id, Skip, func(tx Tx, t *Ticket) error { return h.tell(ctx, tx, *t, noticeMissed) })
}

// inHand does an act with the ticket that the member has in hand.
// Errors: ErrNoTicket, ErrNotNow, ErrOther.
func (h *Hall) inHand(ctx context.Context, m staff.Member, id ID, act Act, edit func(Tx, *Ticket) error) (Ticket, error) {
	return h.step(ctx, m, id, func(tx Tx, _ *Page, was Ticket) (Ticket, error) {
		t, err := was.turned(act)
		if err != nil {
			return was, err
		}
		if was.Clerk != m.ID {
			return was, ErrOther.Saying("排队号" + was.Label() + "在" + windowWords(was.Window) + "的同事手上，请由该窗口处理")
		}
		if err := edit(tx, &t); err != nil {
			return was, err
		}
		return t, h.save(ctx, tx, &t, act, m.ID, h.Now())
	})
}

// step does something with one of the office's tickets, on its page. A ticket
// of another office is none. Error: ErrNoTicket.
func (h *Hall) step(ctx context.Context, m staff.Member, id ID, do func(Tx, *Page, Ticket) (Ticket, error)) (t Ticket, err error) {
	known, err := h.Store.Ticket(ctx, id)
	if err != nil {
		return t, err
	}
	if known.Office != m.Office {
		return t, ErrNoTicket
	}
	err = h.change(ctx, known.Office, known.Day, func(tx Tx, p *Page) error {
		was, err := tx.Ticket(ctx, id)
		if err != nil {
			return err
		}
		t, err = do(tx, p, was)
		return err
	})
	return t, err
}
