package delivery

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/carrier"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Desk is where results go out: to the window, or to a courier and back.
type Desk struct {
	Store     Store
	City      city.Shelf
	Calendar  *workday.Calendar
	Now       func() time.Time
	NewID     func() string
	Random    io.Reader
	Files     Cabinet                 // where photos and signatures lie
	Inspector Inspector               // of what is sent in
	Remote    map[carrier.Via]Company // companies that have an interface
}

// Choose sets how the result of a case is to come: one's own, or one in which
// one acts for its person, who is told. It may change until the waybill is made.
// Errors: ErrWish, ErrCompanyArea, casework.ErrNoCase, ErrOver, ErrNotSent, ErrOnItsWay.
func (d *Desk) Choose(ctx context.Context, who citizen.ID, caseID string, wish Wish) (Choice, error) {
	c, err := wish.read()
	if err != nil {
		return c, err
	}
	if c, err = d.priced(ctx, c); err != nil {
		return c, err
	}
	c.Case, c.ChosenAt = caseID, d.Now()
	return c, d.Store.InTx(ctx, func(tx Tx) error {
		cs, err := d.own(ctx, tx, who, caseID)
		if err != nil {
			return err
		}
		if err := d.mayChoose(ctx, cs, c.Way); err != nil {
			return err
		}
		if err := tx.SaveChoice(ctx, c, cs.Person); err != nil || cs.Person == who {
			return err
		}
		return d.forAnother(ctx, tx, cs, chooseAct, "agent:"+string(who))
	})
}

func (d *Desk) mayChoose(ctx context.Context, cs licence.Case, way Way) error {
	switch cs.State {
	case casework.Refused, casework.Terminated, casework.Withdrawn, casework.Closed:
		return ErrOver
	}
	if way != ByCourier {
		return nil
	}
	edition, err := d.City.Edition(ctx, cs.Edition)
	if err != nil {
		return err
	}
	item, err := edition.Catalogue.Item(cs.Item)
	if err != nil {
		return err
	}
	if !item.Courier {
		return ErrNotSent
	}
	return nil
}

// Chosen is what the person has chosen for his own case. Errors:
// casework.ErrNoCase, ErrNoChoice.
func (d *Desk) Chosen(ctx context.Context, who citizen.ID, caseID string) (Choice, error) {
	if _, err := d.own(ctx, d.Store, who, caseID); err != nil {
		return Choice{}, err
	}
	return d.Store.Choice(ctx, caseID)
}

// own is the case if it is the person's own, or one in which they act for it.
func (d *Desk) own(ctx context.Context, r Reader, who citizen.ID, caseID string) (licence.Case, error) {
	cs, err := r.CaseHead(ctx, caseID)
	if err != nil || who != "" && cs.Person == who {
		return cs, err
	}
	ok, err := r.ActsIn(ctx, who, caseID, d.Now())
	if err != nil {
		return licence.Case{}, err
	}
	if !ok {
		return licence.Case{}, casework.ErrNoCase
	}
	return cs, nil
}

// Tracking is what the recipient sees of a parcel.
type Tracking struct {
	Waybill Waybill
	Code    Code // as the recipient may see it now
	Events  []Event
	Files   []ProofFile // for the office
	Order   *Order      // of a company that has an interface
	Tidings []Told      // what that company told, for the office
}

// Track shows the person the parcel of his own case. Errors:
// casework.ErrNoCase, ErrNoWaybill.
func (d *Desk) Track(ctx context.Context, who citizen.ID, caseID string) (Tracking, error) {
	if _, err := d.own(ctx, d.Store, who, caseID); err != nil {
		return Tracking{}, err
	}
	w, err := d.Store.WaybillOf(ctx, caseID)
	if err != nil {
		return Tracking{}, err
	}
	t := Tracking{Waybill: w, Code: w.Shown(d.Now())}
	if t.Events, err = d.Store.WaybillEvents(ctx, w.ID); err != nil {
		return t, err
	}
	return t, d.ordered(ctx, &t)
}

// Waybill shows a waybill to its own office, and to the one that keeps it for
// pick-up or shall. Errors: ErrNoWaybill,
// staff.ErrOtherOffice.
func (d *Desk) Waybill(ctx context.Context, by staff.Member, id string) (Tracking, error) {
	w, err := d.Store.Waybill(ctx, id)
	if err != nil {
		return Tracking{}, err
	}
	if by.Office == "" || w.Office != by.Office && w.HoldAt != by.Office {
		return Tracking{}, staff.ErrOtherOffice
	}
	t := Tracking{Waybill: w}
	if t.Events, err = d.Store.WaybillEvents(ctx, id); err != nil {
		return t, err
	}
	if t.Files, err = d.Store.ProofFiles(ctx, id); err != nil {
		return t, err
	}
	return t, d.ordered(ctx, &t)
}

// ordered adds what a company with an interface was asked, and what it told.
func (d *Desk) ordered(ctx context.Context, t *Tracking) error {
	if !t.Waybill.Ordered {
		return nil
	}
	o, err := d.Store.OrderOf(ctx, t.Waybill.ID)
	if errors.Is(err, ErrNoOrder) {
		return nil // the job has not run yet
	}
	if err != nil {
		return err
	}
	t.Order = &o
	t.Tidings, err = d.Store.Tidings(ctx, t.Waybill.ID)
	return err
}

// Waybills lists those of one's own office, and those kept there for pick-up, in a state ("" = any), newest first.
func (d *Desk) Waybills(ctx context.Context, by staff.Member, state State, after string, most int) ([]Waybill, error) {
	return d.Store.WaybillsOf(ctx, by.Office, state, after, most)
}
