// Package sqlstore remembers: one file a domain noun, one set of SQL. It
// implements the Store and Tx interfaces that the packages under pkg declare,
// seals personal data on its way in, and has one way to write.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	_ "modernc.org/sqlite" // the embedded engine, pure Go

	"github.com/yimen-gov/yimen/pkg/seal"
)

// Config says where the database is and what it needs.
type Config struct {
	Path string        // the SQLite file; its folder is made
	Keys *seal.Keyring // seals personal data
	Now  func() time.Time
}

// DB is an open database: a pool of readers and one writer.
type DB struct {
	queries
	pool   *sql.DB
	writer *writer
	turns  turns
	now    func() time.Time
}

// Open opens or makes the database and brings its schema up to date.
func Open(ctx context.Context, c Config) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(c.Path), 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	single, err := sql.Open("sqlite", dsn(c.Path))
	if err != nil {
		return nil, err
	}
	single.SetMaxOpenConns(1)
	if err := migrate(ctx, single); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", c.Path, err), single.Close())
	}
	return open(ctx, c, single)
}

func open(ctx context.Context, c Config, single *sql.DB) (*DB, error) {
	pool, err := sql.Open("sqlite", dsn(c.Path)+"&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, single.Close())
	}
	pool.SetMaxOpenConns(max(4, runtime.GOMAXPROCS(0)))
	pool.SetMaxIdleConns(max(4, runtime.GOMAXPROCS(0)))
	db := &DB{pool: pool, now: c.Now, queries: queries{run: newPrepared(pool), keys: c.Keys}}
	db.writer, err = startWriter(ctx, single, c.Keys, c.Path+"-wal")
	if err != nil {
		return nil, errors.Join(err, pool.Close(), single.Close())
	}
	return db, nil
}

// dsn: WAL so that readers never wait; NORMAL because the disk syncs the WAL
// after each commit and before anybody is answered; immediate so that another
// process's write is waited for; temporary things, such as what a savepoint
// would put back, in memory.
func dsn(path string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)" +
		"&_pragma=foreign_keys(1)&_pragma=cache_size(-65536)&_pragma=temp_store(2)&_pragma=wal_autocheckpoint(4000)&_txlock=immediate"
}

// Close finishes the writes under way and closes the database.
func (db *DB) Close() error {
	return errors.Join(db.writer.close(), db.pool.Close())
}

// Ready says whether the database answers.
func (db *DB) Ready(ctx context.Context) error {
	if err := db.writer.disk.broken(); err != nil {
		return err
	}
	var one int
	return db.pool.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}
