package licence

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Registry issues, shows and revokes licences.
type Registry struct {
	Store   Store
	City    city.Shelf
	Now     func() time.Time
	NewID   func() string
	Random  io.Reader
	Notary  *ledger.Notary
	Letters string // the city's letters in front of each number, such as FS
}

// Acts in the history of a case, and notices.
const (
	issueAct  = "issue_licence"
	revokeAct = "revoke_licence"

	replaceAct = "replace_licence"

	noticeIssued   notify.Kind = "licence.issued"
	noticeRevoked  notify.Kind = "licence.revoked"
	noticeReplaced notify.Kind = "licence.replaced"
)

// Issue makes the licence of a granted case, by staff of the office that
// accepted it. Name and kind are those of the catalogue that the case was
// accepted under; until is its last day, zero for one without end. Errors:
// ErrUntil, casework.ErrNoCase, staff.ErrOtherOffice, ErrIssued,
// ErrNotGranted, ErrNoResult.
func (r *Registry) Issue(ctx context.Context, by staff.Member, caseID string, until workday.Date) (l Licence, err error) {
	if err := r.readUntil(until); err != nil {
		return l, err
	}
	err = r.Store.InTx(ctx, func(tx Tx) error {
		cs, err := ground(ctx, tx, by, caseID)
		if err != nil {
			return err
		}
		if l, err = r.draw(ctx, tx, cs); err != nil {
			return err
		}
		l.ValidUntil = until
		return r.issue(ctx, tx, by, l)
	})
	return l, err
}

// yearsMost is how long a licence may be valid.
const yearsMost = 50

// readUntil refuses a last day that is past or beyond reason. Error: ErrUntil.
func (r *Registry) readUntil(until workday.Date) error {
	today := workday.DateOf(r.Now())
	if !until.IsZero() && (!until.After(today) || until.After(today.AddMonths(12*yearsMost))) {
		return ErrUntil
	}
	return nil
}

// ground is the case if this member may issue on it.
func ground(ctx context.Context, tx Tx, by staff.Member, caseID string) (Case, error) {
	cs, err := tx.CaseHead(ctx, caseID)
	if err != nil {
		return cs, err
	}
	if cs.Office != by.Office {
		return cs, staff.ErrOtherOffice
	}
	_, err = tx.LicenceOf(ctx, caseID)
	switch {
	case err == nil:
		return cs, ErrIssued
	case !errors.Is(err, ErrNoLicence):
		return cs, err
	case cs.State != casework.Granted:
		return cs, ErrNotGranted
	}
	return cs, nil
}

// draw writes the licence of a case without storing it.
func (r *Registry) draw(ctx context.Context, tx Tx, cs Case) (l Licence, err error) {
	edition, err := r.City.Edition(ctx, cs.Edition)
	if err != nil {
		return l, err
	}
	item, err := edition.Catalogue.Item(cs.Item)
	if err != nil {
		return l, err
	}
	if item.ResultKind == catalog.ResultNone {
		return l, ErrNoResult
	}
	office, err := edition.Places.Office(cs.Office)
	if err != nil {
		return l, err
	}
	l = Licence{
		ID: r.NewID(), Case: cs.ID, Person: cs.Person, Item: cs.Item, Name: item.ResultName, Kind: item.ResultKind,
		Office: cs.Office, Issuer: office.Name, IssuedAt: r.Now(), State: Valid,
	}
	if l.Code, err = NewCode(r.Random); err != nil {
		return l, err
	}
	of := series(r.Letters, cs.Item, l.IssuedAt)
	serial, err := tx.NextSerial(ctx, of)
	l.Number = number(of, serial)
	return l, err
}

func (r *Registry) issue(ctx context.Context, tx Tx, by staff.Member, l Licence) error {
	if err := tx.InsertLicence(ctx, l); err != nil {
		return err
	}
	if err := tx.Record(ctx, l.Issued()); err != nil {
		return err
	}
	if err := tx.LogCase(ctx, l.Case, issueAct, string(by.ID), l.Number, l.IssuedAt); err != nil {
		return err
	}
	return tx.Tell(ctx, notify.Notice{
		To: l.Person, Kind: noticeIssued, Subject: l.ID, At: l.IssuedAt,
		Text: "您申请的《" + l.Name + "》已制发，可在“我的证照”查看电子证照；纸质证照请按您选择的方式领取。",
	})
}
