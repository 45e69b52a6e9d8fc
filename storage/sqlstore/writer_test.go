package sqlstore

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/once"
	"github.com/yimen-gov/yimen/pkg/seal"
)

func keysFor(t *testing.T) *seal.Keyring {
	keys, err := seal.NewKeyring(seal.Config{
		Keys: map[uint8]seal.Key{1: {Suite: seal.SM4, Secret: []byte("0123456789abcdef")}}, Current: 1,
		IndexKey: []byte("another key of the test, 32 byte"),
	})
	require.NoError(t, err)
	return keys
}

func openDB(t *testing.T, path string) *DB {
	db, err := Open(t.Context(), Config{Path: path, Keys: keysFor(t), Now: time.Now})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	require.NoError(t, db.write(t.Context(), func(tx *Tx) error {
		return tx.exec(t.Context(), `CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY, note TEXT)`)
	}))
	return db
}

func put(ctx context.Context, db *DB, id int) error {
	return db.write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `INSERT INTO probe (id, note) VALUES ($1, 'x')`, id)
	})
}

func count(t *testing.T, db *DB) int {
	n, err := scalarCount(t.Context(), &db.queries, `SELECT count(*) FROM probe`)
	require.NoError(t, err)
	return n
}

var errMine = errors.New("mine alone")

func TestOneFailureDoesNotTakeTheOthersAlong(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "db"))
	var group sync.WaitGroup
	failures := make([]error, 200)
	for i := range failures {
		group.Go(func() {
			failures[i] = db.write(t.Context(), func(tx *Tx) error {
				if err := tx.exec(t.Context(), `INSERT INTO probe (id) VALUES ($1)`, i); err != nil {
					return err
				}
				switch i % 4 {
				case 1:
					return errMine
				case 2:
					panic("in a caller's function")
				case 3:
					return tx.exec(t.Context(), `INSERT INTO no_such_table VALUES (1)`)
				}
				return nil
			})
		})
	}
	group.Wait()
	for i, err := range failures {
		if i%4 == 0 {
			require.NoError(t, err)
		} else {
			require.Error(t, err)
		}
	}
	require.Equal(t, 50, count(t, db), "exactly those that were told so are there")
}

func TestACallerWhoGoesAwayDoesNotUndoOthers(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "db"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var group sync.WaitGroup
	for i := range 100 {
		group.Go(func() {
			if i == 50 {
				cancel()
			}
			_ = put(ctx, db, i)
		})
	}
	group.Wait()
	before := count(t, db)
	require.NoError(t, put(t.Context(), db, 1000))
	require.Equal(t, before+1, count(t, db))
}

func TestClosingFinishesWhatWasAccepted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	db := openDB(t, path)
	var group sync.WaitGroup
	answered := make([]bool, 300)
	for i := range answered {
		group.Go(func() { answered[i] = put(t.Context(), db, i) == nil })
	}
	require.NoError(t, db.Close())
	group.Wait()
	require.ErrorIs(t, put(t.Context(), db, 9999), ErrBusy)

	again := openDB(t, path)
	var want int
	for _, ok := range answered {
		if ok {
			want++
		}
	}
	require.Equal(t, want, count(t, again), "each answered write is there, and no other")
}

func req(key string, hash byte) once.Request {
	return once.Request{Owner: "somebody", Key: key, Hash: [32]byte{hash}}
}

func TestARequestIsDoneOnce(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "db"))
	do := func(id int) func(context.Context) once.Answer {
		return func(ctx context.Context) once.Answer {
			if err := put(ctx, db, id); err != nil {
				return once.Answer{Status: 500, Body: []byte(err.Error())}
			}
			return once.Answer{Status: 200, Body: []byte("done")}
		}
	}
	first, replayed, err := db.Once(t.Context(), req("key-1", 1), do(1))
	require.NoError(t, err)
	require.False(t, replayed)

	second, replayed, err := db.Once(t.Context(), req("key-1", 1), do(2))
	require.NoError(t, err)
	require.True(t, replayed)
	require.Equal(t, first, second)
	require.Equal(t, 1, count(t, db))

	_, _, err = db.Once(t.Context(), req("key-1", 2), do(3))
	require.ErrorIs(t, err, once.ErrKeyReused)
	require.Equal(t, 1, count(t, db))
}

