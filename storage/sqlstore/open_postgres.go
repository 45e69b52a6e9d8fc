package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresLeast is the oldest PostgreSQL that is supported.
const postgresLeast = 14

func openPostgres(ctx context.Context, c Config) (*DB, error) {
	conf, err := postgresConfig(c.URL)
	if err != nil {
		return nil, err
	}
	write := stdlib.OpenDB(*conf)
	write.SetMaxOpenConns(2) // the group's, and one to ask what became of a group
	if err = fit(ctx, write, conf); err == nil {
		err = migrateOnce(ctx, write)
	}
	if err == nil {
		err = restored(ctx, write)
	}
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	reading := conf.Copy()
	reading.AfterConnect = readOnly // and not before: an address may ask for a server that takes writes
	pool := stdlib.OpenDB(*reading)
	conns := cmp.Or(c.Conns, 16)
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return newDB(c, pool, postgresDialect, &postgresCommits{db: write}), nil
}

// readOnly makes sure that what is read on a connection changes nothing.
func readOnly(ctx context.Context, conn *pgconn.PgConn) error {
	return conn.Exec(ctx, "SET default_transaction_read_only = on").Close()
}

// postgresConfig reads the address. What it says itself about time-outs holds.
func postgresConfig(url string) (*pgx.ConnConfig, error) {
	conf, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("YIMEN_DB is no address of PostgreSQL such as postgres://user:password@host:5432/name: %w", err)
	}
	for name, value := range map[string]string{
		"application_name":                    "yimen",
		"statement_timeout":                   strconv.FormatInt(statementMost.Milliseconds(), 10),
		"idle_in_transaction_session_timeout": strconv.FormatInt(idleMost.Milliseconds(), 10),
		"client_encoding":                     "UTF8",
	} {
		if _, said := conf.RuntimeParams[name]; !said {
			conf.RuntimeParams[name] = value
		}
	}
	conf.ConnectTimeout = cmp.Or(conf.ConnectTimeout, reachMost)
	return conf, nil
}

// fit refuses, in a line, a database that cannot be used.
func fit(ctx context.Context, db *sql.DB, conf *pgx.ConnConfig) error {
	at := fmt.Sprintf("%s:%d", conf.Host, conf.Port)
	var number int
	var encoding, readOnly string
	err := db.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),
		current_setting('transaction_read_only')`).Scan(&number, &encoding, &readOnly)
	switch {
	case err != nil:
		return refusal(err, at, conf)
	case number/10000 < postgresLeast:
		return fmt.Errorf("PostgreSQL %d or newer is needed, %s runs %d", postgresLeast, at, number/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the database %s at %s has encoding %s, UTF8 is needed", conf.Database, at, encoding)
	case readOnly == "on":
		return fmt.Errorf("the database %s at %s is read-only: it is a standby, or set so", conf.Database, at)
	}
	return nil
}

// refusal tells why there is no connection.
func refusal(err error, at string, conf *pgx.ConnConfig) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case !ok:
		return fmt.Errorf("PostgreSQL at %s cannot be reached: %s", at, lastLine(err))
	case e.Code == "28P01" || e.Code == "28000":
		return fmt.Errorf("PostgreSQL at %s refuses user %s: wrong password, or not admitted", at, conf.User)
	case e.Code == "3D000":
		return fmt.Errorf("PostgreSQL at %s has no database %s", at, conf.Database)
	}
	return fmt.Errorf("PostgreSQL at %s: %s", at, e.Message)
}

func lastLine(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

func migrateOnce(ctx context.Context, db *sql.DB) error {
	if err := migrate(ctx, db, postgresDialect); err != nil {
		return fmt.Errorf("open YIMEN_DB: %w", err)
	}
	return nil
}
