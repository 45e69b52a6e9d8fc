package delivery

import (
	"context"
	"errors"
)

// step does one act on a waybill in one transaction. What is refused is
// counted: that transaction stays, and the refusal is told afterwards.
func (d *Desk) step(ctx context.Context, id string, s Step) (is Waybill, err error) {
	var refusal error
	s.At = d.Now()
	err = d.Store.InTx(ctx, func(tx Tx) error {
		was, err := tx.Waybill(ctx, id)
		if err != nil {
			return err
		}
		if is, refusal = was.After(s); refusal != nil {
			return count(ctx, tx, was, s, refusal)
		}
		return settle(ctx, tx, was, is, s)
	})
	if err != nil {
		return Waybill{}, err
	}
	return is, refusal
}

// count keeps what was refused, and warns the person of a code that somebody
// could not tell five times.
func count(ctx context.Context, tx Tx, w Waybill, s Step, refusal error) error {
	if !errors.Is(refusal, ErrWrongCode) {
		return tx.CountRefusal(ctx, w.ID)
	}
	if err := tx.CountWrongCode(ctx, w.ID); err != nil {
		return err
	}
	if w.WrongCodes++; w.Locked() {
		return tx.Tell(ctx, w.notice(noticeLocked, lockedText, s.At))
	}
	return nil
}

// settle stores a step that was taken and what follows from it.
func settle(ctx context.Context, tx Tx, was, is Waybill, s Step) error {
	if err := tx.MoveWaybill(ctx, was, is); err != nil {
		return err
	}
	err := tx.AddEvent(ctx, is.ID, Event{At: s.At, Act: s.Act, Actor: s.By.ID, Reason: s.Reason, Note: s.Note})
	if err != nil {
		return err
	}
	if s.Act == Deliver {
		return conclude(ctx, tx, is.hands(s.By, s.At), "courier_code")
	}
	if kind, text := is.news(s); kind != "" {
		return tx.Tell(ctx, is.notice(kind, text, s.At))
	}
	return nil
}
