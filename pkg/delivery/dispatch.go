package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// What can go wrong when a result is to go out.
var (
	ErrNotGranted   = fault.New(fault.Conflict, "delivery.not_granted", "办件还没有作出准予决定，不能送达结果，请等决定后再办")
	ErrClosed       = fault.New(fault.Conflict, "delivery.closed", "办件已经办结，结果已经送达，不能重复送达；如有疑问请联系受理网点")
	ErrNoPaper      = fault.New(fault.Conflict, "delivery.no_licence", "还没有制发证照，请先制证再送达")
	ErrPaperRevoked = fault.New(fault.Conflict, "delivery.licence_revoked", "证照已经撤销，不能送达；已在途的邮件，请登记投递未成后退回网点")
	ErrNotByCourier = fault.New(fault.Conflict, "delivery.not_by_courier", "申请人没有选择快递送达，请通知申请人到窗口领取")
	ErrMade         = fault.New(fault.Conflict, "delivery.made", "这个办件已有运单，不能重复制作，请在运单列表里查看")
	ErrNotReady     = fault.New(fault.Conflict, "delivery.not_ready", "办件刚刚有了变化，请刷新后再制作运单")
	ErrLoad         = fault.New(fault.Invalid, "delivery.load", "重量应在20公斤以内，随附文件最多20项、每项2至60个字，请更正后再提交")
	ErrReplaceFirst = fault.New(fault.Conflict, "delivery.replace_first", "上一件邮件已登记遗失或损毁，请先换发证照，再重新制作运单")
)

// Load is what the office says of a parcel.
type Load struct {
	Company string   // may be left out where only one is at work
	Grams   int      // 0 = not weighed
	Papers  []string // what is in it; none = the licence alone
}

const (
	gramsMost  = 20_000
	papersMost = 20
)

// read checks what was said. Error: ErrLoad.
func (l Load) read() (Load, error) {
	if l.Grams < 0 || l.Grams > gramsMost || len(l.Papers) > papersMost {
		return l, ErrLoad
	}
	papers := make([]string, len(l.Papers))
	for i, p := range l.Papers {
		if papers[i] = strings.TrimSpace(p); !within(papers[i], 2, 60) {
			return l, ErrLoad
		}
	}
	l.Papers = papers
	return l, nil
}

// Make writes the waybill of a case whose licence is to go by courier, by staff
// of its office. Another one may be made once the last has come to nothing; of
// a licence that was lost or damaged on its way once that has been replaced.
// Errors: ErrLoad, casework.ErrNoCase, staff.ErrOtherOffice, ErrClosed,
// ErrNotGranted, ErrNoPaper, ErrPaperRevoked, ErrMade, ErrReplaceFirst,
// ErrNotByCourier, ErrCompany.
func (d *Desk) Make(ctx context.Context, by staff.Member, caseID string, load Load) (w Waybill, err error) {
	if load, err = load.read(); err != nil {
		return w, err
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		cs, err := ready(ctx, tx, by, caseID)
		if err != nil {
			return err
		}
		choice, err := toSend(ctx, tx, caseID)
		if err != nil {
			return err
		}
		if w, err = d.write(ctx, tx, cs, choice, load); err != nil {
			return err
		}
		if err := tx.InsertWaybill(ctx, w); err != nil {
			return err
		}
		return tx.AddEvent(ctx, w.ID, Event{Seq: w.Version, At: w.MadeAt, Act: Make, Actor: by.ID})
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

// toSend is the choice of a case that goes by courier and has no waybill that
// is still good.
func toSend(ctx context.Context, tx Tx, caseID string) (Choice, error) {
	last, err := tx.WaybillOf(ctx, caseID)
	switch {
	case err == nil && !last.State.Void():
		return Choice{}, ErrMade
	case err == nil && last.State != Cancelled:
		if err := replaced(ctx, tx, last); err != nil {
			return Choice{}, err
		}
	case err != nil && !errors.Is(err, ErrNoWaybill):
		return Choice{}, err
	}
	c, err := tx.Choice(ctx, caseID)
	if errors.Is(err, ErrNoChoice) || err == nil && c.Way != ByCourier {
		return c, ErrNotByCourier
	}
	return c, err
}

// replaced is nil where the licence is not the one that was lost.
func replaced(ctx context.Context, tx Tx, last Waybill) error {
	paper, err := tx.LicenceOf(ctx, last.Case)
	if err == nil && !paper.IssuedAt.After(last.MadeAt) {
		return ErrReplaceFirst
	}
	return err
}

func (d *Desk) write(ctx context.Context, tx Tx, cs licence.Case, c Choice, load Load) (w Waybill, err error) {
	w = Waybill{
		ID: d.NewID(), Case: cs.ID, Person: cs.Person, Office: cs.Office, State: Made, Version: 1,
		Area: c.Area, Division: c.Division, Recipient: c.Recipient, Phone: c.Phone, Address: c.Address,
		Grams: load.Grams, Papers: load.Papers, MadeAt: d.Now(), DueOn: d.due(cs.Decided),
	}
	w.CodeUntil = w.MadeAt.Add(codeLife)
	if w.Company, err = d.chosen(ctx, tx, c, load.Company); err != nil {
		return w, err
	}
	if w.Company == c.Company {
		w.Fee = c.Fee // agreed to for this company only
	}
	if w.Code, err = newCode(d.Random); err != nil {
		return w, err
	}
	if err := d.describe(ctx, tx, cs, &w); err != nil {
		return w, err
	}
	series := "YD" + w.MadeAt.In(workday.Zone).Format("20060102")
	serial, err := tx.NextSerial(ctx, series)
	w.Number = fmt.Sprintf("%s%06d", series, serial)
	return w, err
}

// describe says what the item demands, and what is in the parcel.
func (d *Desk) describe(ctx context.Context, tx Tx, cs licence.Case, w *Waybill) error {
	edition, err := d.City.Edition(ctx, cs.Edition)
	if err != nil {
		return err
	}
	item, err := edition.Catalogue.Item(cs.Item)
	if err != nil {
		return err
	}
	who, err := entitled(ctx, tx, cs, w.MadeAt)
	if err != nil {
		return err
	}
	w.Demand = demand(item, who, w.Recipient)
	if len(w.Papers) == 0 {
		w.Papers = []string{item.ResultName}
	}
	return nil
}
