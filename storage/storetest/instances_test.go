package storetest_test

import (
	"context"
	"crypto/rand"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/once"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// two opens one database twice, as two processes would.
func two(t *testing.T) (list [2]*sqlstore.DB) {
	t.Helper()
	c := storetest.Config(t, storetest.Keys(t))
	var err error
	for i := range list {
		list[i], err = sqlstore.Open(t.Context(), c)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, list[i].Close()) })
	}
	return list
}

func TestTwoInstancesSellOneSeatOnce(t *testing.T) {
	dbs := two(t)
	city := storetest.Foshan(t)
	who := storetest.Citizens(t, dbs[0], 40)
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, workday.Zone)
	var desks [2]*appointment.Desk
	for i, db := range dbs {
		desks[i] = &appointment.Desk{
			Store: sqlstore.For[appointment.Tx](db), City: city, Calendar: workday.NewCalendar(),
			Now: func() time.Time { return now }, NewID: storetest.NewID, Random: rand.Reader, Rules: appointment.DefaultRules(),
		}
	}
	office, err := city.Only.Places.Office(town)
	require.NoError(t, err)
	office.Windows = 5
	got := together(40, func(i int) error {
		desk := desks[i%2]
		a, err := desk.Hold(t.Context(), who[i], ask(birth, on("2026-11-24", "09:00"), 1))
		if err != nil {
			return err
		}
		_, err = desk.Book(t.Context(), who[i].Person, a.ID)
		return err
	})
	require.Equal(t, 40, got[""]+got["appointment.slot_full"], got)
	seats, err := dbs[1].Seats(t.Context(), town, on("2026-11-24", "09:00"), on("2026-11-24", "09:15"))
	require.NoError(t, err)
	require.Len(t, seats, 1)
	require.Equal(t, got[""], seats[0].Taken, "as many as were told so")
}

// A use case that reads, decides and then writes relies on nobody writing in
// between, also where that is another instance.
func TestTransactionsOfTwoInstancesHappenOneAfterTheOther(t *testing.T) {
	dbs := two(t)
	got := together(20, func(i int) error {
		_, fresh, err := dbs[i%2].AddEdition(t.Context(), "digest-"+string(rune('a'+i)), []byte("files"), time.Now())
		require.True(t, fresh)
		return err
	})
	require.Equal(t, map[string]int{"": 20}, got)
	last, err := dbs[0].LatestEdition(t.Context())
	require.NoError(t, err)
	require.Equal(t, 20, last, "each took the number after the last one")
}

func TestARequestSentToTwoInstancesIsDoneOnce(t *testing.T) {
	dbs := two(t)
	req := once.Request{Owner: "somebody", Key: "the-same-key", Hash: [32]byte{1}}
	done := 0
	got := together(20, func(i int) error {
		_, replayed, err := dbs[i%2].Once(t.Context(), req, func(ctx context.Context) once.Answer {
			_, _, err := dbs[i%2].AddEdition(ctx, "digest-"+string(rune('a'+i)), []byte("files"), time.Now())
			if err != nil {
				return once.Answer{Status: 503}
			}
			return once.Answer{Status: 200, Body: []byte{byte(i)}}
		})
		if err == nil && !replayed {
			done++ // only one ever gets here
		}
		return err
	})
	require.Equal(t, map[string]int{"": 20}, got)
	require.Equal(t, 1, done)
	last, err := dbs[0].LatestEdition(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, last)
}

func TestAPostgreSQLThatCannotBeUsedIsOneClearLine(t *testing.T) {
	if !storetest.OnPostgres() {
		t.Skip("is about PostgreSQL")
	}
	good, err := url.Parse(storetest.Postgres(t))
	require.NoError(t, err)
	with := func(name, value string) string {
		u := *good
		q := u.Query()
		q.Set(name, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	missing := *good
	missing.Path = "/no_such_city"
	newer := storetest.Postgres(t)
	db := storetest.Hand(t, sqlstore.Config{URL: newer})
	_, err = db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, true)`)
	require.NoError(t, err)
	for source, want := range map[string]string{
		with("password", "wrong"):                   "refuses user yimen: wrong password",
		missing.String():                            "has no database no_such_city",
		"postgres://yimen@127.0.0.1:1/yimen":        "127.0.0.1:1 cannot be reached",
		"postgres://yimen@127.0.0.1:port/x":         "YIMEN_DB is no address of PostgreSQL",
		with("default_transaction_read_only", "on"): "is read-only",
		newer: "the database has schema 9000",
	} {
		_, err := sqlstore.Open(t.Context(), sqlstore.Config{URL: source, Now: time.Now})
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "\n")
		require.NotContains(t, err.Error(), "password=")
	}
}

// TestAnAddressMayAskForTheServerThatTakesWrites: with several hosts in it, that
// is how a failover is followed, by those who read as well.
func TestAnAddressMayAskForTheServerThatTakesWrites(t *testing.T) {
	url := storetest.Postgres(t) + "&target_session_attrs=read-write"
	db, err := sqlstore.Open(t.Context(), sqlstore.Config{URL: url, Now: time.Now})
	require.NoError(t, err)
	defer db.Close()
	require.NoError(t, db.Ready(t.Context()))
}
