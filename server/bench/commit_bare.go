package bench

import (
	"context"
	"database/sql/driver"
	"errors"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"modernc.org/sqlite"

	"github.com/yimen-gov/yimen/pkg/notify"
)

// bare is SQLite with nothing around it: one connection of the driver, its
// statements prepared, used by one goroutine. The schema and the statement are
// the store's own, and so are the settings.
type bare struct {
	conn                              driver.Conn
	begin, savepoint, release, commit driver.StmtExecContext
	insert                            driver.StmtExecContext
	last                              int64
}

const bareSettings = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-65536)&_pragma=temp_store(2)"

// enqueueSQL is what Enqueue writes.
const enqueueSQL = `INSERT INTO job (id, kind, subject, run_at) VALUES ($1, $2, $3, $4)
	ON CONFLICT (kind, subject) DO UPDATE SET run_at = excluded.run_at, state = 'ready', attempt = job.attempt + 1`

// openBare makes the database with the store, so that the schema is the same,
// and opens it without.
func openBare(ctx context.Context, dir string) (*bare, error) {
	made, err := openJobs(ctx, dir)
	if err != nil {
		return nil, err
	}
	if err := made.db.Close(); err != nil {
		return nil, err
	}
	b := &bare{}
	if b.conn, err = new(sqlite.Driver).Open("file:" + filepath.Join(dir, databaseFile) + bareSettings); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		into *driver.StmtExecContext
		text string
	}{
		{&b.begin, "BEGIN IMMEDIATE"}, {&b.savepoint, "SAVEPOINT one"}, {&b.insert, enqueueSQL},
		{&b.release, "RELEASE one"}, {&b.commit, "COMMIT"},
	} {
		stmt, err := b.conn.Prepare(s.text)
		if err != nil {
			return nil, errors.Join(err, b.close())
		}
		*s.into = stmt.(driver.StmtExecContext)
	}
	return b, nil
}

// close ends the connection and with it its statements.
func (b *bare) close() error { return b.conn.Close() }

// group writes groups of size rows, each group one transaction, until the
// deadline. A row takes as long as its group.
func (b *bare) group(size int, until time.Time) (each []time.Duration, err error) {
	for time.Now().Before(until) {
		start := time.Now()
		if err := b.transaction(size); err != nil {
			return nil, err
		}
		took := time.Since(start)
		for range size {
			each = append(each, took)
		}
	}
	return each, nil
}

func (b *bare) transaction(size int) error {
	err := run(b.begin)
	for i := 0; i < size && err == nil; i++ {
		err = b.row(size > 1)
	}
	if err != nil {
		return err
	}
	return run(b.commit)
}

// row writes one row; in a group it has its savepoint, as it must.
func (b *bare) row(inGroup bool) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	b.last++
	args := []driver.NamedValue{
		{Ordinal: 1, Value: id.String()}, {Ordinal: 2, Value: string(notify.SendMessage)},
		{Ordinal: 3, Value: subjectOf(b.last)}, {Ordinal: 4, Value: int64(1)},
	}
	if !inGroup {
		return run(b.insert, args...)
	}
	return errors.Join(run(b.savepoint), run(b.insert, args...), run(b.release))
}

func run(s driver.StmtExecContext, args ...driver.NamedValue) error {
	_, err := s.ExecContext(context.Background(), args)
	return err
}
