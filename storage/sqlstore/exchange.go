package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/exchange"
)

var (
	_ exchange.Store = Store[exchange.Tx]{}
	_ exchange.Tx    = (*Tx)(nil)
)

func factRow(who citizen.ID, source, what string) string {
	return string(who) + "|" + source + "|" + what
}

// FactsOn implements exchange.Store.
func (q *queries) FactsOn(ctx context.Context, who citizen.ID, source string, at time.Time) (map[string]exchange.Fact, error) {
	read := func(s scanner) (f exchange.Fact, err error) {
		var value []byte
		var fetched, ends int64
		if err := s.Scan(&f.What, &f.Given, &value, &f.Ref, &fetched, &ends); err != nil {
			return f, err
		}
		f.FetchedAt, f.EndsAt = moment(fetched), moment(ends)
		f.Value, err = q.opened("shared_fact", "value", factRow(who, source, f.What), value)
		return f, err
	}
	list, err := all(ctx, q, read, `SELECT what, given, value_sealed, ref, fetched_at, ends_at FROM shared_fact
		WHERE person_id = $1 AND source = $2 AND ends_at > $3`, who, source, millis(at))
	facts := map[string]exchange.Fact{}
	for _, f := range list {
		facts[f.What] = f
	}
	return facts, err
}

// KeepFact implements exchange.Case.
func (tx *Tx) KeepFact(ctx context.Context, who citizen.ID, source string, f exchange.Fact) error {
	return tx.exec(ctx, `INSERT INTO shared_fact (person_id, source, what, given, value_sealed, ref, fetched_at, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (person_id, source, what) DO UPDATE SET given = excluded.given,
		value_sealed = excluded.value_sealed, ref = excluded.ref, fetched_at = excluded.fetched_at, ends_at = excluded.ends_at`,
		who, source, f.What, f.Given, tx.sealed("shared_fact", "value", factRow(who, source, f.What), f.Value), f.Ref, millis(f.FetchedAt), millis(f.EndsAt))
}

// ForgetFacts implements exchange.Tx.
func (tx *Tx) ForgetFacts(ctx context.Context, by time.Time) error {
	return tx.exec(ctx, `DELETE FROM shared_fact WHERE ends_at <= $1`, millis(by))
}

// Standings implements casework.Store and exchange.Case.
func (q *queries) Standings(ctx context.Context, id string) ([]exchange.Standing, error) {
	read := func(s scanner) (v exchange.Standing, err error) {
		var consent, asked int64
		err = s.Scan(&v.Source, &v.State, &consent, &asked)
		v.ConsentAt, v.AskedAt = moment(consent), moment(asked)
		return v, err
	}
	return all(ctx, q, read, `SELECT source, state, consent_at, asked_at FROM case_source WHERE case_id = $1 ORDER BY source`, id)
}

// SaveStanding implements exchange.Case.
func (tx *Tx) SaveStanding(ctx context.Context, id string, s exchange.Standing) error {
	return tx.exec(ctx, `INSERT INTO case_source (case_id, source, state, consent_at, asked_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (case_id, source) DO UPDATE SET state = excluded.state, asked_at = excluded.asked_at,
		consent_at = CASE WHEN excluded.consent_at > 0 THEN excluded.consent_at ELSE case_source.consent_at END`,
		id, s.Source, s.State, millis(s.ConsentAt), millis(s.AskedAt))
}

const useColumns = `SELECT u.id, u.case_id, u.person_id, u.item, u.source, u.material, u.field, u.value_sealed, u.ref, u.basis,
	u.consent_at, u.at, u.state, u.ended_at, u.why, u.flagged_at FROM shared_use u `

func (q *queries) readUse(s scanner) (u exchange.Use, err error) {
	var value []byte
	var at [4]int64
	if err := s.Scan(&u.ID, &u.Case, &u.Person, &u.Item, &u.Source, &u.Material, &u.Field, &value, &u.Ref, &u.Basis,
		&at[0], &at[1], &u.State, &at[2], &u.Why, &at[3]); err != nil {
		return u, err
	}
	u.ConsentAt, u.At, u.EndedAt, u.FlaggedAt = moment(at[0]), moment(at[1]), moment(at[2]), moment(at[3])
	u.Value, err = q.opened("shared_use", "value", u.ID, value)
	return u, err
}

// UsesOf implements casework.Store and exchange.Case.
func (q *queries) UsesOf(ctx context.Context, id string) ([]exchange.Use, error) {
	return all(ctx, q, q.readUse, useColumns+`WHERE u.case_id = $1 ORDER BY u.id`, id)
}

// UsesBy implements exchange.Store.
func (q *queries) UsesBy(ctx context.Context, who citizen.ID, before string, most int) ([]exchange.Use, error) {
	return all(ctx, q, q.readUse, useColumns+`WHERE u.person_id = $1 AND ($2 = '' OR u.id < $2) ORDER BY u.id DESC LIMIT $3`, who, before, most)
}

// Flagged implements exchange.Store.
func (q *queries) Flagged(ctx context.Context, f exchange.Flags, before string, most int) ([]exchange.Use, error) {
	return all(ctx, q, q.readUse, useColumns+`JOIN cases c ON c.id = u.case_id WHERE u.state = 'revoked'
		AND ((c.office = $1 AND $1 <> '') OR (c.decides = $2 AND $2 <> '' AND ($3 = '' OR c.department = $3)
		AND c.state NOT IN ('draft', 'received', 'notified', 'withdrawn')))
		AND ($4 = '' OR u.id < $4) ORDER BY u.id DESC LIMIT $5`, f.Office, f.Decides, f.Department, before, most)
}

// Unflagged implements casework.Store.
func (q *queries) Unflagged(ctx context.Context, most int) ([]casework.ID, error) {
	return all(ctx, q, scalar[casework.ID], `SELECT DISTINCT case_id FROM shared_use WHERE state = 'revoked' AND flagged_at = 0 LIMIT $1`, most)
}

// InsertUse implements exchange.Case.
func (tx *Tx) InsertUse(ctx context.Context, u exchange.Use) error {
	return tx.exec(ctx, `INSERT INTO shared_use (id, case_id, person_id, item, source, material, field, value_sealed, ref, basis, consent_at, at, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'in_use')
		ON CONFLICT (case_id, source, material, field) WHERE state = 'in_use' DO NOTHING`,
		u.ID, u.Case, u.Person, u.Item, u.Source, u.Material, u.Field, tx.sealed("shared_use", "value", u.ID, u.Value), u.Ref, u.Basis,
		millis(u.ConsentAt), millis(u.At))
}

// ObjectTo implements exchange.Case.
func (tx *Tx) ObjectTo(ctx context.Context, id, source, why string, at time.Time) error {
	return tx.exec(ctx, `UPDATE shared_use SET state = 'objected', ended_at = $4, why = $3
		WHERE case_id = $1 AND source = $2 AND state = 'in_use'`, id, source, why, millis(at))
}

// FlagUses implements exchange.Case.
func (tx *Tx) FlagUses(ctx context.Context, id string, at time.Time) error {
	return tx.exec(ctx, `UPDATE shared_use SET flagged_at = $2 WHERE case_id = $1 AND state = 'revoked' AND flagged_at = 0`, id, millis(at))
}
