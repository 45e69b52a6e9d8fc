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

	_ "modernc.org/sqlite" // the embedded engine, pure Go
)

func openSQLite(ctx context.Context, c Config) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(c.Path), 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	single, err := sql.Open("sqlite", dsn(c.Path))
	if err != nil {
		return nil, err
	}
	single.SetMaxOpenConns(1)
	err = migrate(ctx, single, sqliteDialect)
	if err == nil {
		err = restored(ctx, single)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", c.Path, err), single.Close())
	}
	pool, err := sql.Open("sqlite", dsn(c.Path)+"&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, single.Close())
	}
	pool.SetMaxOpenConns(max(4, runtime.GOMAXPROCS(0)))
	pool.SetMaxIdleConns(max(4, runtime.GOMAXPROCS(0)))
	group, err := newSQLiteCommits(ctx, single, c.Path+"-wal")
	if err != nil {
		return nil, errors.Join(err, pool.Close(), single.Close())
	}
	return newDB(c, pool, sqliteDialect, group), nil
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
