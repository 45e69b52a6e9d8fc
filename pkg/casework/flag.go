package casework

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/pkg/exchange"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// What people hear where a base takes back what a case rests on.
const (
	sharedRevoked notify.Kind = "case.shared_revoked"        // to the person
	sharedFlagged notify.Kind = "case.shared_revoked.review" // to staff
)

// Flag marks the cases that rest on what a base has taken back, each once:
// before acceptance the person brings the material, after it the reviewer has
// to find it fit anew, and after the decision supervisors look at it.
func (c *Counter) Flag(ctx context.Context) (flagged int, err error) {
	ids, err := c.Store.Unflagged(ctx, sweepMost)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		switch err := c.flag(ctx, id); {
		case err == nil:
			flagged++
		case errors.Is(err, ErrNotNow): // over: nothing rests on it any more
			if err := c.Store.InTx(ctx, func(tx Tx) error { return tx.FlagUses(ctx, string(id), c.Now()) }); err != nil {
				return flagged, err
			}
		default:
			return flagged, err
		}
	}
	return flagged, nil
}

func (c *Counter) flag(ctx context.Context, id ID) error {
	find := func(tx Tx) (Case, error) { return tx.Case(ctx, id) }
	_, err := c.change(ctx, find, Revoke, func(tx Tx, cs *Case) (entry, error) {
		uses, err := tx.UsesOf(ctx, string(id))
		if err != nil {
			return entry{}, err
		}
		e := c.unsettle(ctx, cs, uses)
		return e, tx.FlagUses(ctx, string(id), c.Now())
	})
	return err
}

func fresh(u exchange.Use) bool { return u.State == exchange.UseRevoked && u.FlaggedAt.IsZero() }

// unsettle takes what was revoked out of a case, as far as its state lets it.
func (c *Counter) unsettle(ctx context.Context, cs *Case, uses []exchange.Use) entry {
	e := entry{actor: system, note: sharedNote, told: sharedRevoked}
	office := func(text string) func(Tx) error {
		return func(tx Tx) error { return c.tellOffice(ctx, tx, *cs, sharedFlagged, text) }
	}
	switch cs.State {
	case Receipt, Accepted:
		for _, u := range uses {
			if m, err := cs.material(u.Material); err == nil && fresh(u) && m.Source == FromShared {
				m.State, m.Note = Provided, u.Source+"已撤销这项信息，须重新审核"
			}
		}
		e.text = "您的申请所用的一项共享信息已被来源单位撤销，审批人员将重新核对；需要您补充时会另行告知"
		e.then = office("有一件办件依据的共享信息已被来源单位撤销，请重新审核该材料")
	case Granted, Closed:
		e.text = "您已办结的申请所用的一项共享信息已被来源单位撤销，决定机关将依法核对"
		e.then = func(tx Tx) error {
			return c.tellSupervisors(ctx, tx, *cs, sharedFlagged, "有一件已作出决定的办件，其依据的共享信息已被来源单位撤销，请依法核对是否更正或撤销")
		}
	default:
		cs.drop(uses, fresh, "来源单位已撤销这项信息，请自行提交")
		e.text = "您的申请所用的一项共享信息已被来源单位撤销，请自行填写或提交"
	}
	return e
}

// Flags lists what the member's cases rest on and was taken back, newest first.
func (c *Counter) Flags(ctx context.Context, m staff.Member, before string, most int) ([]exchange.Use, error) {
	w, err := c.work(ctx, m)
	if err == nil && m.Role == staff.OfficeManager { // answers for what is decided there as well
		w.Decides, err = c.division(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	return c.Exchange.Store.Flagged(ctx, exchange.Flags(w), before, most)
}
