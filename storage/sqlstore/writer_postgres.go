package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrUnsure tells that the connection was lost at the very commit and that the
// database could not be asked since.
var ErrUnsure = fault.New(fault.Unavailable, "storage.unsure", "网络中断，暂时不能确认本次操作是否已保存，请用同一请求再试").After(2)

// How long a group waits for what. An instance that is stopped in the middle of
// a group loses its connection after idleMost, and the others go on.
const (
	statementMost = 10 * time.Second
	idleMost      = 3 * time.Second
	reachMost     = 5 * time.Second
	reachAgain    = 100 * time.Millisecond
)

// turnLock is the advisory lock that the groups of all instances take in turn,
// so that transactions happen as if one after the other, as on SQLite.
const turnLock = 0x59494d454e // YIMEN

// postgresCommits are group commits on PostgreSQL: one connection of this
// instance that writes, in turn with those of the others.
type postgresCommits struct {
	db   *sql.DB
	conn *sql.Conn // nil after it was lost
	run  *prepared
	xid  string // of the transaction under way
}

// begin opens a group's transaction and waits for its turn. Nothing has run
// when it fails; a lost connection is made anew for a while.
func (c *postgresCommits) begin(ctx context.Context) (*prepared, error) {
	for until := time.Now().Add(reachMost); ; time.Sleep(reachAgain) {
		err := c.open(ctx)
		if err == nil {
			return c.run, nil
		}
		c.drop()
		if time.Now().After(until) {
			return nil, err
		}
	}
}

func (c *postgresCommits) open(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, statementMost)
	defer cancel()
	if c.conn == nil {
		if c.conn, err = c.db.Conn(ctx); err != nil {
			c.conn = nil
			return err
		}
		c.run = newPrepared(c.conn, postgresDialect)
	}
	c.xid, err = c.ask(ctx, fmt.Sprintf("BEGIN; SELECT pg_advisory_xact_lock(%d); SELECT pg_current_xact_id()", turnLock))
	return err
}

// ask sends statements in one message and returns the last value.
func (c *postgresCommits) ask(ctx context.Context, statements string) (last string, err error) {
	err = c.conn.Raw(func(d any) error {
		results, err := d.(*stdlib.Conn).Conn().PgConn().Exec(ctx, statements).ReadAll()
		for _, r := range results {
			if len(r.Rows) > 0 && len(r.Rows[0]) > 0 {
				last = string(r.Rows[0][0])
			}
		}
		return err
	})
	return last, err
}

// commit makes the group durable. Where the connection is lost meanwhile, the
// database is asked on another one what became of it.
func (c *postgresCommits) commit(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, statementMost)
	defer cancel()
	_, err := c.ask(limited, "COMMIT")
	if err == nil {
		return nil
	}
	c.drop()
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code[:2] != "57" && e.Code[:2] != "08" {
		return err // the database has answered, and that is its answer
	}
	return c.became(ctx, err)
}

// became asks how a transaction ended; nil is: committed.
func (c *postgresCommits) became(ctx context.Context, why error) error {
	for until := time.Now().Add(reachMost); time.Now().Before(until); time.Sleep(reachAgain) {
		var state sql.NullString
		limited, cancel := context.WithTimeout(ctx, reachMost)
		err := c.db.QueryRowContext(limited, `SELECT pg_xact_status($1::text::xid8)`, c.xid).Scan(&state)
		cancel()
		switch {
		case err == nil && state.String == "committed":
			return nil
		case err == nil && state.String == "aborted":
			return ErrBusy.Because(why)
		}
	}
	return ErrUnsure.Because(why)
}

func (c *postgresCommits) rollback(ctx context.Context) {
	if c.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, reachMost)
	defer cancel()
	if _, err := c.ask(ctx, "ROLLBACK"); err != nil {
		c.drop()
	}
}

// drop gives up a connection of which nobody knows in what state it is.
func (c *postgresCommits) drop() {
	if c.conn == nil {
		return
	}
	_ = c.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = c.conn.Close()
	c.conn = nil
}

func (c *postgresCommits) answer(batch []*write) {
	for _, r := range batch {
		close(r.told)
	}
}

func (c *postgresCommits) ready() error { return nil }

func (c *postgresCommits) close() error {
	c.drop()
	return c.db.Close()
}

// lost says whether an error is that of a connection and not of a statement.
func lost(err error) bool {
	_, network := errors.AsType[net.Error](err)
	_, connect := errors.AsType[*pgconn.ConnectError](err)
	return network || connect || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || pgconn.Timeout(err)
}
