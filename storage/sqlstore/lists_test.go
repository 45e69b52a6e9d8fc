package sqlstore

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestListsOfTextsAreSpelledOut(t *testing.T) {
	for is, want := range map[string]string{
		`WHERE state IN ('a', 'b', 'c') AND x = $1`: `WHERE (state = 'a' OR state = 'b' OR state = 'c') AND x = $1`,
		`w.state NOT IN ('a','b', 'c')`:             `NOT(w.state = 'a' OR w.state = 'b' OR w.state = 'c')`,
		"state IN ('a', 'b',\n\t'c')":               `(state = 'a' OR state = 'b' OR state = 'c')`,
		`state IN ('a', 'b')`:                       `state IN ('a', 'b')`,
		`id IN (SELECT id FROM job)`:                `id IN (SELECT id FROM job)`,
		`idx IN ($1,$2,$3)`:                         `idx IN ($1,$2,$3)`,
	} {
		require.Equal(t, want, spelled(is))
	}
}

// A list in a CHECK or a partial index would make SQLite build a table at
// every change of the row.
func TestAChangeOfStateBuildsNoTable(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "db"))
	for _, query := range []string{
		`UPDATE appointment SET state = $2 WHERE id = $1`,
		`UPDATE waybill SET state = $2 WHERE id = $1`,
		`INSERT INTO message (id, person_id, kind, subject, text_sealed, made_at, due_at) VALUES ($1, $2, '', '', '', 1, 1)`,
	} {
		rows, err := db.pool.QueryContext(t.Context(), "EXPLAIN "+spelled(query), "x", "y")
		require.NoError(t, err)
		defer rows.Close()
		for rows.Next() {
			var at, p1, p2, p3, p5 int
			var op, p4, note any
			require.NoError(t, rows.Scan(&at, &op, &p1, &p2, &p3, &p4, &p5, &note))
			require.NotEqual(t, "OpenEphemeral", op, query)
		}
		require.NoError(t, rows.Err())
	}
}
