package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

// The names of both sides come with an agency.
const agencyColumns = `SELECT g.id, g.kind, g.principal_id, g.agent_id, g.state, g.made_at, g.accepted_at, g.ends_at, g.ended_at,
	g.relation, g.arranged_by, coalesce(f.file, ''), coalesce(f.media, ''), coalesce(f.bytes, 0), coalesce(f.sha256, ''),
	pr.kind, pr.name_sealed, ag.name_sealed
	FROM agency g JOIN person pr ON pr.id = g.principal_id JOIN person ag ON ag.id = g.agent_id LEFT JOIN agency_proof f ON f.agency_id = g.id `

func (q *queries) readAgency(s scanner) (a citizen.Agency, err error) {
	var principal, agent []byte
	var made, accepted, ends, ended int64
	err = s.Scan(&a.ID, &a.Kind, &a.Principal, &a.Agent, &a.State, &made, &accepted, &ends, &ended, &a.Relation, &a.ArrangedBy,
		&a.Proof.File, &a.Proof.Media, &a.Proof.Bytes, &a.Proof.SHA256, &a.PrincipalKind, &principal, &agent)
	if err != nil {
		return a, err
	}
	a.MadeAt, a.AcceptedAt, a.EndsAt, a.EndedAt = moment(made), moment(accepted), moment(ends), moment(ended)
	parse := citizen.ParseName
	if a.PrincipalKind == citizen.Legal {
		parse = citizen.ParseOrgName
	}
	if a.PrincipalName, err = openedAs(q, "person", "name", string(a.Principal), principal, parse); err != nil {
		return a, err
	}
	a.AgentName, err = openedAs(q, "person", "name", string(a.Agent), agent, citizen.ParseName)
	return a, err
}

// Agency implements citizen.Reader.
func (q *queries) Agency(ctx context.Context, id string) (citizen.Agency, error) {
	a, err := one(ctx, q, citizen.ErrNoAgency, q.readAgency, agencyColumns+`WHERE g.id = $1`, id)
	if err != nil {
		return a, err
	}
	a.Items, err = q.agencyItems(ctx, id)
	return a, err
}

func (q *queries) agencyItems(ctx context.Context, id string) ([]string, error) {
	return all(ctx, q, scalar[string], `SELECT item FROM agency_item WHERE agency_id = $1 ORDER BY item`, id)
}

// Agencies implements citizen.Reader. A principal's are also those of the legal
// persons that they represent.
func (q *queries) Agencies(ctx context.Context, who citizen.ID, side citizen.Side) ([]citizen.Agency, error) {
	where := `WHERE g.agent_id = $1 `
	if side == citizen.AsPrincipal {
		where = `WHERE (g.principal_id = $1 OR g.principal_id IN (SELECT r.person_id FROM representative r WHERE r.representative_id = $1)) `
	}
	list, err := all(ctx, q, q.readAgency, agencyColumns+where+`ORDER BY g.made_at DESC, g.id DESC LIMIT 200`, who)
	for i := range list {
		if err != nil {
			break
		}
		list[i].Items, err = q.agencyItems(ctx, list[i].ID)
	}
	return list, err
}

// Represented implements citizen.Reader.
func (q *queries) Represented(ctx context.Context, who citizen.ID) ([]citizen.Person, error) {
	return all(ctx, q, q.readPerson, personColumns+`JOIN representative r ON r.person_id = p.id
		WHERE r.representative_id = $1 ORDER BY r.proved_at, p.id`, who)
}

// RepresentativeOf implements citizen.Reader.
func (q *queries) RepresentativeOf(ctx context.Context, legal citizen.ID) (citizen.ID, error) {
	return maybe[citizen.ID](ctx, q, `SELECT representative_id FROM representative WHERE person_id = $1`, legal)
}

// maybe reads one value, the zero value where there is no row.
func maybe[T any](ctx context.Context, q *queries, query string, args ...any) (v T, err error) {
	list, err := all(ctx, q, scalar[T], query, args...)
	if len(list) > 0 {
		v = list[0]
	}
	return v, err
}

