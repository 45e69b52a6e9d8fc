package casework

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/pkg/notify"
)

// sweepMost bounds what one sweep does of a kind; the next goes on.
const sweepMost = 200

// Sweep does what the clock brings: it ends the cases whose supplement did not
// come in time, accepts what was left without an answer, and
// rings the alarms. It returns how many cases it moved; one that
// changed meanwhile is left alone.
func (c *Counter) Sweep(ctx context.Context) (moved int, err error) {
	ids, err := c.Store.Overdue(ctx, c.today(), sweepMost)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		switch err := c.expire(ctx, id); {
		case err == nil:
			moved++
		case !errors.Is(err, ErrNotNow):
			return moved, err
		}
	}
	deemed, err := c.deemSilent(ctx)
	if err != nil {
		return moved, err
	}
	_, err = c.ring(ctx)
	return moved + deemed, err
}

func (c *Counter) expire(ctx context.Context, id ID) error {
	find := func(tx Tx) (Case, error) { return tx.Case(ctx, id) }
	_, err := c.change(ctx, find, Expire, func(tx Tx, cs *Case) (entry, error) {
		if cs.SupplementDue.IsZero() || !c.today().After(cs.SupplementDue) || !cs.unsettled() {
			return entry{}, ErrNotNow
		}
		if r, err := tx.Relief(ctx, cs.ID); err != nil || r.State == ReliefAsked {
			return entry{}, orElse(err, ErrNotNow)
		}
		e := ended(*cs)
		cs.State, cs.ClosedAt, cs.Rule = Terminated, c.Now(), "R-24"
		return e, nil
	})
	return err
}

// ended is what the record and the person hear where the supplement did not
// come: a receipt's materials go back, a tolerated case ends and the broken
// promise is on record.
func ended(cs Case) entry {
	e := entry{actor: system, note: "R-24", told: notify.CaseEnded, text: "您的申请因逾期未补齐材料已终止，失信情况已记录；可重新申请"}
	if cs.State == Receipt {
		e.note, e.text = "R-20", "您交来的材料逾期未补齐，现予退件，请到收件单位取回；可重新申请"
	}
	return e
}

// unsettled says whether something that was owed has not come, or was unfit.
func (cs *Case) unsettled() bool { return len(cs.Owed()) > 0 }
