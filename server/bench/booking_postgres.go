package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of PostgreSQL

	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// PostgresVar names the environment variable with the address of an empty
// PostgreSQL database for benchmarks.
const PostgresVar = "YIMEN_BENCH_POSTGRES"

// bookedOnPostgres compares bookings with what one gets who gives each of its
// two halves a transaction of its own, from as many connections.
func bookedOnPostgres(ctx context.Context, r *Report) error {
	url := os.Getenv(PostgresVar)
	if url == "" {
		return r.Tell("bookings on PostgreSQL: not measured, "+PostgresVar+" names no database", 0, "1/s")
	}
	ours, err := openReception(ctx, r, sqlstore.Config{URL: url}, 1)
	if err != nil {
		return err
	}
	defer ours.db.Close()
	single, err := openSingles(url, ours)
	if err != nil {
		return err
	}
	defer single.db.Close()
	scores, err := race(ctx, r, side{"bookings", ours.together}, side{"a transaction each", single.together})
	if err != nil {
		return err
	}
	return errors.Join(
		r.Against("bookings on PostgreSQL, one hot slot, 64 clients, against a transaction each", scores[0].rate(), "1/s", scores[1].rate(), scores[0].to(scores[1]), 8),
		r.Tell("bookings on PostgreSQL, one hot slot, 64 clients, p99", scores[0].ms(0.99), "ms"))
}

// singles books with the same statements, a transaction for each hold and each
// confirmation.
type singles struct {
	db   *sql.DB
	of   *reception
	next atomic.Int64
}

func openSingles(url string, of *reception) (*singles, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(writers)
	db.SetMaxIdleConns(writers)
	return &singles{db: db, of: of}, nil
}

func (s *singles) together(ctx context.Context, until time.Time) ([]time.Duration, error) {
	return byWriters(until, func() (bool, error) { return true, s.book(ctx, int(s.next.Add(1))) })
}

func (s *singles) book(ctx context.Context, n int) error {
	last := len(s.of.people) - 1 // from the other end: nobody books twice
	person, id := string(s.of.people[last-n%last].Person), newUUID()
	office, at := string(s.of.open[len(s.of.open)-1]), s.of.first // a slot of its own
	from, to := at.UnixMilli(), at.Add(15*time.Minute).UnixMilli()
	const most = int64(1 << 30)
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		return doAll(ctx, tx,
			statement{missedSQL, []any{person, from}}, statement{openSQL, []any{person}}, statement{planSQL, []any{office}},
			statement{seatSQL, []any{office, from, most, 1, 0, 1, most, most, most}},
			statement{holdSQL, []any{id, id[24:], person, office, bookedItem, from, to, 1, "held", from, from, "", 0, "online", "", "", "", 0}})
	})
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		return doAll(ctx, tx, statement{bookSQL, []any{id, "held", office, from, to, 0, "booked", to, 0, "", from, 0}},
			statement{tellSQL, []any{newUUID(), person, "appointment.booked", id, []byte("sealed"), from}})
	})
}

func (s *singles) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

type statement struct {
	text string
	args []any
}

// doAll runs statements, and reads what they answer.
func doAll(ctx context.Context, tx *sql.Tx, list ...statement) error {
	for _, s := range list {
		rows, err := tx.QueryContext(ctx, s.text, s.args...)
		if err != nil {
			return fmt.Errorf("%.40s: %w", s.text, err)
		}
		for rows.Next() {
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return fmt.Errorf("%.40s: %w", s.text, err)
		}
	}
	return nil
}
