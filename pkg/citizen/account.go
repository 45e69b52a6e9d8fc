package citizen

import (
	"context"
	"time"
)

var noTime time.Time

// Accounts lists the WeChat accounts of one's person, oldest first; before the
// real-name proof that is the account alone.
func (d *Door) Accounts(ctx context.Context, who Account) ([]Account, error) {
	if who.Person == "" {
		return []Account{who}, nil
	}
	return d.Store.AccountsOf(ctx, who.Person)
}

// Unbind takes one of the person's accounts, this one or another, from the
// person: its sessions end, its proofs are gone, the remaining accounts are
// told. A post that the account held ends with it, since nobody knows any more
// who holds the account; it takes a new invitation. The account may then be
// bound to whoever proves it.
// Errors: ErrNeedRealName, ErrNoAccount.
func (d *Door) Unbind(ctx context.Context, who Account, id AccountID) error {
	if who.Person == "" {
		return ErrNeedRealName
	}
	d.forget(id)
	return d.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.UnbindAccount(ctx, id, who.Person, d.Now()); err != nil {
			return err
		}
		return tx.TellPerson(ctx, who.Person, toldUnbound, string(id),
			"您的一个微信账号已与您的身份解除绑定，该账号已全部退出登录，其工作岗位（如有）同时终止；如非本人操作，请立即重新实名并检查账号", d.Now())
	})
}

// Receive finds or makes the person who stands at the window, with or without
// WeChat: name and number are matched first, and the look is kept with its
// purpose. by is the id of the member of staff. Errors: ErrNoMatch, ErrPurpose.
func (d *Door) Receive(ctx context.Context, by string, name Name, number IDNumber, purpose string) (p Person, err error) {
	purpose, err = ParsePurpose(purpose)
	if err != nil {
		return p, err
	}
	if err := d.matched(ctx, name, number); err != nil {
		return p, err
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if p, err = d.present(ctx, tx, name, number); err != nil {
			return err
		}
		return tx.InsertLook(ctx, Look{ID: d.NewID(), Staff: by, Person: p.ID, What: "person", Purpose: purpose, At: d.Now()})
	})
	return p, err
}
