package casework

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Instant is a decision at once by rule (秒批): which version of the rule, on
// which facts, and what a person who looked again has said.
type Instant struct {
	Case    ID
	Number  string // of the case, where it is listed
	Rule    string
	Version int
	Grant   bool
	Facts   map[string]string
	At      time.Time

	AskedAt time.Time // a review by a person, zero = not asked
	Asked   string
	SeenBy  staff.ID
	SeenAt  time.Time
	Upheld  bool
	Seen    string
}

// What can go wrong with a review of an automatic decision.
var (
	ErrNotInstant  = fault.New(fault.NotFound, "casework.not_instant", "这个办件不是系统自动作出的决定，请刷新后核对")
	ErrReviewAsked = fault.New(fault.Conflict, "casework.review_asked", "已申请过人工复核，请等待结果")
	ErrNoReview    = fault.New(fault.NotFound, "casework.no_review", "没有待复核的申请，请刷新后再看")
)

const (
	reviewAsked notify.Kind = "case.review_asked" // to reviewers
	reviewDone  notify.Kind = "case.reviewed"
)

// rule is who decides where no person does.
const rule staff.ID = "rule"

// facts are what a rule may rest on: what is known, not what was claimed.
func facts(item *catalog.Item, cs Case, level citizen.Level, p citizen.Person, today workday.Date) map[string]string {
	list := map[string]string{catalog.FactIdentity: strconv.Itoa(int(level)), catalog.FactMaterials: "shared"}
	if y, m, d := p.Number.Birth(); y > 0 {
		age := today.Year - y
		if today.Month < m || (today.Month == m && today.Day < d) {
			age--
		}
		list[catalog.FactAge] = strconv.Itoa(age)
	}
	for _, m := range cs.Materials {
		if m.Applies == Yes && m.Source != FromShared && m.Source != FromForm {
			list[catalog.FactMaterials] = "handed_in"
		}
	}
	return list
}

// atOnce grants an accepted case whose item says so, where every condition of
// its rule holds. Where one does not, a person decides: a rule refuses nobody.
func (c *Counter) atOnce(ctx context.Context, tx Tx, item *catalog.Item, cs *Case, level citizen.Level, p citizen.Person) error {
	if item.Instant == nil || p.Grade == citizen.Revoked {
		return nil
	}
	known := facts(item, *cs, level, p, c.today())
	if !item.Instant.Holds(known) {
		return nil
	}
	for i := range cs.Materials {
		if m := &cs.Materials[i]; m.Applies == Yes && m.State == Provided {
			m.State = Fit
		}
	}
	cs.State, cs.DecidedAt, cs.DecidedBy = Granted, c.Now(), rule
	cs.DecisionText = "系统按规则自动核准：" + item.Instant.Words()
	if err := tx.GrantCase(ctx, *cs); err != nil {
		return err
	}
	if err := c.closeEmpty(ctx, tx, item, cs); err != nil {
		return err
	}
	in := Instant{Case: cs.ID, Rule: string(item.Code), Version: item.Instant.Version, Grant: true, Facts: known, At: c.Now()}
	if err := tx.InsertInstant(ctx, in); err != nil {
		return err
	}
	note, err := json.Marshal(map[string]int{string(item.Code): item.Instant.Version})
	if err != nil {
		return err
	}
	return c.record(ctx, tx, *cs, Resolve, entry{actor: system, note: string(note), told: notify.CaseGranted,
		text: "您申请的“" + item.Name + "”已由系统按规则即时核准；如有疑问，可申请人工复核"})
}

// InstantOf tells on what an automatic decision rests, to whom it concerns.
func (c *Counter) InstantOf(ctx context.Context, who citizen.ID, id ID) (Instant, error) {
	if _, err := c.Own(ctx, who, id); err != nil {
		return Instant{}, err
	}
	return c.Store.Instant(ctx, id)
}

// AskReview asks that a person looks at an automatic decision. Errors:
// ErrNotInstant, ErrReviewAsked.
func (c *Counter) AskReview(ctx context.Context, who citizen.ID, id ID, text string) (Case, error) {
	if err := citizen.Said(ctx, c.Words, who, text); err != nil {
		return Case{}, err
	}
	return c.change(ctx, c.mine(ctx, who, id), Review, func(tx Tx, cs *Case) (entry, error) {
		if err := tx.AskReview(ctx, cs.ID, text, c.Now()); err != nil {
			return entry{}, err
		}
		return entry{actor: cs.as(who), note: "asked", free: text, then: func(tx Tx) error {
			to, err := c.posted(ctx, tx, cs.Decides, staff.Reviewer, cs.Department)
			if err != nil {
				return err
			}
			return c.tellStaff(ctx, tx, *cs, reviewAsked, "有一件自动核准的办件，申请人要求人工复核，请办理", to)
		}}, nil
	})
}

// AnswerReview is what a reviewer finds: upheld, or not, and then it is for
// the head of the office to correct or reopen. Errors: ErrReason, ErrNoReview.
func (c *Counter) AnswerReview(ctx context.Context, m staff.Member, id ID, uphold bool, text string) (Case, error) {
	if text == "" {
		return Case{}, ErrReason
	}
	find := func(tx Tx) (Case, error) {
		cs, err := tx.Case(ctx, id)
		if err != nil {
			return cs, err
		}
		return cs, c.handles(ctx, m, cs)
	}
	return c.change(ctx, find, Review, func(tx Tx, cs *Case) (entry, error) {
		if err := tx.AnswerReview(ctx, Instant{Case: cs.ID, SeenBy: m.ID, SeenAt: c.Now(), Upheld: uphold, Seen: text}); err != nil {
			return entry{}, err
		}
		e := entry{actor: by(m), note: "upheld", free: text, told: reviewDone, text: "人工复核认为原决定正确：" + text}
		if !uphold {
			e.note, e.text = "overturned", "人工复核认为原决定有误，将依法更正或重新办理："+text
			e.then = func(tx Tx) error {
				return c.tellSupervisors(ctx, tx, *cs, reviewDone, "人工复核认为一件自动核准的决定有误，请依法更正或重新办理")
			}
		}
		return e, nil
	})
}

// Reviews lists the automatic decisions that the member's department is asked
// to look at, oldest first.
func (c *Counter) Reviews(ctx context.Context, m staff.Member, after ID, most int) ([]Instant, error) {
	w, err := c.work(ctx, m)
	if err != nil {
		return nil, err
	}
	return c.Store.ReviewsAsked(ctx, w, after, most)
}