// SaveRepresentative implements citizen.Bonds.
func (tx *Tx) SaveRepresentative(ctx context.Context, legal, natural citizen.ID, at time.Time) error {
	return tx.exec(ctx, `INSERT INTO representative (person_id, representative_id, proved_at) VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET representative_id = excluded.representative_id, proved_at = excluded.proved_at`,
		legal, natural, millis(at))
}

// InsertAgency implements citizen.Bonds.
func (tx *Tx) InsertAgency(ctx context.Context, a citizen.Agency) error {
	err := tx.exec(ctx, `INSERT INTO agency (id, kind, relation, principal_id, agent_id, every_item, state, made_at, accepted_at, ends_at, arranged_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		a.ID, a.Kind, a.Relation, a.Principal, a.Agent, len(a.Items) == 0, a.State,
		millis(a.MadeAt), millis(a.AcceptedAt), millis(a.EndsAt), a.ArrangedBy)
	if err == nil && a.Proof.File != "" {
		err = tx.exec(ctx, `INSERT INTO agency_proof (agency_id, file, media, bytes, sha256, added_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			a.ID, a.Proof.File, a.Proof.Media, a.Proof.Bytes, a.Proof.SHA256, millis(a.MadeAt))
	}
	for _, item := range a.Items {
		if err != nil {
			break
		}
		err = tx.exec(ctx, `INSERT INTO agency_item (agency_id, item) VALUES ($1, $2)`, a.ID, item)
	}
	return err
}

// AcceptAgency implements citizen.Bonds.
func (tx *Tx) AcceptAgency(ctx context.Context, id string, at time.Time) error {
	return tx.change(ctx, citizen.ErrAgencyOver,
		`UPDATE agency SET state = 'active', accepted_at = $2 WHERE id = $1 AND state = 'offered' AND ends_at > $2`, id, millis(at))
}

// EndAgency implements citizen.Bonds.
func (tx *Tx) EndAgency(ctx context.Context, id string, by citizen.ID, at time.Time) error {
	return tx.change(ctx, citizen.ErrAgencyOver,
		`UPDATE agency SET state = 'ended', ended_at = $2, ended_by = $3 WHERE id = $1 AND state <> 'ended'`, id, millis(at), by)
}

// mayAct is true where $1 may act for $2 at $3 in an item, which is a column or
// a parameter.
func mayAct(item string) string {
	return `(EXISTS (SELECT 1 FROM representative r WHERE r.person_id = $2 AND r.representative_id = $1)
		OR EXISTS (SELECT 1 FROM agency g WHERE g.principal_id = $2 AND g.agent_id = $1 AND g.state = 'active' AND g.ends_at > $3
			AND (g.every_item OR EXISTS (SELECT 1 FROM agency_item i WHERE i.agency_id = g.id AND i.item = ` + item + `))))`
}

// MayActFor implements casework.Agents.
func (q *queries) MayActFor(ctx context.Context, agent, principal citizen.ID, item catalog.ItemCode, now time.Time) (bool, error) {
	n, err := scalarCount(ctx, q, `SELECT count(*) FROM person WHERE id = $2 AND closed_at = 0 AND `+mayAct("$4"),
		agent, principal, millis(now), item)
	return n == 1, err
}

