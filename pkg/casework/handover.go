package casework

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// What can go wrong when a case passes to another.
var (
	ErrNoColleague = fault.New(fault.Invalid, "casework.no_colleague", "接手人不是本单位同一岗位的在岗人员，请重新选择")
	ErrNotHolder   = fault.New(fault.Forbidden, "casework.not_holder", "只有经办人本人或本单位负责人可以转交")
)

const handedOver notify.Kind = "case.handed_over"

// HandOverCase passes a case to a colleague, or with no name back to whoever
// takes it next, by who has it in hand or their manager. Errors: ErrReason,
// ErrNotHolder, ErrNoColleague, ErrNotNow.
func (c *Counter) HandOverCase(ctx context.Context, m staff.Member, id ID, to staff.ID, why string) (Case, error) {
	if why == "" {
		return Case{}, ErrReason
	}
	find := func(tx Tx) (Case, error) { return c.seen(ctx, tx, m, id) }
	return c.change(ctx, find, HandOver, func(tx Tx, cs *Case) (entry, error) {
		next, err := c.successor(ctx, tx, *cs, to)
		if err != nil {
			return entry{}, err
		}
		desk := m.Role == staff.Reviewer || next.Role == staff.Reviewer || (to == "" && m.Office != cs.Office)
		if err := mayHandOver(m, *cs, desk); err != nil {
			return entry{}, err
		}
		if err := tx.HandOverCase(ctx, *cs, to, desk); err != nil {
			return entry{}, err
		}
		if desk {
			cs.Reviewer = to
		} else {
			cs.Clerk = to
		}
		return entry{actor: by(m), note: string(to), free: why, then: func(tx Tx) error {
			people, err := tx.PeopleAt(ctx, []staff.ID{to})
			if err != nil {
				return err
			}
			return c.tellStaff(ctx, tx, *cs, handedOver, "有一件办件转交给您办理，请查看", people)
		}}, nil
	})
}

// successor is who a case goes to: of the window where it was accepted, or of
// the department that decides it.
func (c *Counter) successor(ctx context.Context, tx Tx, cs Case, to staff.ID) (staff.Member, error) {
	if to == "" {
		return staff.Member{}, nil
	}
	next, err := tx.Member(ctx, to)
	if errors.Is(err, staff.ErrNoMember) {
		return next, ErrNoColleague
	}
	if err != nil {
		return next, err
	}
	switch next.Role {
	case staff.VillageStaff, staff.WindowStaff, staff.OfficeManager, staff.Reviewer:
		if err := c.handles(ctx, next, cs); err != nil {
			return next, ErrNoColleague
		}
		return next, nil
	default:
		return next, ErrNoColleague
	}
}

// mayHandOver: who has it in hand, or a manager whom the case concerns.
func mayHandOver(m staff.Member, cs Case, desk bool) error {
	holder := cs.Clerk
	if desk {
		holder = cs.Reviewer
	}
	if holder == m.ID || m.Role == staff.OfficeManager {
		return nil
	}
	return ErrNotHolder
}

// Colleagues lists who may take a case over from a member: those of the same
// office who serve people, or the reviewers of the same department there.
func (c *Counter) Colleagues(ctx context.Context, m staff.Member) ([]staff.Member, error) {
	return c.Store.MembersAt(ctx, m.Office, m.Department)
}
