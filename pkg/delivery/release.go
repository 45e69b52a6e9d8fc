package delivery

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// bypass is the proof of what the manager let go without one.
const bypass = "bypass"

// ErrWhy refuses an act that has to be explained.
var ErrWhy = fault.New(fault.Invalid, "delivery.why", "请写明理由，5至200个字")

// readWhy checks an explanation. Error: ErrWhy.
func readWhy(text string) (string, error) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) < 5 || !plain(text, noteMost) {
		return "", ErrWhy
	}
	return text, nil
}

// Release concludes a delivery without proof: a right of the office's manager
// alone, with a reason, in the parcel's timeline, the case's record and the
// ledger. Errors: ErrWhy, staff.ErrNotAllowed, staff.ErrOtherOffice,
// casework.ErrNoCase, ErrClosed, ErrNotGranted, ErrNoPaper, ErrPaperRevoked,
// those of Waybill.After.
func (d *Desk) Release(ctx context.Context, by staff.Member, caseID, why string) (at time.Time, err error) {
	if why, err = readWhy(why); err != nil {
		return at, err
	}
	if by.Role != staff.OfficeManager {
		return at, staff.ErrNotAllowed
	}
	var refusal error
	at = d.Now()
	err = d.Store.InTx(ctx, func(tx Tx) error {
		refusal, err = d.release(ctx, tx, by, caseID, why, at)
		return err
	})
	if err != nil {
		return at, err
	}
	return at, refusal
}

// releaseAct is the act in a case's history.
const releaseAct = "release_without_proof"

func (d *Desk) release(ctx context.Context, tx Tx, by staff.Member, caseID, why string, at time.Time) (refusal, err error) {
	cs, err := ready(ctx, tx, by, caseID)
	if err != nil {
		return nil, err
	}
	if err := tx.LogCase(ctx, caseID, releaseAct, string(by.ID), "", at); err != nil {
		return nil, err
	}
	w, err := tx.WaybillOf(ctx, caseID)
	switch {
	case err == nil && w.State != Returned && !w.State.Void():
		_, refusal, err = d.apply(ctx, tx, w.ID, Step{Act: Release, By: by, At: at, Note: why})
		if refusal != nil || err != nil {
			return refusal, err
		}
		return nil, tx.KeepRelease(ctx, caseID, by.ID, why, at)
	case err != nil && !errors.Is(err, ErrNoWaybill):
		return nil, err
	}
	if err := tx.KeepRelease(ctx, caseID, by.ID, why, at); err != nil {
		return nil, err
	}
	return nil, collected(ctx, tx, handing{Case: caseID, Person: cs.Person, By: by.ID, At: at, Why: why}, bypass)
}
