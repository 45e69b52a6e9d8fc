package sqlstore

import (
	"context"
	"database/sql"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// trail gathers what is written down in several places: each keeps its own
// record in the transaction of the act.
const trail = `SELECT e.kind, e.id, e.at, e.actor, e.person_id, e.what, e.why_sealed, m.role, m.office, p.kind, p.name_sealed FROM (
	SELECT 'look' AS kind, id, at, staff_id AS actor, person_id, what, purpose_sealed AS why_sealed FROM look
	UNION ALL SELECT 'post_taken', id, taken_at, invited_by, '', role, NULL FROM staff
	UNION ALL SELECT 'post_left', id, left_at, left_by, '', role, NULL FROM staff WHERE left_at > 0
	UNION ALL SELECT 'agency', id, made_at, arranged_by, principal_id, kind, NULL FROM agency
	UNION ALL SELECT 'agency_ended', id, ended_at, ended_by, principal_id, kind, NULL FROM agency WHERE ended_at > 0
	UNION ALL SELECT 'bypass', d.case_id, d.at, d.actor, c.person_id, 'release', d.why_sealed
		FROM delivery_release d JOIN cases c ON c.id = d.case_id
	) e LEFT JOIN staff m ON m.id = e.actor LEFT JOIN person p ON p.id = e.person_id
	WHERE ($1 = '' OR e.kind = $1) AND ($2 = '' OR e.actor = $2) AND ($3 = '' OR e.person_id = $3)
	AND e.at >= $4 AND ($5 = 0 OR e.at < $5) AND ($8 = '' OR (e.at, e.kind, e.id) < ($6, $7, $8))
	ORDER BY e.at DESC, e.kind DESC, e.id DESC LIMIT $9`

// Trail implements staff.Store.
func (q *queries) Trail(ctx context.Context, s staff.TrailSearch) ([]staff.Entry, error) {
	return all(ctx, q, q.readEntry, trail, string(s.Kind), string(s.Actor), string(s.Person), millis(s.From), millis(s.To),
		millis(s.After.At), string(s.After.Kind), s.After.ID, s.Most)
}

func (q *queries) readEntry(s scanner) (e staff.Entry, err error) {
	var at int64
	var why, name []byte
	var role, office, kind sql.NullString
	if err := s.Scan(&e.Kind, &e.ID, &at, &e.Actor, &e.Person, &e.What, &why, &role, &office, &kind, &name); err != nil {
		return e, err
	}
	e.At, e.Role, e.Office = moment(at), staff.Role(role.String), place.OfficeCode(office.String)
	if e.Name, err = q.maskedName(e.Person, kind.String, name); err != nil {
		return e, err
	}
	if !role.Valid {
		e.Actor = "" // a person who ended their own agency: not an act of staff
	}
	table, column := "look", "purpose"
	if e.Kind == staff.TrailBypass {
		table, column = "delivery_release", "why"
	}
	e.Purpose, err = q.opened(table, column, e.ID, why)
	return e, err
}

func (q *queries) maskedName(id citizen.ID, kind string, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	parse := citizen.ParseName
	if citizen.Kind(kind) == citizen.Legal {
		parse = citizen.ParseOrgName
	}
	name, err := openedAs(q, "person", "name", string(id), sealed, parse)
	return name.Masked(), err
}