// actsIn is true where $1 may act at $2 in a thing of a person: the thing has
// person and item as columns, and begun says whether $1 has begun it. Whoever
// represents an organisation acts in all that is its own; an agent in what they
// have begun, unless the principal is a ward or has no account to see for
// themselves.
func actsIn(thing, begun string) string {
	return `EXISTS (SELECT 1 FROM person o WHERE o.id = ` + thing + `.person_id AND o.closed_at = 0)
		AND (EXISTS (SELECT 1 FROM representative r WHERE r.person_id = ` + thing + `.person_id AND r.representative_id = $1)
		OR EXISTS (SELECT 1 FROM agency g WHERE g.principal_id = ` + thing + `.person_id AND g.agent_id = $1 AND g.state = 'active' AND g.ends_at > $2
			AND (g.every_item OR EXISTS (SELECT 1 FROM agency_item i WHERE i.agency_id = g.id AND i.item = ` + thing + `.item))
			AND (g.kind = 'guardian' OR ` + begun + `
				OR EXISTS (SELECT 1 FROM person n WHERE n.id = g.principal_id AND n.kind = 'natural'
					AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = n.id)))))`
}

var (
	actsInCase  = actsIn("cases", `EXISTS (SELECT 1 FROM case_agent ca WHERE ca.case_id = cases.id AND ca.agent_id = $1)`)
	actsInVisit = actsIn("appointment", `EXISTS (SELECT 1 FROM appointment_agent aa WHERE aa.appointment_id = appointment.id AND aa.agent_id = $1)`)
	actsInPaper = actsIn("licence", `EXISTS (SELECT 1 FROM case_agent ca WHERE ca.case_id = licence.case_id AND ca.agent_id = $1)`)
)

// ActsIn says whether somebody may act in a case for its person now.
func (q *queries) ActsIn(ctx context.Context, who citizen.ID, caseID string, now time.Time) (bool, error) {
	n, err := scalarCount(ctx, q, `SELECT count(*) FROM cases WHERE id = $3 AND `+actsInCase, who, millis(now), caseID)
	return n == 1 && who != "", err
}

// ActsInVisit implements appointment.Agents.
func (q *queries) ActsInVisit(ctx context.Context, who citizen.ID, id appointment.ID, now time.Time) (bool, error) {
	n, err := scalarCount(ctx, q, `SELECT count(*) FROM appointment WHERE id = $3 AND `+actsInVisit, who, millis(now), id)
	return n == 1 && who != "", err
}

// VisitsActedIn implements appointment.Store.
func (q *queries) VisitsActedIn(ctx context.Context, agent, principal citizen.ID, now time.Time, after appointment.Mark, most int) ([]appointment.Appointment, error) {
	return all(ctx, q, readAppointment, appointmentColumns+`WHERE person_id = $3 AND state <> 'lapsed'
		AND NOT (state = 'held' AND lapses_at <= $2) AND ($5 = '' OR (starts_at, id) < ($4, $5)) AND `+actsInVisit+`
		ORDER BY starts_at DESC, id DESC LIMIT $6`, agent, millis(now), principal, millis(after.StartsAt), after.ID, most)
}

// InsertVisitAgent implements appointment.Tx.
func (tx *Tx) InsertVisitAgent(ctx context.Context, id appointment.ID, agent citizen.ID) error {
	return tx.exec(ctx, `INSERT INTO appointment_agent (appointment_id, agent_id) VALUES ($1, $2)`, id, agent)
}

// AgentOf implements casework.Agents.
func (q *queries) AgentOf(ctx context.Context, id casework.ID) (citizen.ID, error) {
	return maybe[citizen.ID](ctx, q, `SELECT agent_id FROM case_agent WHERE case_id = $1`, id)
}

// CasesActedIn implements casework.Agents; materials are not read.
func (q *queries) CasesActedIn(ctx context.Context, agent, principal citizen.ID, now time.Time, before casework.ID, most int) ([]casework.Case, error) {
	return all(ctx, q, q.readCase, caseColumns+`WHERE person_id = $3 AND ($4 = '' OR id < $4) AND `+actsInCase+` ORDER BY id DESC LIMIT $5`,
		agent, millis(now), principal, before, most)
}

// InsertCaseAgent implements casework.Tx.
func (tx *Tx) InsertCaseAgent(ctx context.Context, id casework.ID, agent citizen.ID) error {
	return tx.exec(ctx, `INSERT INTO case_agent (case_id, agent_id) VALUES ($1, $2)`, id, agent)
}
