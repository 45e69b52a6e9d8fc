package casework

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// What people hear of an application that waits for its answer.
const (
	caseReceived notify.Kind = "case.received" // 收件回执
	caseDeemed   notify.Kind = "case.deemed"   // 视为受理
)

// What can go wrong on receiving.
var ErrArrived = fault.New(fault.Invalid, "casework.arrived_on", "到件日期不对：不能晚于今天，也不能早于办件建立之日，请核对后重新填写")

// ReceiveCase notes that the materials of an application have come to the
// office, on a day, without an answer yet: handed in to be looked at, or by
// post. From then the office has five working days to answer; if it keeps
// silent, the application is accepted by law from the day of receipt.
// Errors: ErrArrived, ErrNotTaken, ErrOtherClerk, ErrNotNow.
func (c *Counter) ReceiveCase(ctx context.Context, m staff.Member, id ID, on workday.Date) (Case, error) {
	return c.change(ctx, c.inHand(ctx, m, id), Receive, func(_ Tx, cs *Case) (entry, error) {
		at, err := c.arrived(*cs, on)
		if err != nil {
			return entry{}, err
		}
		item, err := c.Item(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		cs.State, cs.ReceivedAt = Received, at
		cs.AnswerDue = workday.NoticeDue(workday.DateOf(at), c.Calendar)
		return entry{actor: by(m), note: workday.DateOf(at).String(), told: caseReceived,
			text: "您申请的“" + item.Name + "”材料已收到，" + dayWords(cs.AnswerDue) + "前答复；逾期未告知补正的，自收到之日起即为受理"}, nil
	})
}

// arrived is the moment of an arrival on a day: now where it is today.
func (c *Counter) arrived(cs Case, on workday.Date) (time.Time, error) {
	switch {
	case on.IsZero() || on == c.today():
		return c.Now(), nil
	case on.After(c.today()) || on.Before(workday.DateOf(cs.OpenedAt)):
		return time.Time{}, ErrArrived
	default:
		return time.Date(on.Year, on.Month, on.Day, 12, 0, 0, 0, workday.Zone), nil
	}
}

// deemSilent accepts what was received and not answered in five working days.
func (c *Counter) deemSilent(ctx context.Context) (deemed int, err error) {
	ids, err := c.Store.Unanswered(ctx, c.today(), sweepMost)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		switch err := c.deem(ctx, id); {
		case err == nil:
			deemed++
		case !errors.Is(err, ErrNotNow):
			return deemed, err
		}
	}
	return deemed, nil
}

func (c *Counter) deem(ctx context.Context, id ID) error {
	find := func(tx Tx) (Case, error) { return tx.Case(ctx, id) }
	_, err := c.change(ctx, find, Deem, func(tx Tx, cs *Case) (entry, error) {
		if cs.AnswerDue.IsZero() || !c.today().After(cs.AnswerDue) {
			return entry{}, ErrNotNow
		}
		item, err := c.Item(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		if _, err := tx.InsertAlarm(ctx, alarmOf(*cs, AnswerClock, Over, cs.AnswerDue, c.Now())); err != nil {
			return entry{}, err
		}
		cs.State, cs.Rule, cs.AcceptedAt = Accepted, "R-01", cs.ReceivedAt
		c.retime(item, cs, Timing{})
		return entry{actor: system, note: "R-01", told: caseDeemed,
			text: "您申请的“" + item.Name + "”逾期未获告知，依法自" + dayWords(workday.DateOf(cs.ReceivedAt)) + "收到材料之日起视为受理",
			then: func(tx Tx) error {
				return c.tellOffice(ctx, tx, *cs, caseDeemed, "有一件申请五个工作日内未答复，依法视为受理，请立即办理并说明原因")
			}}, nil
	})
	return err
}
