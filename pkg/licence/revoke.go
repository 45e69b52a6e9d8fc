package licence

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Revoke ends a licence for a reason (行政许可法 Art. 69), by the manager of
// the office that issued it. Its code tells so from then on. Errors: ErrReason,
// ErrNoLicence, staff.ErrOtherOffice, ErrRevoked, ErrReplaced.
func (r *Registry) Revoke(ctx context.Context, by staff.Member, id, reason string) (l Licence, err error) {
	if reason, err = readReason(reason); err != nil {
		return l, err
	}
	err = r.Store.InTx(ctx, func(tx Tx) error {
		if l, err = tx.Licence(ctx, id); err != nil {
			return err
		}
		if l.Office != by.Office {
			return staff.ErrOtherOffice
		}
		if l.State == Replaced {
			return ErrReplaced
		}
		l.State, l.RevokedAt, l.RevokedFor = Revoked, r.Now(), reason
		return revoke(ctx, tx, by, l)
	})
	return l, err
}

func revoke(ctx context.Context, tx Tx, by staff.Member, l Licence) error {
	if err := tx.RevokeLicence(ctx, l); err != nil {
		return err
	}
	if err := tx.Record(ctx, l.revoked()); err != nil {
		return err
	}
	if err := tx.LogCase(ctx, l.Case, revokeAct, string(by.ID), l.Number, l.RevokedAt); err != nil {
		return err
	}
	return tx.Tell(ctx, notify.Notice{
		To: l.Person, Kind: noticeRevoked, Subject: l.ID, At: l.RevokedAt,
		Text: "您的《" + l.Name + "》已被发证单位撤销，理由可在“我的证照”查看；如有异议，可依法申请行政复议或者提起行政诉讼。",
	})
}

func readReason(text string) (string, error) {
	text = strings.TrimSpace(text)
	n := utf8.RuneCountInString(text)
	if n < 2 || n > 200 || strings.ContainsFunc(text, unicode.IsControl) {
		return "", ErrReason
	}
	return text, nil
}
