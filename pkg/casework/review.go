package casework

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// concerns says whether a case is this member's business: accepted at their
// office, or decided by their department in their office's division.
func (c *Counter) concerns(ctx context.Context, m staff.Member, cs Case) error {
	if m.Role != staff.Reviewer {
		if m.Office != cs.Office {
			return staff.ErrOtherOffice
		}
		return nil
	}
	division, err := c.division(ctx, m)
	if err != nil {
		return err
	}
	if cs.Department != m.Department || division != cs.Decides {
		return staff.ErrOtherOffice
	}
	return nil
}

func (c *Counter) division(ctx context.Context, m staff.Member) (place.DivisionCode, error) {
	e, err := c.City.Current(ctx)
	if err != nil {
		return "", err
	}
	office, err := e.Places.Office(m.Office)
	if err != nil {
		return "", err
	}
	return office.Division, nil
}

// Seen returns a case that concerns the member.
func (c *Counter) Seen(ctx context.Context, m staff.Member, id ID) (Case, error) {
	return c.seen(ctx, c.Store, m, id)
}

func (c *Counter) seen(ctx context.Context, r Reader, m staff.Member, id ID) (Case, error) {
	cs, err := r.Case(ctx, id)
	if err != nil {
		return Case{}, err
	}
	return cs, c.concerns(ctx, m, cs)
}

// inHand finds a case that the member has taken; the reviewer of the deciding
// department needs no other clerk's leave.
func (c *Counter) inHand(ctx context.Context, m staff.Member, id ID) func(Tx) (Case, error) {
	return func(tx Tx) (Case, error) {
		cs, err := c.seen(ctx, tx, m, id)
		switch {
		case err != nil:
			return cs, err
		case m.Role == staff.Reviewer || cs.Clerk == m.ID:
			return cs, nil
		case cs.Clerk == "":
			return cs, ErrNotTaken
		default:
			return cs, ErrOtherClerk
		}
	}
}

// Worklist lists the open cases that concern the member, oldest first.
func (c *Counter) Worklist(ctx context.Context, m staff.Member, after ID, most int) ([]Case, error) {
	w := Work{Office: m.Office}
	if m.Role == staff.Reviewer {
		division, err := c.division(ctx, m)
		if err != nil {
			return nil, err
		}
		w = Work{Decides: division, Department: m.Department}
	}
	return c.Store.Worklist(ctx, w, after, most)
}

// TakeOver takes a case in hand at the window. Errors: ErrOtherClerk, ErrNotNow.
func (c *Counter) TakeOver(ctx context.Context, m staff.Member, id ID) (cs Case, err error) {
	err = c.Store.InTx(ctx, func(tx Tx) error {
		if cs, err = c.seen(ctx, tx, m, id); err != nil {
			return err
		}
		if err := cs.State.check(Take); err != nil {
			return err
		}
		cs.Clerk = m.ID
		if err := tx.TakeCase(ctx, cs); err != nil {
			return err
		}
		return c.record(ctx, tx, cs, Take, entry{actor: by(m)})
	})
	return cs, err
}

// RecordOriginals notes the paper originals of a material that the applicant
// has shown or handed in at the window, which also finds it fit.
func (c *Counter) RecordOriginals(ctx context.Context, m staff.Member, id ID, code catalog.MaterialCode, copies int) (Case, error) {
	return c.change(ctx, c.inHand(ctx, m, id), Record, func(tx Tx, cs *Case) (entry, error) {
		mat, err := cs.material(code)
		if err != nil {
			return entry{}, err
		}
		e := entry{actor: by(m), note: string(code)}
		if mat.State != Fit {
			if e, err = c.provided(ctx, tx, cs, mat, FromPaper); err != nil {
				return entry{}, err
			}
		}
		if mat.Applies == Unsaid {
			mat.Applies = Yes
		}
		e.actor = by(m)
		mat.State, mat.Originals = Fit, copies
		return e, nil
	})
}

