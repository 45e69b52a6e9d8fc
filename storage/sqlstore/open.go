// Package sqlstore remembers: one file a domain noun, one set of SQL. It
// implements the Store and Tx interfaces that the packages under pkg declare,
// seals personal data on its way in, and has one way to write.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/seal"
)

// Config says where the database is and what it needs.
type Config struct {
	Path  string        // the embedded SQLite's file; its folder is made
	URL   string        // of PostgreSQL instead: postgres://…
	Conns int           // connections to PostgreSQL that read at once; 0 = 16
	Keys  *seal.Keyring // seals personal data
	Now   func() time.Time
	Watch Watch // sees how writing goes; nil = nobody
}

// Watch sees how writing goes. Its methods return at once.
type Watch interface {
	// Group tells of writes that shared a commit: how long the first of them
	// stood in line, and how long all took from begin to commit.
	Group(size int, waited, took time.Duration)
	// Again tells of writes that are run once more.
	Again(writes int)
}

// DB is an open database: a pool of readers and one writer.
type DB struct {
	queries
	pool    *sql.DB
	commits commits
	writer  *writer
	turns   turns
	now     func() time.Time
}

// Open opens the database, makes the embedded one where there is none, and
// brings its schema up to date. The error is one clear line.
func Open(ctx context.Context, c Config) (*DB, error) {
	open := openSQLite
	if c.URL != "" {
		open = openPostgres
	}
	return open(ctx, c)
}

func newDB(c Config, pool *sql.DB, d *dialect, group commits) *DB {
	db := &DB{pool: pool, commits: group, now: c.Now, queries: queries{run: newPrepared(pool, d), keys: c.Keys}}
	db.writer = startWriter(group, c.Keys, c.Watch)
	return db
}

// Close finishes the writes under way and closes the database.
func (db *DB) Close() error {
	return errors.Join(db.writer.close(), db.pool.Close())
}

// Pool tells how the connections that read are used.
func (db *DB) Pool() sql.DBStats { return db.pool.Stats() }

// Ready says whether the database answers and can write.
func (db *DB) Ready(ctx context.Context) error {
	if err := db.commits.ready(); err != nil {
		return err
	}
	var one int
	return db.pool.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}
