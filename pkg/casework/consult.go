package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// OpinionState is where a department's opinion stands.
type OpinionState string

// The states of an opinion.
const (
	Asked    OpinionState = "asked"
	Agreed   OpinionState = "agreed"
	Objected OpinionState = "objected"
)

// Opinion is what one department was asked in a joint review (联审联办) and
// said; each has a clock of its own.
type Opinion struct {
	Case       ID
	Department catalog.DepartmentCode
	State      OpinionState
	Decides    place.DivisionCode
	Due        workday.Date
	AskedBy    staff.ID
	AskedAt    time.Time
	Ask        string // what the department is asked
	GivenBy    staff.ID
	GivenAt    time.Time
	Text       string
}

// Ruling settles what departments do not agree on.
type Ruling struct {
	Grant bool
	By    staff.ID
	At    time.Time
	Text  string
}

// What can go wrong in a joint review.
var (
	ErrDepartments  = fault.New(fault.Invalid, "casework.departments", "联审部门不对：请列出本部门以外的、目录里有的部门，不要重复")
	ErrConsulted    = fault.New(fault.Conflict, "casework.consulted", "其中有部门已在本件联审之中，请刷新后再选")
	ErrNoOpinion    = fault.New(fault.NotFound, "casework.no_opinion", "本部门没有待出具的联审意见，请刷新后再看")
	ErrNotConsulted = fault.New(fault.Conflict, "casework.not_consulted", "本事项须联审，请先向有关部门征求意见再决定")
	ErrOpinionsDue  = fault.New(fault.Conflict, "casework.opinions_due", "还有部门没有出具联审意见，请等齐后再决定，或提请负责人裁定")
	ErrDisagreement = fault.New(fault.Conflict, "casework.disagreement", "联审部门意见与拟作决定不一致，请提请负责人裁定")
	ErrNothingToSet = fault.New(fault.Conflict, "casework.no_disagreement", "联审没有分歧，也没有逾期未出的意见，不需要裁定，请等意见出齐后直接决定")
	ErrRuled        = fault.New(fault.Conflict, "casework.ruled", "联审分歧已经裁定，请按裁定办理")
)

const (
	opinionAsked notify.Kind = "case.opinion_asked" // to the reviewers of a department
	opinionGiven notify.Kind = "case.opinion_given" // to who leads
	opinionMost              = 20                   // working days
)

// Ask is what a lead department asks others.
type Ask struct {
	Departments []catalog.DepartmentCode
	Days        int // working days that they have
	Text        string
}

// Consult asks departments of the deciding division for their opinions, all at
// once; the department of the item leads. Errors: ErrDepartments, ErrDays, ErrConsulted.
func (c *Counter) Consult(ctx context.Context, m staff.Member, id ID, a Ask) (Case, error) {
	if a.Days < 1 || a.Days > opinionMost {
		return Case{}, ErrDays.Saying(fmt.Sprintf("出具意见的时间应为 1 到 %d 个工作日，请重新填写", opinionMost))
	}
	return c.change(ctx, c.inHand(ctx, m, id), Consult, func(tx Tx, cs *Case) (entry, error) {
		if m.Role != staff.Reviewer {
			return entry{}, ErrNotDecider
		}
		if err := c.departments(ctx, *cs, a.Departments); err != nil {
			return entry{}, err
		}
		for _, d := range a.Departments {
			o := Opinion{
				Case: cs.ID, Department: d, State: Asked, Decides: cs.Decides, Due: c.Calendar.Add(c.today(), a.Days),
				AskedBy: m.ID, AskedAt: c.Now(), Ask: a.Text,
			}
			if err := tx.InsertOpinion(ctx, o); err != nil {
				return entry{}, err
			}
		}
		return entry{actor: by(m), note: joined(a.Departments), then: func(tx Tx) error { return c.tellAsked(ctx, tx, *cs, a) }}, nil
	})
}

func (c *Counter) departments(ctx context.Context, cs Case, list []catalog.DepartmentCode) error {
	e, err := c.City.Edition(ctx, cs.Edition)
	if err != nil {
		return err
	}
	seen := map[catalog.DepartmentCode]bool{cs.Department: true}
	for _, d := range list {
		if _, err := e.Catalogue.Department(d); err != nil || seen[d] {
			return ErrDepartments
		}
		seen[d] = true
	}
	if len(list) == 0 {
		return ErrDepartments
	}
	return nil
}

func joined(list []catalog.DepartmentCode) string {
	words := make([]string, len(list))
	for i, d := range list {
		words[i] = string(d)
	}
	return strings.Join(words, " ")
}

