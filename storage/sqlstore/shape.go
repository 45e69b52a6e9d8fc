package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
)

// asker reads rows: a database, a connection or a transaction.
type asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// shape is how an engine tells of its tables. Each query but the first has the
// table's name in place of %s.
type shape struct {
	names, keys, columns, types, refers string
}

var (
	sqliteShape = shape{
		names:   `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
		keys:    `SELECT name FROM pragma_table_info('%s') WHERE pk > 0 ORDER BY pk`,
		columns: `SELECT name FROM pragma_table_info('%s') WHERE pk = 0 ORDER BY cid`,
		types:   `SELECT name || ' ' || type FROM pragma_table_info('%s')`,
		refers:  `SELECT DISTINCT "table" FROM pragma_foreign_key_list('%s')`,
	}
	postgresShape = shape{
		names: `SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1`,
		keys: `SELECT a.attname::text FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
			JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE i.indrelid = '"%s"'::regclass AND i.indisprimary ORDER BY k.place`,
		columns: `SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = '"%[1]s"'::regclass AND a.attnum > 0 AND NOT a.attisdropped
			AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)) ORDER BY a.attname`,
		types: `SELECT column_name || ' ' || data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '%s'`,
		refers: `SELECT DISTINCT r.relname::text FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid
			WHERE c.conrelid = '"%s"'::regclass AND c.contype = 'f'`,
	}
)

// unkept are the tables that are no part of the city: the schema's own, and
// what instances agree on for a moment.
var unkept = map[string]bool{"goose_db_version": true, "lease": true}

// tables reads all tables, those that others refer to first.
func (s shape) tables(ctx context.Context, on asker) (list []copyTable, err error) {
	names, err := column(ctx, on, s.names)
	if err != nil {
		return nil, err
	}
	refers := map[string][]string{}
	for _, name := range names {
		if refers[name], err = column(ctx, on, fmt.Sprintf(s.refers, name)); err != nil {
			return nil, err
		}
	}
	for _, name := range parentsFirst(names, refers) {
		if unkept[name] {
			continue
		}
		t, err := s.table(ctx, on, name)
		if err != nil {
			return nil, fmt.Errorf("the table %s: %w", name, err)
		}
		list = append(list, t)
	}
	return list, nil
}

func (s shape) table(ctx context.Context, on asker, name string) (t copyTable, err error) {
	key, err := column(ctx, on, fmt.Sprintf(s.keys, name))
	if err != nil {
		return t, err
	}
	rest, err := column(ctx, on, fmt.Sprintf(s.columns, name))
	if err != nil {
		return t, err
	}
	typed, err := column(ctx, on, fmt.Sprintf(s.types, name))
	if err != nil {
		return t, err
	}
	t = copyTable{name: name, columns: append(key, rest...), keys: len(key)}
	for _, c := range t.columns {
		kind, err := kindOf(c, typed)
		if err != nil {
			return t, err
		}
		t.types = append(t.types, kind)
	}
	return t, nil
}

// kinds are the types of columns, by how either engine writes them.
var kinds = map[string]string{
	"TEXT": "text", "text": "text", "character varying": "text",
	"INTEGER": "bigint", "BIGINT": "bigint", "bigint": "bigint", "integer": "bigint",
	"BYTEA": "bytea", "bytea": "bytea", "BOOLEAN": "boolean", "boolean": "boolean",
	"DOUBLE PRECISION": "double precision", "REAL": "double precision", "double precision": "double precision",
}

func kindOf(name string, typed []string) (string, error) {
	for _, line := range typed {
		if len(line) > len(name) && line[:len(name)+1] == name+" " {
			if kind, ok := kinds[line[len(name)+1:]]; ok {
				return kind, nil
			}
			return "", fmt.Errorf("column %s is of a type that nobody expects: %s", name, line)
		}
	}
	return "", fmt.Errorf("column %s has no type", name)
}
