package casework

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// What people hear when a case that was over is touched again.
const (
	caseCorrected notify.Kind = "case.corrected"
	caseReopened  notify.Kind = "case.reopened"
)

// ErrLicenceStands tells that a result is still valid.
var ErrLicenceStands = fault.New(fault.Conflict, "casework.licence_stands", "该件已发的证照仍然有效，请先依法撤销证照再重新办理")

// CorrectDecision replaces the words of a decision, by the head of the office
// that decides; what was decided stays, and so does the old text, in the
// record. Errors: ErrReason, ErrNotSuper, ErrNotNow.
func (c *Counter) CorrectDecision(ctx context.Context, m staff.Member, id ID, text, why string) (Case, error) {
	if text == "" || why == "" {
		return Case{}, ErrReason
	}
	return c.change(ctx, c.supervised(ctx, m, id), Correct, func(_ Tx, cs *Case) (entry, error) {
		free := "原文：" + cs.DecisionText + "；更正理由：" + why
		cs.DecisionText = text
		return entry{actor: by(m), free: free, told: caseCorrected, text: "您的办件决定书文字已更正，请在“我的办件”查看"}, nil
	})
}

// ReopenCase takes a case that was over back to where it was accepted, by the
// head of the office that decides, with a reason that stands in the record.
// Its clocks begin anew. Errors: ErrReason, ErrNotSuper, ErrLicenceStands, ErrNotNow.
func (c *Counter) ReopenCase(ctx context.Context, m staff.Member, id ID, why string) (Case, error) {
	if why == "" {
		return Case{}, ErrReason
	}
	return c.change(ctx, c.supervised(ctx, m, id), Reopen, func(tx Tx, cs *Case) (entry, error) {
		item, err := c.Item(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		if err := tx.ForgetReview(ctx, cs.ID); err != nil {
			return entry{}, err
		}
		was := cs.State
		c.restart(item, cs)
		return entry{actor: by(m), note: string(was), free: why, told: caseReopened,
			text: "您申请的“" + item.Name + "”已由决定机关重新办理，请留意进度"}, nil
	})
}

// restart makes a case stand as it does on the day it is accepted.
func (c *Counter) restart(item *catalog.Item, cs *Case) {
	cs.State, cs.DecidedAt, cs.ClosedAt = Accepted, noTime, noTime
	cs.DecidedBy, cs.DecisionText = "", ""
	c.start(item, cs)
}