// JudgeMaterial finds a material fit or, with a reason, unfit. An unfit one
// may be replaced until the deadline.
func (c *Counter) JudgeMaterial(ctx context.Context, m staff.Member, id ID, code catalog.MaterialCode, fit bool, note string) (Case, error) {
	if !fit && note == "" {
		return Case{}, ErrReason
	}
	return c.change(ctx, c.inHand(ctx, m, id), Judge, func(_ Tx, cs *Case) (entry, error) {
		mat, err := cs.material(code)
		if err != nil {
			return entry{}, err
		}
		if !mat.here() && mat.State != Unfit {
			return entry{}, ErrNotNow.Saying("这份材料还没有交，不能审核；请等申请人补齐")
		}
		if mat.State == Unfit && fit && cs.late(c.today()) {
			return entry{}, ErrLate
		}
		e := entry{actor: by(m), note: string(code)}
		mat.State, mat.Note = Fit, note
		if !fit {
			mat.State = Unfit
			e.told, e.text = notify.MaterialUnfit, "您有一份材料审核不合格，请在“我的办件”查看原因并更换"
		}
		return e, nil
	})
}

// DecideCase grants or refuses an accepted case. On the spot at the window for
// a simple item of that office's own authority, by the reviewer otherwise.
// Nothing is granted before each material, tolerated ones too, is found fit
// . Errors: ErrNotDecider, ErrMaterialsDue, ErrReason, ErrNotNow.
func (c *Counter) DecideCase(ctx context.Context, m staff.Member, id ID, grant bool, text string) (cs Case, err error) {
	if !grant && text == "" {
		return Case{}, ErrReason
	}
	err = c.Store.InTx(ctx, func(tx Tx) error {
		if cs, err = c.inHand(ctx, m, id)(tx); err != nil {
			return err
		}
		if err := cs.State.check(Resolve); err != nil {
			return err
		}
		item, err := c.item(ctx, cs)
		if err != nil {
			return err
		}
		if err := c.mayDecide(ctx, m, item, cs); err != nil {
			return err
		}
		return c.decide(ctx, tx, m, item, &cs, grant, text)
	})
	return cs, err
}

func (c *Counter) mayDecide(ctx context.Context, m staff.Member, item *catalog.Item, cs Case) error {
	if m.Role == staff.Reviewer {
		return nil
	}
	division, err := c.division(ctx, m)
	if err != nil {
		return err
	}
	if item.Tier != catalog.Simple || division != cs.Decides {
		return ErrNotDecider
	}
	return nil
}

func (c *Counter) decide(ctx context.Context, tx Tx, m staff.Member, item *catalog.Item, cs *Case, grant bool, text string) error {
	cs.DecidedAt, cs.DecidedBy, cs.DecisionText = c.Now(), m.ID, text
	if !grant {
		cs.State = Refused
		if err := tx.SaveCase(ctx, *cs, Accepted); err != nil {
			return err
		}
		return c.record(ctx, tx, *cs, Resolve, entry{by(m), "refused", notify.CaseRefused,
			"您申请的“" + item.Name + "”未获准予，理由见“我的办件”；对决定不服的，可依法申请复议或诉讼"})
	}
	cs.State = Granted
	if err := tx.GrantCase(ctx, *cs); err != nil {
		return err
	}
	if err := c.closeEmpty(ctx, tx, item, cs); err != nil {
		return err
	}
	return c.record(ctx, tx, *cs, Resolve, entry{by(m), "granted", notify.CaseGranted,
		"您申请的“" + item.Name + "”已准予，结果将按您选择的方式送达"})
}

// closeEmpty closes a case whose item ends in nothing that could be handed
// over, such as money paid out.
func (c *Counter) closeEmpty(ctx context.Context, tx Tx, item *catalog.Item, cs *Case) error {
	if item.ResultKind != catalog.ResultNone {
		return nil
	}
	cs.State, cs.ClosedAt = Closed, c.Now()
	return tx.CloseCase(ctx, string(cs.ID), cs.ClosedAt)
}

// WithdrawOwn ends one's own application before it is decided.
func (c *Counter) WithdrawOwn(ctx context.Context, who citizen.ID, id ID) (Case, error) {
	return c.change(ctx, c.mine(ctx, who, id), Withdraw, func(_ Tx, cs *Case) (entry, error) {
		cs.State, cs.ClosedAt = Withdrawn, c.Now()
		return entry{actor: cs.as(who)}, nil
	})
}
