package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/ledger"
)

// Tx is one transaction. It has every reading method of DB and the writing
// ones; the packages under pkg see it as their own Tx interface.
type Tx struct {
	queries
	leaves []ledger.Leaf // for the ledger, appended together right before the commit
}

// exec runs a statement whose effect needs no check.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) error {
	_, err := tx.run.exec(ctx, query, args...)
	return err
}

// change runs a guarded change of state: no row changed is the error none.
func (tx *Tx) change(ctx context.Context, none error, query string, args ...any) error {
	n, err := tx.run.exec(ctx, query, args...)
	if err == nil && n == 0 {
		return none
	}
	return err
}

// insert adds a row; a row that is already there is the error twice.
func (tx *Tx) insert(ctx context.Context, twice error, query string, args ...any) error {
	_, err := tx.run.exec(ctx, query, args...)
	if twice != nil && isDuplicate(err) {
		return twice
	}
	return err
}

// Store gives a package under pkg its view of the database: T is its Tx.
type Store[T any] struct{ *DB }

// For makes the view for T, which *Tx must implement.
func For[T any](db *DB) Store[T] {
	_ = any((*Tx)(nil)).(T)
	return Store[T]{db}
}

// InTx runs fn in one transaction and returns when it is durable; an error of
// fn undoes all it did. It is the only way to write. Transactions happen as if
// one after the other; fn may run more than once, should the database lose one
// of its tries. Under Once it joins the
// request's transaction, which becomes durable before the request is answered.
func (s Store[T]) InTx(ctx context.Context, fn func(T) error) error {
	return s.write(ctx, func(tx *Tx) error { return fn(any(tx).(T)) })
}

func (db *DB) write(ctx context.Context, fn func(*Tx) error) error {
	if j, ok := ctx.Value(jointKey{}).(*joint); ok {
		return j.run(ctx, fn)
	}
	return db.writer.do(ctx, true, fn)
}

// savepoint runs fn inside a transaction that is already open.
func (tx *Tx) savepoint(ctx context.Context, fn func(*Tx) error) error {
	if err := tx.exec(ctx, "SAVEPOINT inner_one"); err != nil {
		return err
	}
	before := len(tx.leaves)
	err := fn(tx)
	if err != nil {
		tx.leaves = tx.leaves[:before]
		if back := tx.exec(ctx, "ROLLBACK TO SAVEPOINT inner_one"); back != nil {
			return back
		}
	}
	if done := tx.exec(ctx, "RELEASE SAVEPOINT inner_one"); done != nil {
		return done
	}
	return err
}
