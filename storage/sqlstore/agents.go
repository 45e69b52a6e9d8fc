package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

// The names of both sides come with an agency.
const agencyColumns = `SELECT g.id, g.kind, g.principal_id, g.agent_id, g.state, g.made_at, g.accepted_at, g.ends_at, g.ended_at,
	pr.kind, pr.name_sealed, ag.name_sealed
	FROM agency g JOIN person pr ON pr.id = g.principal_id JOIN person ag ON ag.id = g.agent_id `

func (q *queries) readAgency(s scanner) (a citizen.Agency, err error) {
	var principal, agent []byte
	var made, accepted, ends, ended int64
	err = s.Scan(&a.ID, &a.Kind, &a.Principal, &a.Agent, &a.State, &made, &accepted, &ends, &ended, &a.PrincipalKind, &principal, &agent)
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
	err := tx.exec(ctx, `INSERT INTO agency (id, kind, principal_id, agent_id, every_item, state, made_at, accepted_at, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.ID, a.Kind, a.Principal, a.Agent, len(a.Items) == 0, a.State, millis(a.MadeAt), millis(a.AcceptedAt), millis(a.EndsAt))
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

// AgentOf implements casework.Agents.
func (q *queries) AgentOf(ctx context.Context, id casework.ID) (citizen.ID, error) {
	return maybe[citizen.ID](ctx, q, `SELECT agent_id FROM case_agent WHERE case_id = $1`, id)
}

// CasesActedIn implements casework.Agents; materials are not read.
func (q *queries) CasesActedIn(ctx context.Context, agent, principal citizen.ID, now time.Time, before casework.ID, most int) ([]casework.Case, error) {
	return all(ctx, q, q.readCase, caseColumns+`WHERE person_id = $2 AND id IN (SELECT ca.case_id FROM case_agent ca WHERE ca.agent_id = $1)
		AND ($4 = '' OR id < $4) AND `+mayAct("cases.item")+` ORDER BY id DESC LIMIT $5`, agent, principal, millis(now), before, most)
}

// InsertCaseAgent implements casework.Tx.
func (tx *Tx) InsertCaseAgent(ctx context.Context, id casework.ID, agent citizen.ID) error {
	return tx.exec(ctx, `INSERT INTO case_agent (case_id, agent_id) VALUES ($1, $2)`, id, agent)
}
