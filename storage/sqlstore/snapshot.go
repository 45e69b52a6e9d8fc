package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"

	"github.com/jackc/pgx/v5/stdlib"
)

// Snapshot is the whole database as of one moment, while others go on writing.
// It is read in one transaction: on SQLite the log grows meanwhile, on
// PostgreSQL old rows are kept for it.
type Snapshot struct {
	Schema int64
	Tables []Table // those that others refer to first
	db     *sql.DB
	tx     *sql.Tx
}

// Table is a table as both engines have it: the columns of its key first.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Types   []string `json:"types"` // text, bigint, bytea, boolean, double precision
	Keys    int      `json:"keys"`
}

func (t Table) copied() copyTable {
	return copyTable{name: t.Name, columns: t.Columns, types: t.Types, keys: t.Keys}
}

// OpenSnapshot opens the database as it is now. Whoever gets one closes it.
func OpenSnapshot(ctx context.Context, c Config) (s *Snapshot, err error) {
	s = &Snapshot{}
	how := sqliteShape
	options := &sql.TxOptions{ReadOnly: true}
	if c.URL == "" {
		s.db, err = sql.Open("sqlite", strings.Replace(dsn(c.Path), "=immediate", "=deferred", 1)+"&mode=ro&_pragma=query_only(1)")
		options = nil
	} else {
		how, options.Isolation = postgresShape, sql.LevelRepeatableRead
		s.db, err = openLong(c.URL)
	}
	if err != nil {
		return nil, err
	}
	if s.tx, err = s.db.BeginTx(ctx, options); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), s.db.Close())
	}
	if err := s.look(ctx, how); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openLong opens PostgreSQL for work that takes long and is in no hurry.
func openLong(url string) (*sql.DB, error) {
	conf, err := postgresConfig(url)
	if err != nil {
		return nil, err
	}
	conf.RuntimeParams["statement_timeout"], conf.RuntimeParams["idle_in_transaction_session_timeout"] = "0", "0"
	db := stdlib.OpenDB(*conf)
	if err := db.Ping(); err != nil {
		return nil, errors.Join(refusal(err, fmt.Sprintf("%s:%d", conf.Host, conf.Port), conf), db.Close())
	}
	return db, nil
}

// look reads the schema, and with it fixes the moment.
func (s *Snapshot) look(ctx context.Context, how shape) error {
	if err := s.tx.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&s.Schema); err != nil {
		return fmt.Errorf("there is no city in this database: %w", err)
	}
	tables, err := how.tables(ctx, s.tx)
	for _, t := range tables {
		s.Tables = append(s.Tables, Table{Name: t.name, Columns: t.columns, Types: t.types, Keys: t.keys})
	}
	return err
}

// Rows gives the rows of a table in the order of its key, some at a time.
func (s *Snapshot) Rows(ctx context.Context, t Table, take func([][]any) error) error {
	return pages(ctx, s.tx, t.copied(), take)
}

func pages(ctx context.Context, on asker, t copyTable, take func([][]any) error) error {
	var after copyRow
	for {
		rows, err := t.read(ctx, on, after, nil)
		if err != nil {
			return fmt.Errorf("read %s: %w", t.name, err)
		}
		if len(rows) == 0 {
			return nil
		}
		list := make([][]any, len(rows))
		for i, r := range rows {
			list[i] = r
		}
		if err := take(list); err != nil {
			return err
		}
		after = rows[len(rows)-1]
	}
}

// Files lists the ids of the stored files, some at a time.
func (s *Snapshot) Files(ctx context.Context, take func(ids []string) error) error {
	after := ""
	for {
		rows, err := s.tx.QueryContext(ctx, filesAfter, after, copyRows)
		if err != nil {
			return err
		}
		ids, err := strung(rows)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := take(ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

func strung(rows *sql.Rows) (list []string, err error) {
	defer rows.Close()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// Close ends it.
func (s *Snapshot) Close() error {
	return errors.Join(s.tx.Rollback(), s.db.Close())
}

// Sum is what a table's rows add up to; it is the same on both engines.
type Sum struct {
	Table  string `json:"table"`
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

// Summing adds up rows in the order of their key.
type Summing struct {
	table string
	rows  int
	hash  hash.Hash
}

// NewSumming begins a table.
func NewSumming(table string) *Summing { return &Summing{table: table, hash: sha256.New()} }

// Add adds rows.
func (s *Summing) Add(rows [][]any) {
	for _, r := range rows {
		for _, v := range r {
			fmt.Fprintf(s.hash, "%T %d %v,", v, len(fmt.Sprint(v)), v)
		}
	}
	s.rows += len(rows)
}

// Sum is the sum so far.
func (s *Summing) Sum() Sum {
	return Sum{Table: s.table, Rows: s.rows, SHA256: hex.EncodeToString(s.hash.Sum(nil))}
}
