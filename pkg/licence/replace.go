package licence

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Replace issues a licence anew on its case, for a reason such as loss, damage
// or a changed name (换发、补发), by staff of the office that issued it. The old
// one's code tells from then on that it was replaced. Errors: ErrReason,
// ErrNoLicence, staff.ErrOtherOffice, ErrRevoked, ErrReplaced.
func (r *Registry) Replace(ctx context.Context, by staff.Member, id, reason string) (is Licence, err error) {
	if reason, err = readReason(reason); err != nil {
		return is, err
	}
	err = r.Store.InTx(ctx, func(tx Tx) error {
		was, err := replaceable(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if is, err = r.anew(ctx, tx, was); err != nil {
			return err
		}
		was.State, was.ReplacedBy, was.ReplacedAt, was.RevokedFor = Replaced, is.ID, is.IssuedAt, reason
		return replace(ctx, tx, by, was, is)
	})
	return is, err
}

func replaceable(ctx context.Context, tx Tx, by staff.Member, id string) (Licence, error) {
	l, err := tx.Licence(ctx, id)
	switch {
	case err != nil:
		return l, err
	case l.Office != by.Office:
		return l, staff.ErrOtherOffice
	case l.State == Revoked:
		return l, ErrRevoked
	case l.State != Valid:
		return l, ErrReplaced
	default:
		return l, nil
	}
}

// anew is the same licence under a new number and a new code.
func (r *Registry) anew(ctx context.Context, tx Tx, was Licence) (is Licence, err error) {
	is = was
	is.ID, is.IssuedAt, is.Replaces = r.NewID(), r.Now(), was.ID
	if is.Code, err = NewCode(r.Random); err != nil {
		return is, err
	}
	of := series(r.Letters, is.Item, is.IssuedAt)
	serial, err := tx.NextSerial(ctx, of)
	is.Number = number(of, serial)
	return is, err
}

func replace(ctx context.Context, tx Tx, by staff.Member, was, is Licence) error {
	if err := tx.ReplaceLicence(ctx, was, is); err != nil {
		return err
	}
	if err := tx.Record(ctx, was.replaced(), is.Issued()); err != nil {
		return err
	}
	if err := tx.LogCase(ctx, is.Case, replaceAct, string(by.ID), was.Number+" → "+is.Number, is.IssuedAt); err != nil {
		return err
	}
	return tx.Tell(ctx, notify.Notice{
		To: is.Person, Kind: noticeReplaced, Subject: is.ID, At: is.IssuedAt,
		Text: "您的《" + is.Name + "》已换发新证，原证作废，可在“我的证照”查看新的电子证照；纸质新证请到受理窗口领取或选择快递。",
	})
}