func (c *Counter) tellAsked(ctx context.Context, tx Tx, cs Case, a Ask) error {
	for _, d := range a.Departments {
		to, err := c.posted(ctx, tx, cs.Decides, staff.Reviewer, d)
		if err != nil {
			return err
		}
		text := "有一件联审办件请本部门在" + dayWords(c.Calendar.Add(c.today(), a.Days)) + "前出具意见"
		if err := c.tellStaff(ctx, tx, cs, opinionAsked, text, to); err != nil {
			return err
		}
	}
	return nil
}

// Opine gives the opinion of the member's department, once; an objection needs
// its reason. Errors: ErrReason, ErrNoOpinion, ErrNotNow.
func (c *Counter) Opine(ctx context.Context, m staff.Member, id ID, agree bool, text string) (Case, error) {
	if !agree && text == "" {
		return Case{}, ErrReason
	}
	find := func(tx Tx) (Case, error) { return c.seen(ctx, tx, m, id) }
	return c.change(ctx, find, Opine, func(tx Tx, cs *Case) (entry, error) {
		o := Opinion{Case: cs.ID, Department: m.Department, State: Agreed, GivenBy: m.ID, GivenAt: c.Now(), Text: text}
		if !agree {
			o.State = Objected
		}
		if err := tx.GiveOpinion(ctx, o); err != nil {
			return entry{}, err
		}
		return entry{actor: by(m), note: string(m.Department) + " " + string(o.State), free: text, then: func(tx Tx) error {
			to, err := tx.PeopleAt(ctx, []staff.ID{cs.Reviewer})
			if err != nil {
				return err
			}
			return c.tellStaff(ctx, tx, *cs, opinionGiven, "联审办件有一个部门已出具意见，请查看", to)
		}}, nil
	})
}

// SettleCase rules where departments disagree or let their time run out, by
// the head of the office that decides. Errors: ErrReason, ErrNothingToSet,
// ErrRuled, ErrNotSuper.
func (c *Counter) SettleCase(ctx context.Context, m staff.Member, id ID, grant bool, text string) (Case, error) {
	if text == "" {
		return Case{}, ErrReason
	}
	return c.change(ctx, c.supervised(ctx, m, id), Settle, func(tx Tx, cs *Case) (entry, error) {
		list, err := tx.Opinions(ctx, cs.ID)
		if err != nil {
			return entry{}, err
		}
		open := slices.ContainsFunc(list, func(o Opinion) bool {
			return o.State == Objected || (o.State == Asked && c.today().After(o.Due))
		})
		if !open {
			return entry{}, ErrNothingToSet
		}
		if err := tx.InsertRuling(ctx, cs.ID, Ruling{grant, m.ID, c.Now(), text}); err != nil {
			return entry{}, err
		}
		return entry{actor: by(m), note: fmt.Sprintf("grant=%t", grant), free: text}, nil
	})
}

// agreed is nil where a decision is what the joint review leads to: what all
// departments said, or what a supervisor ruled.
func (c *Counter) agreed(ctx context.Context, tx Tx, item *catalog.Item, cs Case, v Verdict) error {
	list, err := tx.Opinions(ctx, cs.ID)
	switch {
	case err != nil:
		return err
	case len(list) == 0 && item.Tier == catalog.Complex && v.Grant:
		return ErrNotConsulted
	case len(list) == 0:
		return nil
	}
	if r, err := tx.Ruling(ctx, cs.ID); err != nil || !r.At.IsZero() {
		if err == nil && r.Grant != v.Grant {
			return ErrDisagreement
		}
		return err
	}
	want := Agreed
	if !v.Grant {
		want = Objected
	}
	for _, o := range list {
		switch o.State {
		case Asked:
			return ErrOpinionsDue
		case want:
		default:
			return ErrDisagreement
		}
	}
	return nil
}

// Consulted lists what departments were asked in a case, and what was ruled.
func (c *Counter) Consulted(ctx context.Context, cs Case) ([]Opinion, Ruling, error) {
	list, err := c.Store.Opinions(ctx, cs.ID)
	if err != nil {
		return nil, Ruling{}, err
	}
	r, err := c.Store.Ruling(ctx, cs.ID)
	return list, r, err
}

// OpinionsDue lists what the member's department is asked, oldest first.
func (c *Counter) OpinionsDue(ctx context.Context, m staff.Member, after ID, most int) ([]Opinion, error) {
	division, err := c.division(ctx, m)
	if err != nil {
		return nil, err
	}
	return c.Store.OpinionsAsked(ctx, division, m.Department, after, most)
}
