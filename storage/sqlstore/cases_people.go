package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// PeopleAt implements casework.PeopleTx.
func (q *queries) PeopleAt(ctx context.Context, posts []staff.ID) (people []citizen.ID, err error) {
	for _, post := range posts {
		if post == "" {
			continue
		}
		list, err := all(ctx, q, scalar[citizen.ID], `SELECT coalesce(a.person_id, '') FROM staff s JOIN account a ON a.id = s.account_id
			WHERE s.id = $1 AND s.left_at = 0`, post)
		if err != nil {
			return nil, err
		}
		people = append(people, list...)
	}
	return people, nil
}

// PeopleIn implements casework.PeopleTx.
func (q *queries) PeopleIn(ctx context.Context, office place.OfficeCode, role staff.Role, d catalog.DepartmentCode) ([]citizen.ID, error) {
	return all(ctx, q, scalar[citizen.ID], `SELECT coalesce(a.person_id, '') FROM staff s JOIN account a ON a.id = s.account_id
		WHERE s.office = $1 AND s.role = $2 AND ($3 = '' OR s.department = $3) AND s.left_at = 0`, office, role, d)
}

// MembersAt implements casework.Store.
func (q *queries) MembersAt(ctx context.Context, office place.OfficeCode, department catalog.DepartmentCode) ([]staff.Member, error) {
	return all(ctx, q, q.readMember, `SELECT `+memberColumns+` FROM staff m WHERE m.office = $1 AND m.department = $2 AND m.left_at = 0
		AND m.role IN ('village_staff', 'window_staff', 'office_manager', 'reviewer') ORDER BY m.id LIMIT 200`, office, department)
}
