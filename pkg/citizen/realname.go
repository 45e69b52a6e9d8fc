package citizen

import (
	"context"
	"errors"
)

// What people are told of their accounts.
const (
	toldBound   = "account.bound"
	toldUnbound = "account.unbound"
	toldRenamed = "account.renamed"
)

// ProveRealName binds the account to the person with this name and number,
// after the population register has matched them. The person's other accounts
// are told. A name that the register has changed is changed here as well.
// Errors: ErrNoMatch, ErrOtherPerson, ErrManyAccounts.
func (d *Door) ProveRealName(ctx context.Context, who AccountID, name Name, number IDNumber) (Account, error) {
	if err := d.matched(ctx, name, number); err != nil {
		return Account{}, err
	}
	return d.change(ctx, who, func(tx Tx, a *Account) error {
		p, err := d.present(ctx, tx, name, number)
		if err != nil {
			return err
		}
		if a.Person != "" && a.Person != p.ID {
			return ErrOtherPerson
		}
		if err := d.welcome(ctx, tx, *a, p); err != nil {
			return err
		}
		a.Person, a.RealNameAt = p.ID, d.Now()
		return nil
	})
}

// matched asks the population register. Error: ErrNoMatch.
func (d *Door) matched(ctx context.Context, name Name, number IDNumber) error {
	ok, err := d.Population.Match(ctx, name, number)
	if err == nil && !ok {
		return ErrNoMatch
	}
	return err
}

// welcome tells the accounts that a person has already of a new one.
func (d *Door) welcome(ctx context.Context, tx Tx, a Account, p Person) error {
	if a.Person == p.ID {
		return nil
	}
	others, err := tx.AccountsOf(ctx, p.ID)
	switch {
	case err != nil || len(others) == 0:
		return err
	case len(others) >= accountsMost:
		return ErrManyAccounts
	}
	return tx.TellPerson(ctx, p.ID, toldBound, string(a.ID),
		"您的身份刚刚绑定到一个新的微信账号；如非本人操作，请立即在“我的—账号”解除并修改微信密码", d.Now())
}

// present is person for somebody who is here in person: who had closed the
// account is back.
func (d *Door) present(ctx context.Context, tx Tx, name Name, number IDNumber) (Person, error) {
	p, err := d.person(ctx, tx, name, number)
	if err != nil || p.ClosedAt.IsZero() {
		return p, err
	}
	p.ClosedAt = noTime
	return p, tx.UpdatePerson(ctx, p)
}

// person finds the natural person of a number or makes it. Name and number
// have been matched: another name than the known one is the person's new name.
func (d *Door) person(ctx context.Context, tx Tx, name Name, number IDNumber) (Person, error) {
	p, err := tx.PersonOf(ctx, number)
	switch {
	case errors.Is(err, ErrNoPerson):
		p = Person{ID: ID(d.NewID()), Kind: Natural, Name: name, Number: number, Grade: GradeA, MadeAt: d.Now()}
		return p, tx.InsertPerson(ctx, p)
	case err != nil || p.Name == name:
		return p, err
	}
	if err := tx.TellPerson(ctx, p.ID, toldRenamed, string(p.ID), "您登记的姓名已按户籍信息更正", d.Now()); err != nil {
		return p, err
	}
	p.Name = name
	return p, tx.UpdatePerson(ctx, p)
}
