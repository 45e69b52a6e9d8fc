package casework

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// What staff looked at, as the record of looks names it.
const (
	lookCase = "case"
	lookFile = "file"
)

// reviewing is the purpose of who opens a file of a case: there is no other.
const reviewing = "查阅办件材料"

// Reveal shows a case whole, and whose it is, to a member whom it concerns and
// who says what for. That it was seen becomes durable before it is shown.
// Errors: citizen.ErrPurpose, ErrNoCase, staff.ErrOtherOffice.
func (c *Counter) Reveal(ctx context.Context, m staff.Member, id ID, purpose string) (cs Case, p citizen.Person, err error) {
	if purpose, err = citizen.ParsePurpose(purpose); err != nil {
		return Case{}, p, err
	}
	if cs, err = c.looked(ctx, m, id, lookCase, purpose); err != nil {
		return Case{}, p, err
	}
	p, err = c.Store.Person(ctx, cs.Person)
	return cs, p, err
}

// ShowFile lets a member whom a case concerns see one of its files, and keeps
// that it was seen. Errors: ErrNoCase, ErrNoFile, staff.ErrOtherOffice.
func (c *Counter) ShowFile(ctx context.Context, m staff.Member, id ID, file string) (File, error) {
	if _, err := c.Seen(ctx, m, id); err != nil {
		return File{}, err
	}
	f, err := c.Store.File(ctx, id, file)
	if err != nil {
		return File{}, err // nothing was seen: nothing to keep
	}
	_, err = c.looked(ctx, m, id, lookFile, reviewing)
	return f, err
}

func (c *Counter) looked(ctx context.Context, m staff.Member, id ID, what, purpose string) (cs Case, err error) {
	err = c.Store.InTx(ctx, func(tx Tx) error {
		if cs, err = c.seen(ctx, tx, m, id); err != nil {
			return err
		}
		return tx.InsertLook(ctx, citizen.Look{
			ID: c.NewID(), Staff: string(m.ID), Person: cs.Person, What: what, Purpose: purpose, At: c.Now(),
		})
	})
	return cs, err
}
