package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// What can go wrong at the window.
var (
	ErrWrongProof   = fault.New(fault.Invalid, "delivery.wrong_proof", "身份证号码后6位与申请人或其代办人不一致，不能领取；请核对本人或代办人的身份证件原件")
	ErrAskedCourier = fault.New(fault.Conflict, "delivery.asked_courier", "申请人选择了快递送达，请制作运单；如改为窗口领取，请申请人先在小程序更改送达方式")
	ErrStillOut     = fault.New(fault.Conflict, "delivery.still_out", "邮件还没有退回网点，不能在窗口领取；请等签收或退回后再办")
)

// refusedProof is the act in a case's history when proof was asked for and was
// not right.
const refusedProof = "collect_refused"

// handing is a result that has reached the right hands.
type handing struct {
	Case   string
	Person citizen.ID
	By     staff.ID
	At     time.Time
	Why    string // without proof only
}

func (w Waybill) hands(by staff.Member, at time.Time) handing {
	return handing{Case: w.Case, Person: w.Person, By: by.ID, At: at}
}

// conclude closes the case of a result that is in the right hands, says by
// which proof, and tells the person.
func conclude(ctx context.Context, tx Tx, h handing, proof string) error {
	if err := tx.CloseCase(ctx, h.Case, h.At); err != nil {
		return err
	}
	if err := tx.LogCase(ctx, h.Case, string(casework.Hand), string(h.By), proof, h.At); err != nil {
		return err
	}
	return tx.Tell(ctx, notify.Notice{To: h.Person, Kind: noticeDone, Subject: h.Case, Text: doneText, At: h.At})
}

// Collect hands the result out at a window, against the last six digits of the
// identity number of the person or of somebody who may act for them, and closes the case: at its own office when the
// person chose the window, chose nothing, or the parcel has come back; at the
// office that keeps the parcel for pick-up otherwise. A wrong proof is kept in
// the case's history. Errors: casework.ErrNoCase, staff.ErrOtherOffice,
// ErrClosed, ErrNotGranted, ErrNoPaper, ErrPaperRevoked, ErrAskedCourier,
// ErrStillOut, ErrWrongProof.
func (d *Desk) Collect(ctx context.Context, by staff.Member, caseID, proof string) (at time.Time, err error) {
	var refusal error
	at = d.Now()
	err = d.Store.InTx(ctx, func(tx Tx) error {
		w, err := tx.WaybillOf(ctx, caseID)
		if err == nil && w.State == Held {
			_, refusal, err = d.apply(ctx, tx, w.ID, Step{Act: Collect, By: by, At: at, Proof: Proof{Digits: proof}})
			return err
		}
		refusal, err = d.handOut(ctx, tx, by, caseID, proof, at)
		return err
	})
	if err != nil {
		return at, err
	}
	return at, refusal
}

// handOut is Collect at the window of the case's own office.
func (d *Desk) handOut(ctx context.Context, tx Tx, by staff.Member, caseID, proof string, at time.Time) (refusal, err error) {
	cs, err := ready(ctx, tx, by, caseID)
	if err != nil {
		return nil, err
	}
	if err := atWindow(ctx, tx, caseID); err != nil {
		return nil, err
	}
	s, err := entitling(ctx, tx, cs, Step{Act: Collect, At: at, Proof: Proof{Digits: proof}})
	if err != nil {
		return nil, err
	}
	if !s.entitled() {
		return ErrWrongProof, tx.LogCase(ctx, caseID, refusedProof, string(by.ID), "", at)
	}
	return nil, collected(ctx, tx, handing{Case: caseID, Person: cs.Person, By: by.ID, At: at}, s.kind())
}

// collected concludes what left the office's own window.
func collected(ctx context.Context, tx Tx, h handing, proof string) error {
	if err := tx.Record(ctx, CollectedFact(h.Case, string(h.By), proof, h.Why, h.At)); err != nil {
		return err
	}
	return conclude(ctx, tx, h, proof)
}

// atWindow is nil where the paper lies at the window.
func atWindow(ctx context.Context, tx Tx, caseID string) error {
	w, err := tx.WaybillOf(ctx, caseID)
	switch {
	case err == nil && w.State == Returned:
		return nil
	case err == nil && w.State.Void(): // as if there were none
	case err == nil:
		return ErrStillOut
	case !errors.Is(err, ErrNoWaybill):
		return err
	}
	c, err := tx.Choice(ctx, caseID)
	switch {
	case errors.Is(err, ErrNoChoice):
		return nil
	case err == nil && c.Way == ByCourier:
		return ErrAskedCourier
	default:
		return err
	}
}
