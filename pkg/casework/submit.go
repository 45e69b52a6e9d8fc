package casework

import (
	"context"
	"strings"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Result is the answer to an application: what was decided and what it says.
type Result struct {
	Case     Case
	Decision Decision
}

// Submit hands in one's own application and decides at once what becomes of
// it. An incomplete one is no error: its outcome lists all that
// is missing. Errors: ErrForm, ErrCondition, ErrDuplicate, ErrNotOnline,
// ErrNotNow and what citizen.Account.Require says.
func (c *Counter) Submit(ctx context.Context, who citizen.Account, id ID) (Result, error) {
	cs, err := c.Own(ctx, who.Person, id)
	if err != nil {
		return Result{}, err
	}
	return c.submit(ctx, cs, c.mine(ctx, who.Person, id), func(cs *Case) string { return cs.as(who.Person) }, who.Level(c.Now()), func(item *catalog.Item) error {
		if !item.Online {
			return ErrNotOnline
		}
		return who.Require(citizen.Level(item.IdentityLevel), c.Now())
	})
}

// SubmitAtWindow hands in an application for the person at the window, who has
// shown who they are; the clerk's name stands in the record.
func (c *Counter) SubmitAtWindow(ctx context.Context, m staff.Member, id ID) (Result, error) {
	cs, err := c.Seen(ctx, m, id)
	if err != nil {
		return Result{}, err
	}
	return c.submit(ctx, cs, c.inHand(ctx, m, id), func(*Case) string { return by(m) }, citizen.LevelRealName, func(*catalog.Item) error { return nil })
}

func (c *Counter) submit(ctx context.Context, was Case, find func(Tx) (Case, error), actor func(*Case) string, level citizen.Level, may func(*catalog.Item) error) (r Result, err error) {
	n, g, err := c.again(ctx, was)
	if err != nil {
		return r, err
	}
	r.Case, err = c.change(ctx, find, Submit, func(tx Tx, cs *Case) (entry, error) {
		item, err := c.Item(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		if err := may(item); err != nil {
			return entry{}, err
		}
		cs.take(item, g)
		if err := c.keep(ctx, tx, cs, n, g); err != nil {
			return entry{}, err
		}
		if err := c.complete(ctx, tx, item, cs); err != nil {
			return entry{}, err
		}
		p, err := tx.Person(ctx, cs.Person)
		if err != nil {
			return entry{}, err
		}
		r.Decision = c.received(item, cs, c.grade(p.Grade))
		e := submitted(item, *cs, r.Decision, actor(cs))
		if r.Decision.Outcome != Accept {
			return e, c.noticeByRule(ctx, tx, cs, r.Decision)
		}
		e.then = func(tx Tx) error { return c.atOnce(ctx, tx, item, cs, level, p) }
		return e, nil
	})
	return r, err
}

// grade is the grade as the city's setting reads it.
func (c *Counter) grade(g citizen.Grade) citizen.Grade {
	if c.ReadGrade == nil {
		return g
	}
	return c.ReadGrade(g)
}

// complete checks that what is handed in can be decided on.
func (c *Counter) complete(ctx context.Context, tx Tx, item *catalog.Item, cs *Case) error {
	if wrong := gaps(item, cs); len(wrong) > 0 {
		return ErrForm.With(wrong...)
	}
	if open := unsaid(item, cs); len(open) > 0 {
		return ErrCondition.With(open...)
	}
	others, err := tx.OpenCases(ctx, cs.Person, cs.Item)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.ID != cs.ID && alike(item, other, *cs) {
			return ErrDuplicate.Saying("您有一件相同内容的申请（" + other.Number + "）正在办理，请在“我的办件”里查看，不必重复提交")
		}
	}
	return nil
}

// received decides the intake and moves the case accordingly.
func (c *Counter) received(item *catalog.Item, cs *Case, grade citizen.Grade) Decision {
	if cs.State != Received {
		cs.ReceivedAt = c.Now()
	}
	need, promised := c.need(item, cs)
	d := Decide(need, func(code catalog.MaterialCode) bool {
		m, err := cs.material(code)
		return err == nil && m.here()
	}, Terms{item.PromiseDays, item.ToleranceDays}, Standing{Grade: grade, Promised: promised})
	cs.Rule = d.Rule
	switch d.Outcome {
	case Accept, TolerantAccept:
		cs.State, cs.Tolerance = Accepted, d.Outcome == TolerantAccept
		c.start(item, cs)
	case TolerantTake:
		cs.State, cs.ReceivedAt = Receipt, c.Now()
		cs.AnswerDue = noDay
		cs.SupplementDue = cs.tolerated(item, Timing{}).Due(c.Calendar)
	case OneTimeNotice:
		cs.State, cs.AnswerDue = Notified, noDay
	case Refuse:
		cs.State, cs.DecidedAt, cs.DecisionText = Refused, c.Now(), d.Rule.Words()
	}
	return d
}

// need lists what applies to this application. The application form itself is
// there once the form is filled in and handed in. It also says whether every
// gap is promised.
func (c *Counter) need(item *catalog.Item, cs *Case) (list []Requirement, promised bool) {
	promised = true
	for i := range cs.Materials {
		m := &cs.Materials[i]
		if m.Applies != Yes {
			continue
		}
		r := requirement(item, m.Code)
		if m.owed() && isApplication(r.Material) {
			m.State, m.Source, m.Note = Provided, FromForm, "在线填写的申请表"
		}
		if m.owed() && m.State != Committed {
			promised = false
		}
		q := Requirement{Material: m.Code, Core: r.Core, Tolerable: r.Tolerable}
		if m.Source == FromShared && m.here() {
			q.From = m.Note
		}
		list = append(list, q)
	}
	return list, promised
}

// isApplication says whether a material is the application itself, which the
// filled-in form replaces; declarations and statements are not.
func isApplication(m *catalog.Material) bool {
	if m.Form != catalog.FilledForm {
		return false
	}
	for _, end := range []string{"申请表", "申请书", "登记表"} {
		if strings.HasSuffix(m.Name, end) {
			return true
		}
	}
	return false
}

// submitted is what the record and the person hear of an intake.
func submitted(item *catalog.Item, cs Case, d Decision, actor string) entry {
	e := entry{actor: actor, note: string(d.Rule)}
	name := "您申请的“" + item.Name + "”"
	switch d.Outcome {
	case Accept:
		e.told, e.text = notify.CaseAccepted, name+"已受理，承诺"+dayWords(cs.Due)+"前办结"
	case TolerantAccept:
		e.told, e.text = notify.CaseTolerated, name+"已容缺受理，请在"+dayWords(cs.SupplementDue)+"前补齐："+missingNames(item, d)
	case TolerantTake:
		e.told, e.text = notify.CaseTaken, name+"材料已先收下，请在"+dayWords(cs.SupplementDue)+"前补齐，补齐当日受理："+missingNames(item, d)
	case OneTimeNotice:
		e.told, e.text = notify.CaseNotified, name+"还需补正，请一次补齐："+missingNames(item, d)
	case Refuse:
		e.told, e.text = notify.CaseRefused, name+"不予受理："+d.Rule.Words()
	}
	return e
}

func missingNames(item *catalog.Item, d Decision) string {
	var list []string
	for _, r := range d.Missing {
		list = append(list, requirement(item, r.Material).Material.Name)
	}
	return strings.Join(list, "、")
}
