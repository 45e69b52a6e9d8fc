package delivery

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

const (
	chooseAct                 = "choose_delivery"
	noticeAnother notify.Kind = "delivery.by_another"
)

// forAnother keeps who did something with a person's result in their place,
// and tells the person.
func (d *Desk) forAnother(ctx context.Context, tx Tx, cs licence.Case, act, actor string) error {
	if err := tx.LogCase(ctx, cs.ID, act, actor, "", d.Now()); err != nil {
		return err
	}
	return tx.Tell(ctx, notify.Notice{
		To: cs.Person, Kind: noticeAnother, Subject: cs.ID, At: d.Now(),
		Text: "您的代办人或窗口工作人员已为您选择或更改办理结果的送达方式，请在“我的办件”查看；如非您的意思，请立即联系受理网点",
	})
}

// ChooseAtWindow sets how the result of a case is to come for a person who
// stands at the window of the office that accepted it. The member of staff
// stands in the record. Errors: those of Choose, staff.ErrOtherOffice.
func (d *Desk) ChooseAtWindow(ctx context.Context, by staff.Member, caseID string, wish Wish) (Choice, error) {
	c, err := wish.read()
	if err != nil {
		return c, err
	}
	c.Case, c.ChosenAt = caseID, d.Now()
	return c, d.Store.InTx(ctx, func(tx Tx) error {
		cs, err := tx.CaseHead(ctx, caseID)
		if err != nil {
			return err
		}
		if by.Office == "" || cs.Office != by.Office {
			return staff.ErrOtherOffice
		}
		if err := d.mayChoose(ctx, cs, c.Way); err != nil {
			return err
		}
		if err := tx.SaveChoice(ctx, c, cs.Person); err != nil {
			return err
		}
		return d.forAnother(ctx, tx, cs, chooseAct, string(by.ID))
	})
}