func TestOfTheSameRequestSentTogetherOneIsDone(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "db"))
	var group sync.WaitGroup
	var done, again sync.Map
	for i := range 60 {
		group.Go(func() {
			a, replayed, err := db.Once(t.Context(), req("key-together", 1), func(ctx context.Context) once.Answer {
				if err := put(ctx, db, i); err != nil {
					return once.Answer{Status: fault.From(err).Wait, Body: []byte("not done")}
				}
				return once.Answer{Status: 200, Body: []byte{byte(i)}}
			})
			require.NoError(t, err)
			if replayed {
				again.Store(i, string(a.Body))
			} else {
				done.Store(i, string(a.Body))
			}
		})
	}
	group.Wait()
	require.Equal(t, 1, count(t, db))
	var winner string
	n := 0
	done.Range(func(_, body any) bool { n++; winner = body.(string); return true })
	require.Equal(t, 1, n)
	again.Range(func(_, body any) bool { require.Equal(t, winner, body); return true })
}

func TestARefusalThatChangedSomethingIsKeptWithItsChange(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "db"))
	tries := 0
	refuse := func(ctx context.Context) once.Answer {
		tries++
		_ = put(ctx, db, tries) // such as counting a wrong code
		return once.Answer{Status: 409, Body: []byte("wrong code")}
	}
	for range 3 {
		a, _, err := db.Once(t.Context(), req("key-refused", 1), refuse)
		require.NoError(t, err)
		require.Equal(t, 409, a.Status)
	}
	require.Equal(t, 1, count(t, db), "the same try is counted once")
	require.Equal(t, 1, tries)
}

func TestAFailureThatChangedNothingMayBeTriedAgain(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "db"))
	fail := true
	do := func(ctx context.Context) once.Answer {
		err := db.write(ctx, func(tx *Tx) error {
			if err := tx.exec(ctx, `INSERT INTO probe (id) VALUES (1)`); err != nil {
				return err
			}
			if fail {
				return errMine
			}
			return nil
		})
		if err != nil {
			return once.Answer{Status: 409}
		}
		return once.Answer{Status: 200}
	}
	a, _, err := db.Once(t.Context(), req("key-failed", 1), do)
	require.NoError(t, err)
	require.Equal(t, 409, a.Status)
	require.Zero(t, count(t, db))

	fail = false
	a, replayed, err := db.Once(t.Context(), req("key-failed", 1), do)
	require.NoError(t, err)
	require.False(t, replayed)
	require.Equal(t, 200, a.Status)
	require.Equal(t, 1, count(t, db))
}

func TestAPanicLetsTheWriterGo(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "db"))
	require.Panics(t, func() {
		_, _, _ = db.Once(t.Context(), req("key-panic", 1), func(ctx context.Context) once.Answer {
			_ = put(ctx, db, 1)
			panic("a handler's defect")
		})
	})
	require.Zero(t, count(t, db), "what was not answered is undone")
	require.NoError(t, put(t.Context(), db, 2))
}

func TestARequestSeesWhatItHasChanged(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "db"))
	_, _, err := db.Once(t.Context(), req("key-reads", 1), func(ctx context.Context) once.Answer {
		require.NoError(t, put(ctx, db, 1))
		n, err := scalarCount(ctx, &db.queries, `SELECT count(*) FROM probe`)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.Zero(t, count(t, db), "others do not see it before it is durable")
		return once.Answer{Status: 200}
	})
	require.NoError(t, err)
}

func TestAnswersAreSealed(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "db"))
	_, _, err := db.Once(t.Context(), req("key-sealed", 1), func(ctx context.Context) once.Answer {
		require.NoError(t, put(ctx, db, 1))
		return once.Answer{Status: 200, Body: []byte("token-of-a-session")}
	})
	require.NoError(t, err)
	body, err := one(t.Context(), &db.queries, errNone, scalar[[]byte], `SELECT body FROM answer`)
	require.NoError(t, err)
	require.NotContains(t, string(body), "token")
}
