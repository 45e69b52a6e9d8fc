package casework

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/pkg/notify"
)

// Sweep ends the cases whose supplement did not come in time. It
// returns how many; a case that changed meanwhile is left alone.
func (c *Counter) Sweep(ctx context.Context) (ended int, err error) {
	ids, err := c.Store.Overdue(ctx, c.today(), 100)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		switch err := c.expire(ctx, id); {
		case err == nil:
			ended++
		case !errors.Is(err, ErrNotNow):
			return ended, err
		}
	}
	return ended, nil
}

func (c *Counter) expire(ctx context.Context, id ID) error {
	find := func(tx Tx) (Case, error) { return tx.Case(ctx, id) }
	_, err := c.change(ctx, find, Expire, func(_ Tx, cs *Case) (entry, error) {
		if cs.SupplementDue.IsZero() || !c.today().After(cs.SupplementDue) || !cs.unsettled() {
			return entry{}, ErrNotNow
		}
		cs.State, cs.ClosedAt, cs.Rule = Terminated, c.Now(), "R-24"
		return entry{system, "R-24", notify.CaseEnded, "您的申请因逾期未补齐材料已终止，可重新申请"}, nil
	})
	return err
}

// unsettled says whether something that was owed has not come, or was unfit.
func (cs *Case) unsettled() bool { return len(cs.Owed()) > 0 }
