package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Errors of bringing a database back.
var (
	ErrNotEmpty = errors.New("the database holds a city already: restore into an empty one")
	ErrHalf     = errors.New("a restore into this database did not end: run it again to its end")
)

// refillMark is the lease that says: this database is being brought back.
const refillMark = "restore"

// Refill brings the rows of a snapshot into an empty database. It may be
// stopped and begun again; until Finish no service starts on the database.
type Refill struct {
	db     *sql.DB
	as     *dialect
	how    shape
	schema int64
}

// OpenRefill prepares an empty database, with the schema that the snapshot
// had. Errors: ErrNotEmpty, and one clear line.
func OpenRefill(ctx context.Context, c Config, schema int64) (r *Refill, err error) {
	r = &Refill{as: sqliteDialect, how: sqliteShape, schema: schema}
	if c.URL != "" {
		r.as, r.how = postgresDialect, postgresShape
		r.db, err = openLong(c.URL)
	} else if err = os.MkdirAll(filepath.Dir(c.Path), 0o700); err == nil {
		if r.db, err = sql.Open("sqlite", dsn(c.Path)); err == nil {
			r.db.SetMaxOpenConns(1)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := r.prepare(ctx); err != nil {
		return nil, errors.Join(err, r.db.Close())
	}
	return r, nil
}

func (r *Refill) prepare(ctx context.Context) error {
	p, err := provider(r.db, r.as)
	if err != nil {
		return err
	}
	s, err := versions(ctx, p)
	switch {
	case err != nil:
		return err
	case r.schema > s.Knows:
		return fmt.Errorf("the backup has schema %d, this binary knows %d: use the newer binary", r.schema, s.Knows)
	case s.Has > r.schema:
		return fmt.Errorf("%w (it has schema %d, the backup %d)", ErrNotEmpty, s.Has, r.schema)
	case s.Has > 0 && s.Has < r.schema:
		return fmt.Errorf("%w (it has schema %d)", ErrNotEmpty, s.Has)
	}
	if _, err := p.UpTo(ctx, r.schema); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := mark(ctx, r.db, refillMark, ErrNotEmpty); err != nil {
		return err
	}
	return r.empty(ctx)
}

// empty takes out what migrations and an earlier try have left.
func (r *Refill) empty(ctx context.Context) error {
	tables, err := r.how.tables(ctx, r.db)
	if err != nil {
		return err
	}
	for _, t := range slices.Backward(tables) {
		if _, err := r.db.ExecContext(ctx, `DELETE FROM "`+t.name+`"`); err != nil {
			return err
		}
	}
	return nil
}

// Add writes rows of a table.
func (r *Refill) Add(ctx context.Context, t Table, rows [][]any) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing after a commit
	s, err := tx.PrepareContext(ctx, t.copied().insert())
	if err != nil {
		return err
	}
	for _, row := range rows {
		if _, err := s.ExecContext(ctx, row...); err != nil {
			return fmt.Errorf("write to %s: %w", t.Name, err)
		}
	}
	return tx.Commit()
}

// Sum reads a table back and adds it up.
func (r *Refill) Sum(ctx context.Context, t Table) (Sum, error) {
	s := NewSumming(t.Name)
	err := pages(ctx, r.db, t.copied(), func(rows [][]any) error { s.Add(rows); return nil })
	return s.Sum(), err
}

// Finish brings the schema up to date and lets services start.
func (r *Refill) Finish(ctx context.Context) error {
	p, err := provider(r.db, r.as)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	_, err = r.db.ExecContext(ctx, `DELETE FROM lease WHERE name = $1`, refillMark)
	return err
}

// Close ends it; what is there stays.
func (r *Refill) Close() error { return r.db.Close() }

// restored refuses a database that is half brought back.
func restored(ctx context.Context, db *sql.DB) error {
	var marked int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM lease WHERE name = $1`, refillMark).Scan(&marked); err != nil {
		return err
	}
	if marked > 0 {
		return ErrHalf
	}
	return nil
}
