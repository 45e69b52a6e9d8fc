package casework

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ReliefState is where a request for more time stands.
type ReliefState string

// The states of a request; "" = there is none.
const (
	ReliefAsked   ReliefState = "asked"
	ReliefGranted ReliefState = "granted"
	ReliefDenied  ReliefState = "denied"
)

// Relief is more time for a supplement because of force majeure (不可抗力,
// asked for once, with evidence, decided once, for as long as it lasts.
type Relief struct {
	State    ReliefState
	AskedBy  string
	AskedAt  time.Time
	From, To workday.Date // To is set by the decision
	Text     string       // what has happened
	Evidence string       // a file of the case, or where it can be seen
	RuledBy  staff.ID
	RuledAt  time.Time
	Reason   string
}

// What can go wrong with force majeure.
var (
	ErrReliefAsked = fault.New(fault.Conflict, "casework.relief_asked", "这个办件已申请过不可抗力延期，只能申请一次")
	ErrNoRelief    = fault.New(fault.NotFound, "casework.no_relief", "没有待决定的不可抗力申请，请刷新后再看")
	ErrReliefDays  = fault.New(fault.Invalid, "casework.relief_days", "不可抗力的起止日期不对，请按证据核对后重新填写")
	ErrNotOwing    = fault.New(fault.Conflict, "casework.not_owing", "这个办件没有待补的材料，不需要延期，请刷新后核对")
)

const (
	reliefAsked notify.Kind = "case.relief_asked" // to supervisors
	reliefRuled notify.Kind = "case.relief"
	reliefMost              = 180 // calendar days that one obstacle may last
)

// AskRelief asks for more time, before the deadline. While it is not decided
// the case does not end. Errors: ErrNotOwing, ErrLate, ErrReliefDays, ErrReliefAsked.
func (c *Counter) AskRelief(ctx context.Context, who citizen.ID, id ID, r Relief) (Case, error) {
	if err := citizen.Said(ctx, c.Words, who, r.Text); err != nil {
		return Case{}, err
	}
	return c.change(ctx, c.mine(ctx, who, id), Relieve, func(tx Tx, cs *Case) (entry, error) {
		switch {
		case cs.SupplementDue.IsZero() || !cs.unsettled():
			return entry{}, ErrNotOwing
		case cs.late(c.today()):
			return entry{}, ErrLate
		case r.From.After(c.today()) || c.today().DaysSince(r.From) > reliefMost:
			return entry{}, ErrReliefDays
		}
		r.State, r.AskedBy, r.AskedAt = ReliefAsked, cs.as(who), c.Now()
		if err := tx.InsertRelief(ctx, cs.ID, r); err != nil {
			return entry{}, err
		}
		return entry{actor: r.AskedBy, note: string(ReliefAsked), then: func(tx Tx) error {
			return c.tellSupervisors(ctx, tx, *cs, reliefAsked, "有一件办件的申请人因不可抗力申请延长补齐期限，请核对证据后决定")
		}}, nil
	})
}

// RuleRelief grants more time to a day, or denies it, with a reason, by the
// head of the office that decides. The days of the obstacle count for nobody:
// neither towards the supplement nor towards the promised time. Errors:
// ErrNoRelief, ErrReliefDays, ErrReason, ErrNotSuper.
func (c *Counter) RuleRelief(ctx context.Context, m staff.Member, id ID, grant bool, to workday.Date, reason string) (Case, error) {
	if reason == "" {
		return Case{}, ErrReason
	}
	return c.change(ctx, c.supervised(ctx, m, id), Relieve, func(tx Tx, cs *Case) (entry, error) {
		r, err := tx.Relief(ctx, cs.ID)
		if err != nil {
			return entry{}, err
		}
		if r.State != ReliefAsked {
			return entry{}, ErrNoRelief
		}
		if grant && (to.Before(r.From) || to.DaysSince(r.From) > reliefMost) {
			return entry{}, ErrReliefDays
		}
		r.State, r.RuledBy, r.RuledAt, r.Reason, r.To = ReliefDenied, m.ID, c.Now(), reason, noDay
		e := entry{actor: by(m), note: string(ReliefDenied), free: reason, told: reliefRuled, text: "您的不可抗力延期申请未获准予：" + reason}
		if grant {
			r.State, r.To = ReliefGranted, to
		}
		if err := tx.RuleRelief(ctx, cs.ID, r); err != nil || !grant {
			return e, err
		}
		return c.relieved(ctx, tx, m, cs, r)
	})
}

func (c *Counter) relieved(ctx context.Context, tx Tx, m staff.Member, cs *Case, r Relief) (entry, error) {
	p := Interval{Reason: workday.ForceMajeure, From: r.From, To: r.To, By: by(m), Note: r.Reason}
	if err := tx.InsertPause(ctx, cs.ID, p); err != nil {
		return entry{}, err
	}
	item, err := c.Item(ctx, *cs)
	if err != nil {
		return entry{}, err
	}
	t, err := tx.Timing(ctx, cs.ID)
	if err != nil {
		return entry{}, err
	}
	c.retime(item, cs, t)
	cs.SupplementDue = cs.tolerated(item, t).Due(c.Calendar) // a receipt has no other clock
	return entry{actor: by(m), note: string(ReliefGranted), free: r.Reason, told: reliefRuled,
		text: "您的不可抗力延期申请已获准，补齐期限顺延至" + dayWords(cs.SupplementDue)}, nil
}

// ReliefOf is what the applicant of a case says of force majeure, to whom the
// case concerns. Error: ErrNoRelief.
func (c *Counter) ReliefOf(ctx context.Context, m staff.Member, id ID) (Relief, error) {
	if _, err := c.Seen(ctx, m, id); err != nil {
		return Relief{}, err
	}
	r, err := c.Store.Relief(ctx, id)
	if err == nil && r.State == "" {
		err = ErrNoRelief
	}
	return r, err
}
