package sqlstore

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"
)

// What was there before the ledger is there after it, and after going back.
func TestCustodyKeepsLicencesAndParcelsUpAndDown(t *testing.T) {
	db, err := sql.Open("sqlite", dsn(filepath.Join(t.TempDir(), "yimen.db")))
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	files, err := fs.Sub(migrations, "migrations")
	require.NoError(t, err)
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	require.NoError(t, err)
	_, err = p.UpTo(t.Context(), 3)
	require.NoError(t, err)
	for _, row := range []string{
		`INSERT INTO edition VALUES (1, 'd', x'00', 1)`,
		`INSERT INTO person (id, kind, name_sealed, number_sealed, number_index, created_at) VALUES ('p', 'natural', x'01', x'02', x'03', 1)`,
		`INSERT INTO cases (id, number, edition, item, department, person_id, office, decides, state, opened_at) VALUES ('c', 'n', 1, 'i', 'd', 'p', 'o', 'o', 'granted', 1)`,
		`INSERT INTO licence (id, number, case_id, person_id, item, name, kind, code, office, issuer, issued_at, state) VALUES ('l', 'n', 'c', 'p', 'i', 'n', 'k', 'code', 'o', 'o', 1, 'valid')`,
		`INSERT INTO waybill (id, number, case_id, person_id, office, company, state, area, recipient_sealed, phone_sealed, address_sealed, code_sealed, wrong_codes, made_at)
			VALUES ('w', 'n', 'c', 'p', 'o', 'x', 'handed_over', 'a', x'01', x'02', x'03', x'04', 2, 1)`,
		`INSERT INTO waybill_event (waybill_id, seq, at, act, actor, reason) VALUES ('w', 1, 1, 'make', 'x', ''), ('w', 2, 2, 'hand_over', 'x', '')`,
	} {
		_, err := db.ExecContext(t.Context(), row)
		require.NoError(t, err, row)
	}
	check := func(query string, want int) {
		t.Helper()
		var got int
		require.NoError(t, db.QueryRowContext(t.Context(), query).Scan(&got))
		require.Equal(t, want, got, query)
	}
	_, err = p.UpTo(t.Context(), 4)
	require.NoError(t, err)
	check(`SELECT count(*) FROM licence WHERE state = 'valid'`, 1)
	check(`SELECT version FROM waybill WHERE wrong_codes = 2`, 2)
	check(`SELECT count(*) FROM waybill_event WHERE waybill_id = 'w'`, 2)
	check(`SELECT count(*) FROM pragma_foreign_key_check`, 0)
	check(`SELECT size FROM ledger_head`, 0)
	_, err = db.ExecContext(t.Context(), `INSERT INTO waybill_event (waybill_id, seq, at, act, actor, reason) VALUES ('nobody', 1, 1, 'make', 'x', '')`)
	require.Error(t, err, "events still belong to a waybill")

	_, err = p.DownTo(t.Context(), 3)
	require.NoError(t, err)
	check(`SELECT count(*) FROM licence WHERE state = 'valid'`, 1)
	check(`SELECT wrong_codes FROM waybill`, 2)
	check(`SELECT count(*) FROM waybill_event`, 2)
	_, err = p.UpTo(t.Context(), 4)
	require.NoError(t, err)
}
