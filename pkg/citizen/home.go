package citizen

import (
	"context"
	"slices"

	"github.com/yimen-gov/yimen/pkg/place"
)

// SetHome keeps where a person lives, or where an organisation that they stand
// for has its seat ("" forgets it). It is what the person says: it helps to find
// an office and proves nothing. Whether there is such a division is the
// caller's to know. Errors: ErrNotRep and what Account.Require says of
// LevelRealName.
func (d *Door) SetHome(ctx context.Context, who Account, of ID, home place.DivisionCode) error {
	if err := who.Require(LevelRealName, d.Now()); err != nil {
		return err
	}
	return d.Store.InTx(ctx, func(tx Tx) error {
		p, err := d.ownOrRepresented(ctx, tx, who.Person, of)
		if err != nil {
			return err
		}
		p.Home = home
		return tx.UpdatePerson(ctx, p)
	})
}

func (d *Door) ownOrRepresented(ctx context.Context, tx Tx, who, of ID) (Person, error) {
	if of == "" || of == who {
		return tx.Person(ctx, who)
	}
	list, err := tx.Represented(ctx, who)
	if err != nil {
		return Person{}, err
	}
	i := slices.IndexFunc(list, func(p Person) bool { return p.ID == of })
	if i < 0 {
		return Person{}, ErrNotRep
	}
	return list[i], nil
}
