package sqlstore

import (
	"context"
	"database/sql"
	"errors"
)

// sqliteCommits are group commits of the embedded engine: the one connection
// that writes, and the disk that answers.
type sqliteCommits struct {
	db   *sql.DB
	conn *sql.Conn
	run  *prepared
	disk *disk
}

func newSQLiteCommits(ctx context.Context, db *sql.DB, wal string) (*sqliteCommits, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	disk, err := openDisk(wal)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &sqliteCommits{db: db, conn: conn, run: newPrepared(conn, sqliteDialect), disk: disk}, nil
}

func (c *sqliteCommits) begin(ctx context.Context) (*prepared, error) {
	if err := c.disk.broken(); err != nil {
		return nil, err
	}
	_, err := c.run.exec(ctx, "BEGIN IMMEDIATE")
	return c.run, err
}

func (c *sqliteCommits) commit(ctx context.Context) error {
	_, err := c.run.exec(ctx, "COMMIT")
	return err
}

// rollback fails where SQLite has already rolled back.
func (c *sqliteCommits) rollback(ctx context.Context) { _, _ = c.run.exec(ctx, "ROLLBACK") }

// answer leaves it to the disk to tell, once the commit is on it.
func (c *sqliteCommits) answer(batch []*write) { c.disk.committed <- batch }

func (c *sqliteCommits) ready() error { return c.disk.broken() }

func (c *sqliteCommits) close() error {
	close(c.disk.committed)
	<-c.disk.done
	return errors.Join(c.disk.wal.Close(), c.conn.Close(), c.db.Close())
}
