// Package storetest (存储测试) holds what tests of stored things begin with: an
// empty database, a city, people. It decides nothing.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// Keys makes a ring of new keys.
func Keys(t testing.TB) *seal.Keyring {
	t.Helper()
	text, err := seal.Generate(rand.Reader)
	require.NoError(t, err)
	keys, err := seal.ParseKeys(text)
	require.NoError(t, err)
	ring, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	return ring
}

// Open makes an empty database that is gone with the test.
func Open(t testing.TB) *sqlstore.DB {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), Config(t, Keys(t)))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// Config names an empty database on the engine that these tests run on.
func Config(t testing.TB, keys *seal.Keyring) sqlstore.Config {
	t.Helper()
	c := sqlstore.Config{Path: filepath.Join(t.TempDir(), "yimen.db"), Keys: keys, Now: time.Now}
	if OnPostgres() {
		c.URL = Postgres(t)
	}
	return c
}

// Hand opens a database for changes by hand, behind the store's back.
func Hand(t testing.TB, c sqlstore.Config) *sql.DB {
	t.Helper()
	driver, source := "sqlite", "file:"+c.Path+"?_pragma=busy_timeout(5000)&_txlock=immediate"
	if c.URL != "" {
		driver, source = "pgx", c.URL
	}
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// NewID makes an id as the server does.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// City is a shelf with one edition on it. A test may change its offices before
// it lets anybody in.
type City struct{ Only *city.Edition }

// Foshan reads the sample city.
func Foshan(t testing.TB) City {
	t.Helper()
	e, err := city.Read(foshan.Files)
	require.NoError(t, err)
	return City{Only: e}
}

// Current implements city.Shelf.
func (c City) Current(context.Context) (*city.Edition, error) { return c.Only, nil }

// Edition implements city.Shelf.
func (c City) Edition(context.Context, int) (*city.Edition, error) { return c.Only, nil }

// Clock is a clock that tests turn.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// ClockAt makes a clock that stands at a time.
func ClockAt(at time.Time) *Clock { return &Clock{at: at} }

// Now is the time on the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set turns the clock to a time.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// Pass lets time pass.
func (c *Clock) Pass(d time.Duration) { c.Set(c.Now().Add(d)) }

// Citizens stores n persons, each with an account proved by real name.
func Citizens(t testing.TB, db *sqlstore.DB, n int) []citizen.Account {
	t.Helper()
	list, err := CitizensFrom(t.Context(), db, 0, n)
	require.NoError(t, err)
	return list
}

// CitizensFrom is Citizens for those who need more later: the first n have the
// numbers from 0, the next ones those from n.
func CitizensFrom(ctx context.Context, db *sqlstore.DB, first, n int) ([]citizen.Account, error) {
	list := make([]citizen.Account, n)
	err := sqlstore.For[citizen.Tx](db).InTx(ctx, func(tx citizen.Tx) (err error) {
		for i := range list {
			if list[i], err = settle(ctx, tx, first+i); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// settle stores the i-th person and an account of theirs.
func settle(ctx context.Context, tx citizen.Tx, i int) (citizen.Account, error) {
	name, err := citizen.ParseName("陈小明")
	if err != nil {
		return citizen.Account{}, err
	}
	p := citizen.Person{ID: citizen.ID(NewID()), Name: name, Number: Number(i), Grade: citizen.GradeA, MadeAt: time.Now()}
	if err := tx.InsertPerson(ctx, p); err != nil {
		return citizen.Account{}, err
	}
	a := citizen.Account{ID: citizen.AccountID(NewID()), OpenID: "open-" + NewID(), MadeAt: p.MadeAt}
	if err := tx.InsertAccount(ctx, a); err != nil {
		return citizen.Account{}, err
	}
	a.Person, a.RealNameAt = p.ID, p.MadeAt
	return a, tx.UpdateAccount(ctx, a)
}

// Number is the i-th of many made-up identity numbers.
func Number(i int) citizen.IDNumber {
	birth := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i/1000)
	stem := fmt.Sprintf("440604%s%03d", birth.Format("20060102"), i%1000)
	for _, check := range "0123456789X" {
		if n, err := citizen.ParseIDNumber(stem + string(check)); err == nil {
			return n
		}
	}
	panic("no check digit fits " + stem)
}
