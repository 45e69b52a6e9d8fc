package main

import (
	"database/sql"
	"fmt"
	"hash/fnv"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// database looks into the instance's database from outside, reading only.
func (c *town) database(t testing.TB) *sql.DB {
	t.Helper()
	return c.opened(t, "mode=ro")
}

func (c *town) opened(t testing.TB, how string) *sql.DB {
	t.Helper()
	driver, source := "sqlite", "file:"+filepath.Join(c.data, "yimen.db")+"?_pragma=busy_timeout(5000)&"+how
	if url := databaseOf(c.data); url != "" {
		driver, source = "pgx", url
	}
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// force changes the database behind the instance's back, for what no route can
// bring about, such as a credit grade.
func (c *town) force(t testing.TB, query string, args ...any) {
	t.Helper()
	db := c.opened(t, "_txlock=immediate")
	_, err := db.Exec(query, args...)
	require.NoError(t, err)
}

// count reads one number.
func (c *town) count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, c.database(t).QueryRow(query, args...).Scan(&n))
	return n
}

// word reads one text.
func (c *town) word(t testing.TB, query string, args ...any) (text string) {
	t.Helper()
	require.NoError(t, c.database(t).QueryRow(query, args...).Scan(&text))
	return text
}

// grade sets the credit grade of the client's person.
func (p *client) grade(grade string) {
	p.t.Helper()
	hash := citizen.HashToken(p.token)
	p.town.force(p.t, `UPDATE person SET credit_grade = $1 WHERE id = (SELECT a.person_id FROM account a
		JOIN session s ON s.account_id = a.id WHERE s.token_hash = $2)`, grade, hash[:])
}

// rows sums up each table: how many rows, and a sum over all that stands in
// them. Two equal sums mean that nothing was changed in between.
func (c *town) rows(t testing.TB) map[string]string {
	t.Helper()
	db := c.database(t)
	sums := map[string]string{}
	for _, table := range tables(t, db) {
		if table == "lease" || table == "shared_mark" { // who leads writes there by the clock
			continue
		}
		n, sum := sumOf(t, db, table)
		sums[table] = fmt.Sprintf("%d rows %016x", n, sum)
	}
	return sums
}

func tables(t testing.TB, db *sql.DB) (names []string) {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	if storetest.OnPostgres() {
		query = `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`
	}
	rows, err := db.Query(query)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		names = append(names, name)
	}
	require.NoError(t, rows.Err())
	return names
}

func sumOf(t testing.TB, db *sql.DB, table string) (n int, sum uint64) {
	t.Helper()
	rows, err := db.Query(`SELECT * FROM "` + table + `"`)
	require.NoError(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	for ; rows.Next(); n++ {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		require.NoError(t, rows.Scan(values...))
		h := fnv.New64a()
		for i, v := range values {
			if table == "session" && columns[i] == "seen_at" { // the clock's: that somebody is there changes nothing
				continue
			}
			fmt.Fprintf(h, "%v|", *v.(*any))
		}
		sum += h.Sum64() // order does not matter
	}
	require.NoError(t, rows.Err())
	return n, sum
}
