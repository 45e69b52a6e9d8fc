package sqlstore

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/seal"
)

// twoKeys are keys of which the n-th seals.
func twoKeys(current uint8) seal.Config {
	c := seal.Config{Keys: map[uint8]seal.Key{}, Current: current, IndexKey: bytes.Repeat([]byte{9}, 32)}
	for id := range current {
		c.Keys[id+1] = seal.Key{Suite: seal.SM4, Secret: bytes.Repeat([]byte{id + 1}, 16)}
	}
	return c
}

func openKeyed(t *testing.T, path string) *DB {
	ring, err := seal.NewKeyring(twoKeys(1))
	require.NoError(t, err)
	db, err := Open(t.Context(), Config{Path: path, Keys: ring, Now: time.Now})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// fill stores n accounts and n answers, whose keys have two parts.
func fill(t *testing.T, db *DB, from, n int) {
	require.NoError(t, db.write(t.Context(), func(tx *Tx) error {
		for i := from; i < from+n; i++ {
			id := fmt.Sprintf("a-%04d", i)
			err := tx.exec(t.Context(), `INSERT INTO account (id, open_id_index, open_id_sealed, phone_sealed, created_at) VALUES ($1, $2, $3, $4, 1)`,
				id, []byte(id), tx.sealed("account", "open_id", id, "open-"+id), tx.sealed("account", "phone", id, phone(i)))
			if err != nil {
				return err
			}
			err = tx.exec(t.Context(), `INSERT INTO answer (owner, key, hash, status, body, answered_at) VALUES ($1, 'k', $2, 200, $3, 1)`,
				id, []byte(id), tx.keys.Seal([]byte("answer "+id), seal.Place{Table: "answer", Column: "body", Row: id + "|k"}))
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// phone leaves some columns NULL.
func phone(i int) string {
	if i%3 == 0 {
		return ""
	}
	return "19900000101"
}

// renewKeys puts a second key to use.
func renewKeys(t *testing.T, db *DB) {
	require.NoError(t, db.keys.Renew(twoKeys(2)))
	require.NoError(t, db.BeginReseal(t.Context()))
}

// reseal works until all tables are done, or steps are used up.
func reseal(t *testing.T, db *DB, steps, most int) (left []string) {
	for range steps {
		left = nil
		list, err := db.Resealing(t.Context())
		require.NoError(t, err)
		for _, p := range list {
			if p.Done || p.Place == FilePlace {
				continue
			}
			if left = append(left, p.Place); len(left) == 1 {
				_, err := db.ResealRows(t.Context(), p, most)
				require.NoError(t, err)
			}
		}
		if left == nil {
			return nil
		}
	}
	return left
}

func under(t *testing.T, db *DB) map[uint8]int {
	m, err := db.SealedUnder(t.Context())
	require.NoError(t, err)
	return m
}

// TestNoSealedColumnIsForgotten holds the list against the schema: a new
// sealed column that is not in it would be lost with the key it is under.
func TestNoSealedColumnIsForgotten(t *testing.T) {
	db := openKeyed(t, filepath.Join(t.TempDir(), "y.db"))
	type column struct {
		table, name string
		pk          int
	}
	list, err := all(t.Context(), &db.queries, func(s scanner) (c column, err error) { return c, s.Scan(&c.table, &c.name, &c.pk) },
		`SELECT m.name, c.name, c.pk FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`)
	require.NoError(t, err)
	sealed, keys := map[string][]string{}, map[string][]string{}
	slices.SortStableFunc(list, func(a, b column) int { return strings.Compare(a.table, b.table)*100 + a.pk - b.pk })
	for _, c := range list {
		if c.pk > 0 {
			keys[c.table] = append(keys[c.table], c.name)
		}
		if strings.HasSuffix(c.name, "_sealed") || c.table == "answer" && c.name == "body" {
			sealed[c.table] = append(sealed[c.table], c.name)
		}
	}
	have := map[string][]string{}
	for _, v := range vaults {
		have[v.table] = v.columns
		require.Equal(t, keys[v.table], v.key, "%s is named by another key", v.table)
	}
	for table := range sealed {
		require.ElementsMatch(t, sealed[table], have[table], "add the sealed columns of %s to vaults", table)
	}
	require.Len(t, have, len(sealed))
}

func TestEverythingIsSealedAnewAndStillOpens(t *testing.T) {
	db := openKeyed(t, filepath.Join(t.TempDir(), "y.db"))
	fill(t, db, 0, 100)
	before := under(t, db)
	require.Equal(t, map[uint8]int{1: 266}, before)
	renewKeys(t, db)
	require.Empty(t, reseal(t, db, 1000, 7))
	require.Equal(t, map[uint8]int{2: 266}, under(t, db))
	for i := range 100 {
		a, err := db.Account(t.Context(), accountID(i))
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("open-a-%04d", i), a.OpenID)
		require.Equal(t, phone(i), a.Phone.String())
	}
	list, err := db.Resealing(t.Context())
	require.NoError(t, err)
	changed := 0
	for _, p := range list {
		require.Zero(t, p.Broken, p.Place)
		changed += p.Changed
	}
	require.Equal(t, 266, changed)
}

func TestStoppedWorkGoesOnWhereItWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "y.db")
	db := openKeyed(t, path)
	fill(t, db, 0, 60)
	renewKeys(t, db)
	require.NotEmpty(t, reseal(t, db, 5, 10))
	half := under(t, db)
	require.NotZero(t, half[1])
	require.NotZero(t, half[2])

	ring, err := seal.NewKeyring(twoKeys(2))
	require.NoError(t, err)
	again, err := Open(t.Context(), Config{Path: path, Keys: ring, Now: time.Now})
	require.NoError(t, err)
	defer again.Close()
	list, err := again.Resealing(t.Context())
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(list, func(p Progress) bool { return p.After != "" }), "it is known how far it was")
	require.NoError(t, again.BeginReseal(t.Context()), "asking again starts nothing anew")
	same, err := again.Resealing(t.Context())
	require.NoError(t, err)
	require.Equal(t, list, same)
	require.Empty(t, reseal(t, again, 1000, 10))
	require.Zero(t, under(t, again)[1])
}

func TestARowThatChangedMeanwhileIsNotOverwritten(t *testing.T) {
	db := openKeyed(t, filepath.Join(t.TempDir(), "y.db"))
	fill(t, db, 1, 2)
	renewKeys(t, db)
	v, err := vaultOf("account")
	require.NoError(t, err)
	rows, err := db.sealedRows(t.Context(), v, "", 10)
	require.NoError(t, err)
	require.Len(t, rows, 2)

	fresh := db.sealed("account", "phone", "a-0001", "19900000199")
	require.NoError(t, db.write(t.Context(), func(tx *Tx) error {
		return tx.exec(t.Context(), `UPDATE account SET phone_sealed = $2 WHERE id = $1`, "a-0001", fresh)
	}))
	touched := map[int]int64{}
	for i, r := range rows {
		renewed, broken := r.renew(db.keys, v)
		require.Zero(t, broken)
		require.Equal(t, 2, renewed.changed())
		require.NoError(t, db.write(t.Context(), func(tx *Tx) (err error) {
			touched[i], err = tx.run.exec(context.Background(), v.update(), renewed.args()...)
			return err
		}))
	}
	require.Equal(t, map[int]int64{0: 0, 1: 1}, touched)
	a, err := db.Account(t.Context(), accountID(1))
	require.NoError(t, err)
	require.Equal(t, "19900000199", a.Phone.String())
	require.Empty(t, reseal(t, db, 1000, 10), "and the next pass finds it")
	require.Zero(t, under(t, db)[1])
}

func TestWhatIsWrittenBehindThePassIsFoundByTheNext(t *testing.T) {
	db := openKeyed(t, filepath.Join(t.TempDir(), "y.db"))
	fill(t, db, 100, 20)
	renewKeys(t, db)
	reseal(t, db, 2, 10) // the accounts' cursor is past a-0100 now
	slow, err := seal.NewKeyring(twoKeys(1))
	require.NoError(t, err)
	require.NoError(t, db.write(t.Context(), func(tx *Tx) error { // a server that has not read the keys yet
		at := seal.Place{Table: "account", Column: "open_id", Row: "a-0001"}
		return tx.exec(t.Context(), `INSERT INTO account (id, open_id_index, open_id_sealed, created_at) VALUES ($1, $2, $3, 1)`,
			at.Row, []byte(at.Row), slow.Seal([]byte("open"), at))
	}))
	require.Empty(t, reseal(t, db, 1000, 10))
	require.Zero(t, under(t, db)[1])
}

func TestWhatDoesNotOpenIsLeftAndCountedAndStopsNothing(t *testing.T) {
	db := openKeyed(t, filepath.Join(t.TempDir(), "y.db"))
	fill(t, db, 1, 30)
	require.NoError(t, db.write(t.Context(), func(tx *Tx) error { // one person's phone copied to another
		return tx.exec(t.Context(), `UPDATE account SET phone_sealed = (SELECT phone_sealed FROM account WHERE id = 'a-0001') WHERE id = 'a-0002'`)
	}))
	renewKeys(t, db)
	require.Empty(t, reseal(t, db, 1000, 10))
	require.Equal(t, 1, under(t, db)[1], "it is not thrown away")
	list, err := db.Resealing(t.Context())
	require.NoError(t, err)
	at := slices.IndexFunc(list, func(p Progress) bool { return p.Place == "account" })
	require.Equal(t, 1, list[at].Broken)
	require.True(t, list[at].Done)
}

func TestOneProcessAtATimeMovesAndAnotherTakesOver(t *testing.T) {
	db := openKeyed(t, filepath.Join(t.TempDir(), "y.db"))
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	db.now = func() time.Time { return now }
	move := func(who string) bool {
		mine, err := db.MoveReseal(t.Context(), who, 5*time.Second)
		require.NoError(t, err)
		return mine
	}
	require.True(t, move("a"))
	require.False(t, move("b"))
	require.True(t, move("a"))
	now = now.Add(6 * time.Second)
	require.True(t, move("b"))
	require.False(t, move("a"))
}

func TestACursorReadsBackWhatItWrote(t *testing.T) {
	for _, key := range [][]any{{"a b|c"}, {"x", int64(-7)}, {[]byte{0, 32, 255}}, {"键", "k", int64(1)}, {""}} {
		back, err := readCursor(sealedRow{key: key}.cursor())
		require.NoError(t, err)
		require.Equal(t, key, back)
	}
	_, err := readCursor("tzz")
	require.Error(t, err)
}

func accountID(i int) citizen.AccountID { return citizen.AccountID(fmt.Sprintf("a-%04d", i)) }
