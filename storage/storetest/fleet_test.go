package storetest_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/storage/jobs"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

func TestOneLeadsUntilItResignsOrItsTimeIsOver(t *testing.T) {
	dbs := two(t)
	lead := func(i int, holder string, life time.Duration) bool {
		mine, err := dbs[i].Lead(t.Context(), "work", holder, life)
		require.NoError(t, err)
		return mine
	}
	require.True(t, lead(0, "a", time.Hour))
	require.False(t, lead(1, "b", time.Hour))
	require.True(t, lead(0, "a", time.Hour), "asking again is no change")
	require.NoError(t, dbs[1].Resign(t.Context(), "work", "b"), "who does not lead takes nothing away")
	require.False(t, lead(1, "b", time.Hour))
	require.NoError(t, dbs[0].Resign(t.Context(), "work", "a"))
	require.True(t, lead(1, "b", time.Millisecond))
	require.Eventually(t, func() bool { return lead(0, "a", time.Minute) }, 10*time.Second, 5*time.Millisecond, "the time is over")
	require.True(t, lead(1, "b", time.Second), "a lease from a clock that was far ahead holds nobody up")
}

// notices stores n notices to one person.
func notices(t *testing.T, db *sqlstore.DB, n int) {
	t.Helper()
	who := storetest.Citizens(t, db, 1)[0]
	type teller interface {
		Tell(ctx context.Context, n notify.Notice) error
	}
	require.NoError(t, sqlstore.For[teller](db).InTx(t.Context(), func(tx teller) error {
		for range n {
			if err := tx.Tell(t.Context(), notify.Notice{To: who.Person, Kind: notify.CaseAccepted, Text: "已受理", At: time.Now().Add(-time.Second)}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestTwoInstancesClaimEachMessageOnce(t *testing.T) {
	dbs := two(t)
	notices(t, dbs[0], 100)
	var lists [20][]jobs.Claimed
	together(20, func(i int) (err error) {
		now := time.Now()
		lists[i], err = sqlstore.Outbox{DB: dbs[i%2]}.Claim(t.Context(), now, now.Add(time.Minute), 10)
		return err
	})
	seen := map[string]bool{}
	for _, list := range lists {
		for _, c := range list {
			require.False(t, seen[c.ID], "claimed twice")
			seen[c.ID] = true
		}
	}
	require.Len(t, seen, 100)
}

func TestAMessageOfADeadInstanceIsClaimedAgainAndSettledByWhoHasIt(t *testing.T) {
	dbs := two(t)
	notices(t, dbs[0], 1)
	now := time.Now()
	first, err := sqlstore.Outbox{DB: dbs[0]}.Claim(t.Context(), now, now.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, first, 1)
	again, err := sqlstore.Outbox{DB: dbs[1]}.Claim(t.Context(), now.Add(2*time.Minute), now.Add(3*time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, again, 1)
	require.NoError(t, sqlstore.Outbox{DB: dbs[0]}.Done(t.Context(), first[0]), "too late: somebody else has it")
	list, err := dbs[0].WaitingJobs(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.NoError(t, sqlstore.Outbox{DB: dbs[1]}.Done(t.Context(), again[0]))
	list, err = dbs[0].WaitingJobs(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestWhatWasGivenUpIsListedAndTriedAgain(t *testing.T) {
	dbs := two(t)
	notices(t, dbs[0], 2)
	box := sqlstore.Outbox{DB: dbs[0]}
	list, err := box.Claim(t.Context(), time.Now(), time.Now().Add(time.Minute), 10)
	require.NoError(t, err)
	for _, c := range list {
		require.NoError(t, box.Failed(t.Context(), c, "template unknown", time.Now(), true))
	}
	dead, err := dbs[0].WaitingJobs(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, dead, 2)
	require.True(t, dead[0].Dead)
	require.Equal(t, "template unknown", dead[0].Why)
	n, err := dbs[0].RetryJobs(t.Context(), dead[0].ID)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	n, err = dbs[0].RetryJobs(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, 1, n, "the other one")
	list, err = box.Claim(t.Context(), time.Now().Add(time.Second), time.Now().Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, list, 2)
}

func TestACallIsBegunOnce(t *testing.T) {
	dbs := two(t)
	got := 0
	for i := range 4 {
		fresh, err := dbs[i%2].BeginCall(t.Context(), "message", citizen.AccountID("account"))
		require.NoError(t, err)
		if fresh {
			got++
		}
	}
	require.Equal(t, 1, got)
	require.NoError(t, dbs[1].UndoCall(t.Context(), "message", "account"))
	fresh, err := dbs[0].BeginCall(t.Context(), "message", "account")
	require.NoError(t, err)
	require.True(t, fresh)
}

func TestACityIsCopiedToPostgreSQL(t *testing.T) {
	if !storetest.OnPostgres() {
		t.Skip("is about PostgreSQL")
	}
	from := sqlstore.Config{Path: filepath.Join(t.TempDir(), "yimen.db"), Keys: storetest.Keys(t), Now: time.Now}
	source, err := sqlstore.Open(t.Context(), from)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, source.Close()) })
	_, _, err = source.AddEdition(t.Context(), "digest", []byte{0, 1, 255}, time.Now())
	require.NoError(t, err)
	notices(t, source, 2500)
	to := sqlstore.Config{URL: storetest.Postgres(t), Now: time.Now}
	pass := func() (rows, changed int) {
		require.NoError(t, sqlstore.Copy(t.Context(), from, to, func(c sqlstore.Copied) {
			rows, changed = rows+c.Rows, changed+c.Changed
		}))
		return rows, changed
	}
	rows, changed := pass()
	require.Equal(t, rows-1, changed, "all but the head of the ledger, with which every database begins")
	require.Greater(t, rows, 2500)
	_, changed = pass()
	require.Zero(t, changed, "what is there is left")

	hand := storetest.Hand(t, from)
	for _, edit := range []string{
		`UPDATE message SET tries = 7 WHERE id = (SELECT max(id) FROM message)`,
		`DELETE FROM message WHERE id = (SELECT min(id) FROM message)`,
	} {
		_, err := hand.Exec(edit)
		require.NoError(t, err)
	}
	again, changed := pass()
	require.Equal(t, 2, changed)
	require.Equal(t, rows-1, again)

	copied, err := sqlstore.Open(t.Context(), to)
	require.NoError(t, err)
	require.NoError(t, copied.ServedHere(t.Context()))
	require.NoError(t, copied.Close())
	require.ErrorIs(t, sqlstore.Copy(t.Context(), from, to, func(sqlstore.Copied) {}), sqlstore.ErrForeign)
}
