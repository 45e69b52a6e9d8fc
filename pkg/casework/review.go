package casework

import (
	"context"
	"errors"
	"slices"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// handles says whether a case is this member's to handle: accepted at their
// office, or decided by their department in their office's division.
func (c *Counter) handles(ctx context.Context, m staff.Member, cs Case) error {
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

// concerns says whether a member may see a case: it is theirs to handle, they
// supervise who decides it, or their department was asked for its opinion.
func (c *Counter) concerns(ctx context.Context, r Reader, m staff.Member, cs Case) error {
	err := c.handles(ctx, m, cs)
	if !errors.Is(err, staff.ErrOtherOffice) {
		return err
	}
	division, broken := c.division(ctx, m)
	if broken != nil || division != cs.Decides {
		return orElse(broken, err)
	}
	if m.Role == staff.OfficeManager {
		return nil
	}
	if m.Role != staff.Reviewer {
		return err
	}
	asked, broken := r.Opinions(ctx, cs.ID)
	if broken != nil || slices.ContainsFunc(asked, func(o Opinion) bool { return o.Department == m.Department }) {
		return broken
	}
	return err
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
	return cs, c.concerns(ctx, r, m, cs)
}

// inHand finds a case that the member has in hand. The first reviewer of the
// deciding department who acts in a case takes it, so that one person reviews
// it; it passes to another by being handed over.
func (c *Counter) inHand(ctx context.Context, m staff.Member, id ID) func(Tx) (Case, error) {
	return func(tx Tx) (Case, error) {
		cs, err := tx.Case(ctx, id)
		if err != nil {
			return cs, err
		}
		if err := c.handles(ctx, m, cs); err != nil {
			return cs, err
		}
		holder := cs.Clerk
		if m.Role == staff.Reviewer {
			holder = cs.Reviewer
		}
		switch {
		case holder == m.ID || cs.State.over():
			return cs, nil
		case holder != "":
			return cs, c.others(ctx, tx, holder)
		case m.Role != staff.Reviewer:
			return cs, ErrNotTaken
		default:
			cs.Reviewer = m.ID
			return cs, tx.ClaimCase(ctx, id, m.ID)
		}
	}
}

// others says in whose hands a case is.
func (c *Counter) others(ctx context.Context, tx Tx, holder staff.ID) error {
	m, err := tx.Member(ctx, holder)
	if errors.Is(err, staff.ErrNoMember) {
		return ErrOtherClerk
	}
	if err != nil {
		return err
	}
	return ErrOtherClerk.Saying("这个办件正由" + m.Name.String() + "办理，请与其联系，或由其本人、负责人转交")
}

// supervised finds a case for the head of the office that decides it.
func (c *Counter) supervised(ctx context.Context, m staff.Member, id ID) func(Tx) (Case, error) {
	return func(tx Tx) (Case, error) {
		cs, err := c.seen(ctx, tx, m, id)
		if err != nil {
			return cs, err
		}
		division, err := c.division(ctx, m)
		if err != nil {
			return cs, err
		}
		if m.Role != staff.OfficeManager || division != cs.Decides {
			return cs, ErrNotSuper
		}
		return cs, nil
	}
}

// work is what a member's worklist holds.
func (c *Counter) work(ctx context.Context, m staff.Member) (Work, error) {
	if m.Role != staff.Reviewer {
		return Work{Office: m.Office}, nil
	}
	division, err := c.division(ctx, m)
	return Work{Decides: division, Department: m.Department}, err
}

// Worklist lists the open cases that concern the member, oldest first.
func (c *Counter) Worklist(ctx context.Context, m staff.Member, after ID, most int) ([]Case, error) {
	w, err := c.work(ctx, m)
	if err != nil {
		return nil, err
	}
	return c.Store.Worklist(ctx, w, after, most)
}

// TakeOver takes a case in hand: at the window, or in the department.
// Errors: ErrOtherClerk, ErrNotNow.
func (c *Counter) TakeOver(ctx context.Context, m staff.Member, id ID) (cs Case, err error) {
	err = c.Store.InTx(ctx, func(tx Tx) error {
		if m.Role == staff.Reviewer {
			cs, err = c.inHand(ctx, m, id)(tx)
		} else {
			cs, err = c.taken(ctx, tx, m, id)
		}
		if err != nil {
			return err
		}
		if err := cs.State.check(Take); err != nil {
			return err
		}
		return c.record(ctx, tx, cs, Take, entry{actor: by(m)})
	})
	return cs, err
}

func (c *Counter) taken(ctx context.Context, tx Tx, m staff.Member, id ID) (Case, error) {
	cs, err := tx.Case(ctx, id)
	if err != nil {
		return cs, err
	}
	if err := c.handles(ctx, m, cs); err != nil {
		return cs, err
	}
	if cs.Clerk != "" && cs.Clerk != m.ID && !cs.State.over() {
		return cs, c.others(ctx, tx, cs.Clerk)
	}
	if err := cs.State.check(Take); err != nil {
		return cs, err
	}
	cs.Clerk = m.ID
	return cs, tx.TakeCase(ctx, cs)
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
			if e, err = c.provided(ctx, tx, cs, mat, Arrival{From: FromPaper, Channel: ByWindow, Office: m.Office, By: by(m)}); err != nil {
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
	return c.change(ctx, c.inHand(ctx, m, id), Judge, func(tx Tx, cs *Case) (entry, error) {
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
		return e, c.judged(ctx, tx, cs)
	})
}

// judged lets the clocks wait for the applicant while a material is unfit, and
// go on when none is.
func (c *Counter) judged(ctx context.Context, tx Tx, cs *Case) error {
	if cs.State != Accepted {
		return nil
	}
	item, err := c.Item(ctx, *cs)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(cs.Materials, func(m Material) bool { return m.State == Unfit && m.Applies == Yes }) {
		err = c.owes(ctx, tx, cs)
	} else {
		err = c.owesNot(ctx, tx, cs)
	}
	if err != nil {
		return err
	}
	return c.retimed(ctx, tx, item, cs)
}

// Verdict is a decision as it is made.
type Verdict struct {
	Grant   bool
	Text    string            // the reason; a refusal needs one
	Outputs map[string]string // what a granted case has produced, by form field
}

// DecideCase grants or refuses an accepted case. On the spot at the window for
// a simple item of that office's own authority, by the reviewer otherwise.
// Nothing is granted before each material, tolerated ones too, is found fit
// . Errors: ErrNotDecider, ErrMaterialsDue, ErrReason, ErrNotNow, and
// those of joint review.
func (c *Counter) DecideCase(ctx context.Context, m staff.Member, id ID, v Verdict) (cs Case, err error) {
	if !v.Grant && v.Text == "" {
		return Case{}, ErrReason
	}
	err = c.Store.InTx(ctx, func(tx Tx) error {
		if cs, err = c.inHand(ctx, m, id)(tx); err != nil {
			return err
		}
		if err := cs.State.check(Resolve); err != nil {
			return err
		}
		item, err := c.Item(ctx, cs)
		if err != nil {
			return err
		}
		if err := c.mayDecide(ctx, m, item, cs); err != nil {
			return err
		}
		e, err := c.City.Edition(ctx, cs.Edition)
		if err != nil {
			return err
		}
		if err := checkOutputs(e.Catalogue, v.Outputs); err != nil {
			return err
		}
		if err := c.agreed(ctx, tx, item, cs, v); err != nil {
			return err
		}
		return c.decide(ctx, tx, m, item, &cs, v)
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

func (c *Counter) decide(ctx context.Context, tx Tx, m staff.Member, item *catalog.Item, cs *Case, v Verdict) error {
	cs.DecidedAt, cs.DecidedBy, cs.DecisionText = c.Now(), m.ID, v.Text
	if !v.Grant {
		cs.State = Refused
		if err := tx.SaveCase(ctx, *cs, Accepted); err != nil {
			return err
		}
		return c.record(ctx, tx, *cs, Resolve, entry{actor: by(m), note: "refused", told: notify.CaseRefused,
			text: "您申请的“" + item.Name + "”未获准予，理由见“我的办件”；对决定不服的，可依法申请复议或诉讼"})
	}
	cs.State = Granted
	if err := tx.GrantCase(ctx, *cs); err != nil {
		return err
	}
	if err := produced(ctx, tx, cs.ID, v.Outputs); err != nil {
		return err
	}
	if err := c.closeEmpty(ctx, tx, item, cs); err != nil {
		return err
	}
	return c.record(ctx, tx, *cs, Resolve, entry{actor: by(m), note: "granted", told: notify.CaseGranted,
		text: "您申请的“" + item.Name + "”已准予，结果将按您选择的方式送达"})
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
