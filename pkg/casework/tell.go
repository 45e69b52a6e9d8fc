package casework

import (
	"context"
	"slices"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// tellStaff tells each of these people once; staff hear it where they hear
// everything, in the mini-program.
func (c *Counter) tellStaff(ctx context.Context, tx Tx, cs Case, kind notify.Kind, text string, to []citizen.ID) error {
	slices.Sort(to)
	for _, who := range slices.Compact(to) {
		if who == "" {
			continue
		}
		if err := tx.Tell(ctx, notify.Notice{To: who, Kind: kind, Subject: string(cs.ID), Text: text, At: c.Now()}); err != nil {
			return err
		}
	}
	return nil
}

// handlers are the people who have the case in hand; where nobody has, all
// reviewers who may take it.
func (c *Counter) handlers(ctx context.Context, tx Tx, cs Case) ([]citizen.ID, error) {
	if cs.Clerk == "" && cs.Reviewer == "" {
		return c.posted(ctx, tx, cs.Decides, staff.Reviewer, cs.Department)
	}
	return tx.PeopleAt(ctx, []staff.ID{cs.Clerk, cs.Reviewer})
}

// supervisors are the managers of the office that accepts and of those of the
// division that decides.
func (c *Counter) supervisors(ctx context.Context, tx Tx, cs Case) ([]citizen.ID, error) {
	at, err := tx.PeopleIn(ctx, cs.Office, staff.OfficeManager, "")
	if err != nil {
		return nil, err
	}
	deciding, err := c.posted(ctx, tx, cs.Decides, staff.OfficeManager, "")
	return append(at, deciding...), err
}

// posted are the people with a role at the offices of a division.
func (c *Counter) posted(ctx context.Context, tx Tx, division place.DivisionCode, role staff.Role, department catalog.DepartmentCode) (all []citizen.ID, err error) {
	e, err := c.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range e.Places.OfficesOf(division) {
		list, err := tx.PeopleIn(ctx, o.Code, role, department)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

func (c *Counter) tellSupervisors(ctx context.Context, tx Tx, cs Case, kind notify.Kind, text string) error {
	to, err := c.supervisors(ctx, tx, cs)
	if err != nil {
		return err
	}
	return c.tellStaff(ctx, tx, cs, kind, text, to)
}

// tellOffice tells who has the case in hand and their supervisors.
func (c *Counter) tellOffice(ctx context.Context, tx Tx, cs Case, kind notify.Kind, text string) error {
	to, err := c.handlers(ctx, tx, cs)
	if err != nil {
		return err
	}
	above, err := c.supervisors(ctx, tx, cs)
	if err != nil {
		return err
	}
	return c.tellStaff(ctx, tx, cs, kind, text, append(to, above...))
}
