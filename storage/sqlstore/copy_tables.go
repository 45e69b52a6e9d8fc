package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// copyTable is a table as both sides have it.
type copyTable struct {
	name    string
	columns []string // the key's first
	types   []string // PostgreSQL's, by column
	keys    int
}

// copyRows is how many rows are read at a time.
const copyRows = 1000

// tablesOf reads the tables, those that others refer to first. What instances
// agree on for a moment is left out.
func tablesOf(ctx context.Context, from, to *sql.DB) (list []copyTable, err error) {
	names, err := column(ctx, from, `SELECT name FROM sqlite_master WHERE type = 'table'
		AND name NOT LIKE 'sqlite_%' AND name NOT IN ('goose_db_version', 'lease') ORDER BY name`)
	if err != nil {
		return nil, err
	}
	refers := map[string][]string{}
	for _, name := range names {
		if refers[name], err = column(ctx, from, `SELECT DISTINCT "table" FROM pragma_foreign_key_list('`+name+`')`); err != nil {
			return nil, err
		}
	}
	for _, name := range parentsFirst(names, refers) {
		t, err := describe(ctx, from, to, name)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

func parentsFirst(names []string, refers map[string][]string) (list []string) {
	var visit func(name string)
	visit = func(name string) {
		if slices.Contains(list, name) {
			return
		}
		for _, parent := range refers[name] {
			if parent != name {
				visit(parent)
			}
		}
		list = append(list, name)
	}
	for _, name := range names {
		visit(name)
	}
	return list
}

func describe(ctx context.Context, from, to *sql.DB, name string) (t copyTable, err error) {
	t.name = name
	key, err := column(ctx, from, `SELECT name FROM pragma_table_info('`+name+`') WHERE pk > 0 ORDER BY pk`)
	if err != nil {
		return t, err
	}
	rest, err := column(ctx, from, `SELECT name FROM pragma_table_info('`+name+`') WHERE pk = 0 ORDER BY cid`)
	if err != nil {
		return t, err
	}
	t.columns, t.keys = append(key, rest...), len(key)
	for _, c := range t.columns {
		var kind string
		err := to.QueryRowContext(ctx, `SELECT data_type FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 AND column_name = $2`, name, c).Scan(&kind)
		if err != nil {
			return t, fmt.Errorf("the target has no %s.%s: %w", name, c, err)
		}
		t.types = append(t.types, kind)
	}
	return t, nil
}

func column(ctx context.Context, db asker, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return strung(rows)
}

// read gives rows after a key, up to another one or so many.
func (t copyTable) read(ctx context.Context, db asker, after, last copyRow) ([]copyRow, error) {
	key := quoted(t.columns[:t.keys])
	query := "SELECT " + quoted(t.columns) + ` FROM "` + t.name + `" WHERE TRUE`
	var args []any
	if after != nil {
		query += " AND (" + key + ") > (" + marks(1, t.keys) + ")"
		args = append(args, after.key(t)...)
	}
	if last != nil {
		query += " AND (" + key + ") <= (" + marks(len(args)+1, t.keys) + ")"
		args = append(args, last.key(t)...)
	}
	query += " ORDER BY " + key
	if last == nil {
		query += fmt.Sprintf(" LIMIT %d", copyRows)
	}
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []copyRow
	for rows.Next() {
		r, err := t.scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func (t copyTable) scan(rows *sql.Rows) (copyRow, error) {
	r := make(copyRow, len(t.columns))
	into := make([]any, len(r))
	for i := range r {
		into[i] = &r[i]
	}
	if err := rows.Scan(into...); err != nil {
		return nil, err
	}
	for i, v := range r {
		r[i] = sameType(t.types[i], v)
	}
	return r, nil
}

// sameType gives a value the type of its column: SQLite keeps what it was
// given.
func sameType(kind string, v any) any {
	switch v := v.(type) {
	case string:
		if kind == "bytea" {
			return []byte(v)
		}
	case []byte:
		if kind == "text" {
			return string(v)
		}
	case int64:
		if kind == "boolean" {
			return v != 0
		}
	}
	return v
}

func (t copyTable) upsert() string {
	var set []string
	for _, c := range t.columns[t.keys:] {
		set = append(set, `"`+c+`" = excluded."`+c+`"`)
	}
	query := `INSERT INTO "` + t.name + `" (` + quoted(t.columns) + ") VALUES (" + marks(1, len(t.columns)) +
		") ON CONFLICT (" + quoted(t.columns[:t.keys]) + ") DO "
	if len(set) == 0 {
		return query + "NOTHING"
	}
	return query + "UPDATE SET " + strings.Join(set, ", ")
}

func (t copyTable) insert() string {
	return `INSERT INTO "` + t.name + `" (` + quoted(t.columns) + ") VALUES (" + marks(1, len(t.columns)) + ")"
}

func (t copyTable) delete() string {
	return `DELETE FROM "` + t.name + `" WHERE (` + quoted(t.columns[:t.keys]) + ") = (" + marks(1, t.keys) + ")"
}

func quoted(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }
