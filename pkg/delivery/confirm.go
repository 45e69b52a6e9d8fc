package delivery

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrNotClaimed refuses a receipt that nobody has asked for.
var ErrNotClaimed = fault.New(fault.Conflict, "delivery.not_claimed", "快递公司还没有反馈送达，邮件也不在快递柜，不需要确认；签收请把验证码报给快递员")

// claimed says whether the person's word is what a delivery waits for: the
// company says that it was made, or the parcel lies in a locker.
func (w Waybill) claimed() bool {
	return !w.ClaimedAt.IsZero() || w.State == Held && w.Locker != ""
}

// Confirm takes the person's own word for what a company or a locker cannot
// prove: received, which ends the delivery, or not, which the office looks
// into. Errors: casework.ErrNoCase, ErrNoWaybill, ErrNotClaimed,
// ErrPaperRevoked, those of State.After.
func (d *Desk) Confirm(ctx context.Context, who citizen.ID, caseID string, received bool) (Tracking, error) {
	act := Deny
	if received {
		act = Confirm
	}
	return d.byPerson(ctx, who, caseID, Step{Act: act})
}
