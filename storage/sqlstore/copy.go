package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Copied is what a table holds after a copy, the same on both sides.
type Copied struct {
	Table   string
	Rows    int
	Changed int    // rows written or removed in this pass
	SHA256  string // over every row, in the order of the key
}

// Errors of a copy.
var (
	ErrForeign = errors.New("the target holds data that was not copied from here, or has been served since: copy into an empty database")
	ErrDiffers = errors.New("source and target differ")
)

// copyMark is the lease that says: this database is being filled by a copy.
const copyMark = "copy"

// Copy brings everything from an embedded database into a PostgreSQL, tells of
// each table, and compares both sides. It may be stopped and begun again: what
// is there already is compared and left. A pass while the service runs does
// most of it; the last pass, with the service stopped, finds the rest quickly.
func Copy(ctx context.Context, from, to Config, tell func(Copied)) error {
	target, err := openPostgres(ctx, to)
	if err != nil {
		return err
	}
	defer target.Close()
	source, err := sql.Open("sqlite", dsn(from.Path)+"&mode=ro&_pragma=query_only(1)")
	if err != nil {
		return err
	}
	defer source.Close()
	c := &copier{from: source, to: target.commits.(*postgresCommits).db}
	if err := errors.Join(c.sameSchema(ctx), mark(ctx, c.to, copyMark, ErrForeign)); err != nil {
		return err
	}
	if c.tables, err = tablesOf(ctx, source, c.to); err != nil {
		return err
	}
	return c.run(ctx, tell)
}

// ServedHere says that a service runs on this database: no copy may change it
// any more.
func (db *DB) ServedHere(ctx context.Context) error { return db.Resign(ctx, copyMark, copyMark) }

type copier struct {
	from, to *sql.DB
	tables   []copyTable // those that are referred to first
}

func (c *copier) sameSchema(ctx context.Context) error {
	var theirs, ours int64
	const query = `SELECT max(version_id) FROM goose_db_version`
	if err := c.from.QueryRowContext(ctx, query).Scan(&theirs); err != nil {
		return fmt.Errorf("read the embedded database: %w", err)
	}
	if err := c.to.QueryRowContext(ctx, query).Scan(&ours); err != nil {
		return err
	}
	if theirs != ours {
		return fmt.Errorf("the embedded database has schema %d, the target %d: start the service once with this binary", theirs, ours)
	}
	return nil
}

// mark notes on a database whose work is filling it, and refuses one with a
// city that other work, or a service, has put there.
func mark(ctx context.Context, db *sql.DB, name string, foreign error) error {
	var marked, editions int
	err := db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM lease WHERE name = $1),
		(SELECT count(*) FROM (SELECT 1 FROM edition LIMIT 1) AS e)`, name).Scan(&marked, &editions)
	if err != nil {
		return err
	}
	if editions > 0 && marked == 0 {
		return foreign
	}
	_, err = db.ExecContext(ctx, `INSERT INTO lease (name, holder, ends) VALUES ($1, $1, 0) ON CONFLICT DO NOTHING`, name)
	return err
}

// run removes what the source no longer has, from the tables that refer to
// others first; then writes what is new, the other way round; then compares.
func (c *copier) run(ctx context.Context, tell func(Copied)) error {
	changed := map[string]int{}
	for _, t := range slices.Backward(c.tables) {
		n, err := c.each(ctx, t, c.to, c.from, c.remove)
		if changed[t.name] = n; err != nil {
			return fmt.Errorf("remove from %s: %w", t.name, err)
		}
	}
	for _, t := range c.tables {
		n, err := c.each(ctx, t, c.from, c.to, c.write)
		if changed[t.name] += n; err != nil {
			return fmt.Errorf("copy %s: %w", t.name, err)
		}
	}
	for _, t := range c.tables {
		done, err := c.compare(ctx, t)
		if err != nil {
			return err
		}
		done.Changed = changed[t.name]
		tell(done)
	}
	return nil
}

// each walks through a table of one side and gives what differs to act.
func (c *copier) each(ctx context.Context, t copyTable, walk, other *sql.DB, act func(context.Context, copyTable, []copyRow, []copyRow) (int, error)) (changed int, err error) {
	var after copyRow
	for {
		rows, err := t.read(ctx, walk, after, nil)
		if err != nil || len(rows) == 0 {
			return changed, err
		}
		last := rows[len(rows)-1]
		there, err := t.read(ctx, other, after, last)
		if err != nil {
			return changed, err
		}
		if !slices.EqualFunc(rows, there, copyRow.equal) {
			n, err := act(ctx, t, rows, there)
			if changed += n; err != nil {
				return changed, err
			}
		}
		after = last
	}
}

func (c *copier) write(ctx context.Context, t copyTable, rows, there []copyRow) (int, error) {
	known := map[string]copyRow{}
	for _, r := range there {
		known[r.name(t)] = r
	}
	return c.inTx(ctx, t.upsert(), func(s *sql.Stmt) (n int, err error) {
		for _, r := range rows {
			if was, ok := known[r.name(t)]; ok && was.equal(r) {
				continue
			}
			if _, err := s.ExecContext(ctx, r...); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
}

func (c *copier) remove(ctx context.Context, t copyTable, rows, there []copyRow) (int, error) {
	known := map[string]bool{}
	for _, r := range there {
		known[r.name(t)] = true
	}
	return c.inTx(ctx, t.delete(), func(s *sql.Stmt) (n int, err error) {
		for _, r := range rows {
			if known[r.name(t)] {
				continue
			}
			if _, err := s.ExecContext(ctx, r.key(t)...); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
}

func (c *copier) inTx(ctx context.Context, query string, do func(*sql.Stmt) (int, error)) (int, error) {
	tx, err := c.to.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }() // nothing after a commit
	s, err := tx.PrepareContext(ctx, query)
	if err != nil {
		return 0, err
	}
	n, err := do(s)
	if err != nil {
		return 0, err
	}
	return n, tx.Commit()
}

// compare counts and hashes both sides.
func (c *copier) compare(ctx context.Context, t copyTable) (Copied, error) {
	here, err := t.sum(ctx, c.from)
	if err != nil {
		return here, err
	}
	there, err := t.sum(ctx, c.to)
	if err == nil && here != there {
		err = fmt.Errorf("%w in %s: %d rows and %d; stop the service and copy once more", ErrDiffers, t.name, here.Rows, there.Rows)
	}
	return here, err
}

func (t copyTable) sum(ctx context.Context, db *sql.DB) (Copied, error) {
	s := NewSumming(t.name)
	err := pages(ctx, db, t, func(rows [][]any) error { s.Add(rows); return nil })
	sum := s.Sum()
	return Copied{Table: t.name, Rows: sum.Rows, SHA256: sum.SHA256}, err
}

// copyRow is a row's values in the order of its table's columns.
type copyRow []any

func (r copyRow) equal(o copyRow) bool {
	return slices.EqualFunc(r, o, func(a, b any) bool {
		x, isBytes := a.([]byte)
		y, both := b.([]byte)
		if isBytes && both {
			return bytes.Equal(x, y)
		}
		return !isBytes && !both && a == b
	})
}

// key is first in every row.
func (r copyRow) key(t copyTable) []any { return r[:t.keys] }

func (r copyRow) name(t copyTable) string {
	var b strings.Builder
	for _, v := range r.key(t) {
		fmt.Fprintf(&b, "%v\x00", v)
	}
	return b.String()
}
