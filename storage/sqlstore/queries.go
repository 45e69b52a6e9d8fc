package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"time"

	"github.com/yimen-gov/yimen/pkg/seal"
)

// queries holds every reading method; DB has them on the readers' pool, Tx on
// the writer's connection.
type queries struct {
	run  *prepared
	keys *seal.Keyring
}

type scanner interface{ Scan(dest ...any) error }

// via is the connection to read on: that of the request's own transaction
// where one is open, so that a request sees what it has just changed.
func (q *queries) via(ctx context.Context) *prepared {
	if j, ok := ctx.Value(jointKey{}).(*joint); ok && j.tx != nil {
		return j.tx.run
	}
	return q.run
}

// one reads a single row; no row is the error none.
func one[T any](ctx context.Context, q *queries, none error, read func(scanner) (T, error), query string, args ...any) (T, error) {
	var zero T
	run := q.via(ctx)
	ctx, cancel := run.within(ctx)
	defer cancel()
	rows, err := run.query(ctx, query, args...)
	if err != nil {
		return zero, err
	}
	defer rows.Close()
	if !rows.Next() {
		return zero, cmp.Or(plain(rows.Err()), none)
	}
	return read(rows)
}

// all reads every row.
func all[T any](ctx context.Context, q *queries, read func(scanner) (T, error), query string, args ...any) ([]T, error) {
	run := q.via(ctx)
	ctx, cancel := run.within(ctx)
	defer cancel()
	rows, err := run.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		v, err := read(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, plain(rows.Err())
}

// scalar reads one value of a built-in type.
func scalar[T any](s scanner) (v T, err error) { return v, s.Scan(&v) }

// sealed encrypts a personal value for its row; an empty value stays NULL.
func (q *queries) sealed(table, column, row, plain string) []byte {
	if plain == "" {
		return nil
	}
	return q.keys.Seal([]byte(plain), seal.Place{Table: table, Column: column, Row: row})
}

// sealedNothing is a sealed empty value, for columns that hold something.
func (q *queries) sealedNothing(table, column, row string) []byte {
	return q.keys.Seal(nil, seal.Place{Table: table, Column: column, Row: row})
}

// opened undoes sealed.
func (q *queries) opened(table, column, row string, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	plain, err := q.keys.Open(sealed, seal.Place{Table: table, Column: column, Row: row})
	return string(plain), err
}

// millis is how a time is stored: Unix milliseconds, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment undoes millis.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

var _ scanner = (*sql.Rows)(nil)
