package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// What a person hears of the time of their case.
const (
	caseTimed  notify.Kind = "case.timed"  // paused, resumed or prolonged
	caseWaited notify.Kind = "case.waited" // the promised day has passed
)

// statutory are the steps whose time does not count (行政许可法 Art. 45).
var statutory = []workday.Reason{
	workday.Hearing, workday.Tender, workday.Inspection, workday.Testing, workday.Appraisal, workday.ExpertReview, workday.Publicity,
}

const pauseMost = 120 // working days of one step

// PauseCase leaves the time of a statutory step out, from today for so many
// working days; the person is told how long it takes. Errors:
// ErrPauseWrong, ErrDays, ErrPaused, ErrNotDecider, workday.ErrTimeOver.
func (c *Counter) PauseCase(ctx context.Context, m staff.Member, id ID, why workday.Reason, days int, note string) (Case, error) {
	if !slices.Contains(statutory, why) {
		return Case{}, ErrPauseWrong
	}
	if days < 1 || days > pauseMost {
		return Case{}, ErrDays.Saying(fmt.Sprintf("法定程序所需时间应为 1 到 %d 个工作日，请重新填写", pauseMost))
	}
	return c.retiming(ctx, m, id, Pause, func(tx Tx, cs *Case) (entry, error) {
		if due := cs.Due; !due.IsZero() && c.today().After(due) {
			return entry{}, workday.ErrTimeOver
		}
		p := Interval{Reason: why, From: c.today(), To: c.Calendar.Add(c.today(), days), Days: days, By: by(m), Note: note}
		if err := tx.InsertPause(ctx, cs.ID, p); err != nil {
			return entry{}, err
		}
		return entry{actor: by(m), note: string(why), text: fmt.Sprintf("您的申请正在进行%s，约需%d个工作日（至%s），这段时间不计入办理期限",
			why.Text(), days, dayWords(p.To)), told: caseTimed, free: note}, nil
	})
}

// ResumeCase lets the clocks go on before the told time of a step is over;
// today is still left out. Error: ErrNotPaused.
func (c *Counter) ResumeCase(ctx context.Context, m staff.Member, id ID, why workday.Reason) (Case, error) {
	return c.retiming(ctx, m, id, Resume, func(tx Tx, cs *Case) (entry, error) {
		if err := tx.EndPause(ctx, cs.ID, why, c.today()); err != nil {
			return entry{}, err
		}
		return entry{actor: by(m), note: string(why), told: caseTimed, text: why.Text() + "已结束，办理期限自明日起继续计算"}, nil
	})
}

// retiming is an act of who may decide that moves the days of a case.
func (c *Counter) retiming(ctx context.Context, m staff.Member, id ID, act Act, do func(Tx, *Case) (entry, error)) (Case, error) {
	return c.change(ctx, c.inHand(ctx, m, id), act, func(tx Tx, cs *Case) (entry, error) {
		item, err := c.Item(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		if err := c.mayDecide(ctx, m, item, *cs); err != nil {
			return entry{}, err
		}
		e, err := do(tx, cs)
		if err != nil {
			return e, err
		}
		return e, c.retimed(ctx, tx, item, cs)
	})
}

// ExtendCase prolongs a case once, within its time, by the head of the office
// that decides; the person is told why. Errors: ErrNotSuper, ErrReason,
// ErrDays, workday.ErrExtended, workday.ErrTimeOver.
func (c *Counter) ExtendCase(ctx context.Context, m staff.Member, id ID, days int, why string) (Case, error) {
	if why == "" {
		return Case{}, ErrReason
	}
	return c.change(ctx, c.supervised(ctx, m, id), Extend, func(tx Tx, cs *Case) (entry, error) {
		item, err := c.Item(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		if most := extensionOf(item.Tier); days < 1 || days > most {
			return entry{}, ErrDays.Saying(fmt.Sprintf("延长期限应为 1 到 %d 个工作日，请重新填写", most))
		}
		t, err := tx.Timing(ctx, cs.ID)
		if err != nil {
			return entry{}, err
		}
		for _, clock := range cs.Clocks(item, t, c.Calendar) {
			if clock.Kind == SupplementClock || clock.Kind == AnswerClock {
				continue
			}
			if _, err := clock.Extend(days, c.today(), c.Calendar); err != nil {
				return entry{}, err
			}
		}
		t.Extension = Extension{Days: days, By: m.ID, At: c.Now(), Why: why}
		if err := tx.InsertExtension(ctx, cs.ID, t.Extension); err != nil {
			return entry{}, err
		}
		c.retime(item, cs, t)
		return entry{actor: by(m), note: fmt.Sprint(days), free: why, told: caseTimed,
			text: fmt.Sprintf("经负责人批准，您申请的“%s”办理期限延长%d个工作日，理由：%s", item.Name, days, why)}, nil
	})
}

// owes opens the time in which the applicant owes a better material, from
// tomorrow; owesNot closes it. A pause that is closed on the day it was asked
// for leaves nothing out.
func (c *Counter) owes(ctx context.Context, tx Tx, cs *Case) error {
	t, err := tx.Timing(ctx, cs.ID)
	if err != nil || waiting(t) {
		return err
	}
	return tx.InsertPause(ctx, cs.ID, Interval{Reason: workday.Applicant, From: c.today().AddDays(1), By: system})
}

func (c *Counter) owesNot(ctx context.Context, tx Tx, cs *Case) error {
	t, err := tx.Timing(ctx, cs.ID)
	if err != nil || !waiting(t) || slices.ContainsFunc(cs.Materials, func(m Material) bool { return m.State == Unfit && m.Applies == Yes }) {
		return err
	}
	return tx.EndPause(ctx, cs.ID, workday.Applicant, c.today())
}

// waiting says whether the clocks wait for the applicant.
func waiting(t Timing) bool {
	return slices.ContainsFunc(t.Pauses, func(p Interval) bool { return p.Reason == workday.Applicant && p.To.IsZero() })
}

func extensionOf(tier catalog.Tier) int {
	if tier == catalog.Complex {
		return jointExtensionMost
	}
	return extensionMost
}
