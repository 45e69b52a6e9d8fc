package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// What can go wrong when a result is to go out.
var (
	ErrNotGranted   = fault.New(fault.Conflict, "delivery.not_granted", "办件还没有作出准予决定，不能送达结果")
	ErrClosed       = fault.New(fault.Conflict, "delivery.closed", "办件已经办结，结果已经送达，不能重复送达")
	ErrNoPaper      = fault.New(fault.Conflict, "delivery.no_licence", "还没有制发证照，请先制证再送达")
	ErrPaperRevoked = fault.New(fault.Conflict, "delivery.licence_revoked", "证照已经撤销，不能送达")
	ErrNotByCourier = fault.New(fault.Conflict, "delivery.not_by_courier", "申请人没有选择快递送达，请通知申请人到窗口领取")
	ErrMade         = fault.New(fault.Conflict, "delivery.made", "这个办件已有运单，不能重复制作")
	ErrNotReady     = fault.New(fault.Conflict, "delivery.not_ready", "办件刚刚有了变化，请刷新后再制作运单")
	ErrCompany      = fault.New(fault.Invalid, "delivery.company", "没有快递员在岗的快递公司，请先由管理员邀请快递员上岗")
)

// Make writes the waybill of a case whose licence is to go by courier, by staff
// of its office. With one company at work its name may be left out. Errors:
// casework.ErrNoCase, staff.ErrOtherOffice, ErrClosed, ErrNotGranted,
// ErrNoPaper, ErrPaperRevoked, ErrMade, ErrNotByCourier, ErrCompany.
func (d *Desk) Make(ctx context.Context, by staff.Member, caseID, company string) (w Waybill, err error) {
	err = d.Store.InTx(ctx, func(tx Tx) error {
		cs, err := ready(ctx, tx, by, caseID)
		if err != nil {
			return err
		}
		choice, err := toSend(ctx, tx, caseID)
		if err != nil {
			return err
		}
		if w, err = d.write(ctx, tx, cs, choice, company); err != nil {
			return err
		}
		if err := tx.InsertWaybill(ctx, w); err != nil {
			return err
		}
		return tx.AddEvent(ctx, w.ID, Event{At: w.MadeAt, Act: Make, Actor: by.ID})
	})
	return w, err
}

// ready is the case if its result may leave this member's office.
func ready(ctx context.Context, tx Tx, by staff.Member, caseID string) (licence.Case, error) {
	cs, err := tx.CaseHead(ctx, caseID)
	switch {
	case err != nil:
		return cs, err
	case cs.Office != by.Office:
		return cs, staff.ErrOtherOffice
	case cs.State == casework.Closed:
		return cs, ErrClosed
	case cs.State != casework.Granted:
		return cs, ErrNotGranted
	}
	paper, err := tx.LicenceOf(ctx, caseID)
	switch {
	case errors.Is(err, licence.ErrNoLicence):
		return cs, ErrNoPaper
	case err == nil && paper.State != licence.Valid:
		return cs, ErrPaperRevoked
	default:
		return cs, err
	}
}

// toSend is the choice of a case that goes by courier and has no waybill yet.
func toSend(ctx context.Context, tx Tx, caseID string) (Choice, error) {
	if _, err := tx.WaybillOf(ctx, caseID); err == nil {
		return Choice{}, ErrMade
	} else if !errors.Is(err, ErrNoWaybill) {
		return Choice{}, err
	}
	c, err := tx.Choice(ctx, caseID)
	if errors.Is(err, ErrNoChoice) || err == nil && c.Way != ByCourier {
		return c, ErrNotByCourier
	}
	return c, err
}

func (d *Desk) write(ctx context.Context, tx Tx, cs licence.Case, c Choice, company string) (w Waybill, err error) {
	w = Waybill{
		ID: d.NewID(), Case: cs.ID, Person: cs.Person, Office: cs.Office, State: Made,
		Area: c.Area, Recipient: c.Recipient, Phone: c.Phone, Address: c.Address, MadeAt: d.Now(),
	}
	if w.Company, err = chosen(ctx, tx, company); err != nil {
		return w, err
	}
	if w.Code, err = newCode(d.Random); err != nil {
		return w, err
	}
	series := "YD" + w.MadeAt.In(workday.Zone).Format("20060102")
	serial, err := tx.NextSerial(ctx, series)
	w.Number = fmt.Sprintf("%s%06d", series, serial)
	return w, err
}

// chosen is the company named, or the only one there is. One without couriers
// would leave the parcel where it is. Error: ErrCompany.
func chosen(ctx context.Context, tx Tx, company string) (string, error) {
	at, err := tx.Companies(ctx)
	switch {
	case err != nil:
		return "", err
	case len(at) == 0:
		return "", ErrCompany
	case company == "" && len(at) == 1:
		return at[0], nil
	case slices.Contains(at, company):
		return company, nil
	default:
		return "", ErrCompany.Saying("请从有快递员在岗的快递公司中选择一家：" + strings.Join(at, "、"))
	}
}

// HandOver gives a parcel into its company's run. Errors: ErrNoWaybill,
// staff.ErrOtherOffice, ErrDelivered, ErrReturned, ErrNotNow.
func (d *Desk) HandOver(ctx context.Context, by staff.Member, id string) (Waybill, error) {
	return d.step(ctx, id, Step{Act: HandOver, By: by})
}
