package sqlstore

import (
	"context"
	"database/sql"
	"strings"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// trail gathers what is written down in several places: each keeps its own
// record in the transaction of the act. Each place gives its newest alone, so
// that no page reads them all.
var trail = `SELECT e.kind, e.id, e.at, e.actor, e.person_id, e.what, e.why_sealed, m.role, m.office, p.kind, p.name_sealed FROM (` +
	strings.Join([]string{
		told("look", "id", "at", "staff_id", "person_id", "what", "purpose_sealed", "look"),
		told("post_taken", "id", "taken_at", "invited_by", "''", "role", none, "staff"),
		told("post_left", "id", "left_at", "left_by", "''", "role", none, "staff"),
		told("agency", "id", "made_at", "arranged_by", "principal_id", "kind", none, "agency"),
		told("agency_ended", "id", "ended_at", "ended_by", "principal_id", "kind", none, "agency"),
		told("bypass", "case_id", "at", "actor", "(SELECT person_id FROM cases WHERE id = case_id)", "'release'", "why_sealed", "delivery_release"),
	}, " UNION ALL ") + `) e LEFT JOIN staff m ON m.id = e.actor LEFT JOIN person p ON p.id = e.person_id
	ORDER BY e.at DESC, e.kind DESC, e.id DESC LIMIT $9`

// none is no reason; PostgreSQL wants to know of what kind.
const none = "CAST(NULL AS BYTEA)"

// told selects one kind of entry from where it is kept.
func told(kind, id, at, actor, person, what, why, from string) string {
	return `SELECT * FROM (SELECT '` + kind + `' AS kind, ` + id + ` AS id, ` + at + ` AS at, ` + actor + ` AS actor, ` + person + ` AS person_id,
		` + what + ` AS what, ` + why + ` AS why_sealed FROM ` + from + `
		WHERE ` + at + ` > 0 AND ` + at + ` >= $4 AND ($1 = '' OR $1 = '` + kind + `') AND ($2 = '' OR ` + actor + ` = $2)
		AND ($3 = '' OR ` + person + ` = $3) AND (CAST($5 AS BIGINT) = 0 OR ` + at + ` < $5)
		AND ($8 = '' OR ` + at + ` <= $6 AND (` + at + `, '` + kind + `', ` + id + `) < ($6, $7, $8))
		ORDER BY ` + at + ` DESC, ` + id + ` DESC LIMIT $9) AS ` + kind
}

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
