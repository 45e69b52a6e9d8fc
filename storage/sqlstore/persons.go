package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

var (
	_ citizen.Store = Store[citizen.Tx]{}
	_ citizen.Tx    = (*Tx)(nil)
)

const personColumns = `SELECT id, name_sealed, number_sealed, credit_grade, created_at FROM person `

func (q *queries) readPerson(s scanner) (p citizen.Person, err error) {
	var name, number []byte
	var at int64
	if err := s.Scan(&p.ID, &name, &number, &p.Grade, &at); err != nil {
		return p, err
	}
	p.MadeAt = moment(at)
	if p.Name, err = openedAs(q, "person", "name", string(p.ID), name, citizen.ParseName); err != nil {
		return p, err
	}
	p.Number, err = openedAs(q, "person", "number", string(p.ID), number, citizen.ParseIDNumber)
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

// Person implements citizen.Store.
func (q *queries) Person(ctx context.Context, id citizen.ID) (citizen.Person, error) {
	return one(ctx, q, citizen.ErrNoPerson, q.readPerson, personColumns+`WHERE id = $1`, id)
}

// PersonOf implements citizen.Tx.
func (q *queries) PersonOf(ctx context.Context, number citizen.IDNumber) (citizen.Person, error) {
	return one(ctx, q, citizen.ErrNoPerson, q.readPerson, personColumns+`WHERE number_index = $1`,
		q.keys.Index("person.number", number.String()))
}

// InsertPerson implements citizen.Tx.
func (tx *Tx) InsertPerson(ctx context.Context, p citizen.Person) error {
	id := string(p.ID)
	return tx.exec(ctx, `INSERT INTO person (id, kind, name_sealed, number_sealed, number_index, credit_grade, created_at)
		VALUES ($1, 'natural', $2, $3, $4, $5, $6)`,
		id, tx.sealed("person", "name", id, p.Name.String()), tx.sealed("person", "number", id, p.Number.String()),
		tx.keys.Index("person.number", p.Number.String()), p.Grade, millis(p.MadeAt))
}
