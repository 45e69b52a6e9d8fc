package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
)

var (
	_ citizen.Store = Store[citizen.Tx]{}
	_ citizen.Tx    = (*Tx)(nil)
)

const personColumns = `SELECT p.id, p.kind, p.name_sealed, p.number_sealed, p.credit_grade, p.created_at, p.closed_at, p.home_sealed FROM person p `

func (q *queries) readPerson(s scanner) (p citizen.Person, err error) {
	var name, number, home []byte
	var made, closed int64
	if err := s.Scan(&p.ID, &p.Kind, &name, &number, &p.Grade, &made, &closed, &home); err != nil {
		return p, err
	}
	p.MadeAt, p.ClosedAt = moment(made), moment(closed)
	row := string(p.ID)
	if p.Home, err = openedAs(q, "person", "home", row, home, division); err != nil {
		return p, err
	}
	if p.Kind == citizen.Legal {
		if p.Name, err = openedAs(q, "person", "name", row, name, citizen.ParseOrgName); err != nil {
			return p, err
		}
		p.Code, err = openedAs(q, "person", "number", row, number, citizen.ParseCreditCode)
		return p, err
	}
	if p.Name, err = openedAs(q, "person", "name", row, name, citizen.ParseName); err != nil {
		return p, err
	}
	p.Number, err = openedAs(q, "person", "number", row, number, citizen.ParseIDNumber)
	return p, err
}

// openedAs opens a sealed value and parses it back into its type.
func openedAs[T any](q *queries, table, column, row string, sealed []byte, parse func(string) (T, error)) (v T, err error) {
	plain, err := q.opened(table, column, row, sealed)
	if err != nil || plain == "" {
		return v, err
	}
	return parse(plain)
}

func division(code string) (place.DivisionCode, error) { return place.DivisionCode(code), nil }

// Person implements citizen.Store.
func (q *queries) Person(ctx context.Context, id citizen.ID) (citizen.Person, error) {
	return one(ctx, q, citizen.ErrNoPerson, q.readPerson, personColumns+`WHERE p.id = $1`, id)
}

// PersonOf implements citizen.Tx.
func (q *queries) PersonOf(ctx context.Context, number citizen.IDNumber) (citizen.Person, error) {
	return one(ctx, q, citizen.ErrNoPerson, q.readPerson, personColumns+`WHERE p.number_index = $1`,
		q.numberIndex(citizen.Person{Kind: citizen.Natural, Number: number}))
}

// LegalPersonOf implements citizen.Tx.
func (q *queries) LegalPersonOf(ctx context.Context, code citizen.CreditCode) (citizen.Person, error) {
	return one(ctx, q, citizen.ErrNoPerson, q.readPerson, personColumns+`WHERE p.number_index = $1`,
		q.numberIndex(citizen.Person{Kind: citizen.Legal, Code: code}))
}

// numberIndex keeps the two kinds apart: some credit codes read as identity
// numbers.
func (q *queries) numberIndex(p citizen.Person) []byte {
	if p.Kind == citizen.Legal {
		return q.keys.Index("person.credit_code", p.Code.String())
	}
	return q.keys.Index("person.number", p.Number.String())
}

// InsertPerson implements citizen.Tx.
func (tx *Tx) InsertPerson(ctx context.Context, p citizen.Person) error {
	if p.Kind == "" {
		p.Kind = citizen.Natural
	}
	id := string(p.ID)
	return tx.exec(ctx, `INSERT INTO person (id, kind, name_sealed, number_sealed, number_index, credit_grade, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, p.Kind, tx.sealed("person", "name", id, p.Name.String()), tx.sealed("person", "number", id, p.Identity()),
		tx.numberIndex(p), p.Grade, millis(p.MadeAt))
}

// UpdatePerson implements citizen.Tx.
func (tx *Tx) UpdatePerson(ctx context.Context, p citizen.Person) error {
	id := string(p.ID)
	return tx.change(ctx, citizen.ErrNoPerson, `UPDATE person SET name_sealed = $2, closed_at = $3, home_sealed = $4 WHERE id = $1`,
		id, tx.sealed("person", "name", id, p.Name.String()), millis(p.ClosedAt), tx.sealed("person", "home", id, string(p.Home)))
}
