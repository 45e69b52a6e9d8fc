package citizen

import (
	"context"
	"errors"
)

// Represent lets the legal representative act as the legal person, after the
// register has confirmed name, code and representative. A former
// representative is told and acts for it no longer.
// Errors: ErrNotRep and what Account.Require says of LevelRealName.
func (d *Door) Represent(ctx context.Context, who Account, name Name, code CreditCode) (org Person, err error) {
	if err := who.Require(LevelRealName, d.Now()); err != nil {
		return org, err
	}
	me, err := d.Store.Person(ctx, who.Person)
	if err != nil {
		return org, err
	}
	org = Person{Kind: Legal, Name: name, Code: code}
	ok, err := d.Registry.Represents(ctx, org, me)
	if err != nil || !ok {
		return org, orElse(err, ErrNotRep)
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if org, err = d.legalPerson(ctx, tx, name, code); err != nil {
			return err
		}
		return d.succeed(ctx, tx, org, me.ID)
	})
	return org, err
}

// legalPerson finds the person of a credit code or makes it, under the name
// that the register has confirmed.
func (d *Door) legalPerson(ctx context.Context, tx Tx, name Name, code CreditCode) (Person, error) {
	p, err := tx.LegalPersonOf(ctx, code)
	switch {
	case errors.Is(err, ErrNoPerson):
		p = Person{ID: ID(d.NewID()), Kind: Legal, Name: name, Code: code, Grade: GradeA, MadeAt: d.Now()}
		return p, tx.InsertPerson(ctx, p)
	case err != nil || p.Name == name:
		return p, err
	}
	p.Name = name
	return p, tx.UpdatePerson(ctx, p)
}

// succeed makes somebody the representative in place of who was it before.
func (d *Door) succeed(ctx context.Context, tx Tx, org Person, who ID) error {
	before, err := tx.RepresentativeOf(ctx, org.ID)
	if err != nil || before == who {
		return err
	}
	if err := tx.SaveRepresentative(ctx, org.ID, who, d.Now()); err != nil {
		return err
	}
	if before == "" {
		return nil
	}
	return tx.TellPerson(ctx, before, "agency.ended", string(org.ID), "单位的法定代表人已变更，您不能再代表该单位办事", d.Now())
}

// Represented lists the legal persons that one stands for.
func (d *Door) Represented(ctx context.Context, who Account) ([]Person, error) {
	if who.Person == "" {
		return nil, nil
	}
	return d.Store.Represented(ctx, who.Person)
}
