package casework

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

// WithdrawOwn ends one's own application before it is decided.
func (c *Counter) WithdrawOwn(ctx context.Context, who citizen.ID, id ID) (Case, error) {
	return c.change(ctx, c.mine(ctx, who, id), Withdraw, func(_ Tx, cs *Case) (entry, error) {
		cs.State, cs.ClosedAt = Withdrawn, c.Now()
		return entry{actor: cs.as(who)}, nil
	})
}
