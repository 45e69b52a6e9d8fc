package delivery

import (
	"context"
	"strings"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

var wrongOffice = fault.Field{Path: "body.office", Text: "请选择一个可以自取的网点；改到网点时不填地址"}

// readTarget checks where a parcel is to go instead. Error: ErrWish.
func (d *Desk) readTarget(ctx context.Context, to Target) (Target, error) {
	to.Address, to.Area, to.Locker = strings.TrimSpace(to.Address), strings.TrimSpace(to.Area), strings.TrimSpace(to.Locker)
	if to.Locker != "" {
		return to, readLocker(to)
	}
	if to.Office != "" {
		return to, d.readOffice(ctx, to)
	}
	var wrong []fault.Field
	if !within(to.Address, 5, 200) {
		wrong = append(wrong, wrongAddress)
	}
	if !within(to.Area, 2, 40) {
		wrong = append(wrong, wrongArea)
	}
	if wrong != nil {
		return to, ErrWish.With(wrong...)
	}
	return to, nil
}

func (d *Desk) readOffice(ctx context.Context, to Target) error {
	if to.Address != "" || to.Area != "" {
		return ErrWish.With(wrongOffice)
	}
	edition, err := d.City.Current(ctx)
	if err != nil {
		return err
	}
	if _, err := edition.Places.Office(place.OfficeCode(to.Office)); err != nil {
		return ErrWish.With(wrongOffice)
	}
	return nil
}

// Redirect sends the parcel of one's own case to another address, or to an
// office to be collected there, as long as it has not arrived. Errors: ErrWish,
// casework.ErrNoCase, ErrNoWaybill, ErrRedirects, those of State.After.
func (d *Desk) Redirect(ctx context.Context, who citizen.ID, caseID string, to Target) (Tracking, error) {
	to, err := d.readTarget(ctx, to)
	if err != nil {
		return Tracking{}, err
	}
	return d.byPerson(ctx, who, caseID, Step{Act: Redirect, Anew: to})
}

// Renew draws a new code for the parcel of one's own case; the old one ends at
// once. Errors: casework.ErrNoCase, ErrNoWaybill, ErrLocked, ErrRenewals, those
// of State.After.
func (d *Desk) Renew(ctx context.Context, who citizen.ID, caseID string) (Tracking, error) {
	return d.byPerson(ctx, who, caseID, Step{Act: Renew})
}

// byPerson does what the person may do with the parcel of his own case.
func (d *Desk) byPerson(ctx context.Context, who citizen.ID, caseID string, s Step) (Tracking, error) {
	cs, err := d.own(ctx, d.Store, who, caseID)
	if err != nil {
		return Tracking{}, err
	}
	w, err := d.Store.WaybillOf(ctx, caseID)
	if err != nil {
		return Tracking{}, err
	}
	s.ByPerson = true
	if _, err := d.step(ctx, w.ID, s); err != nil {
		return Tracking{}, err
	}
	if cs.Person != who {
		err = d.Store.InTx(ctx, func(tx Tx) error { return d.forAnother(ctx, tx, cs, string(s.Act)+"_waybill", "agent:"+string(who)) })
		if err != nil {
			return Tracking{}, err
		}
	}
	return d.Track(ctx, who, caseID)
}
