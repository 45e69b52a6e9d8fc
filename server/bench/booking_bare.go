package bench

import (
	"context"
	"crypto/rand"
	"database/sql/driver"
	"errors"
	"io"
	"path/filepath"
	"time"

	"modernc.org/sqlite"

	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// What a booking asks of the database inside its two transactions.
const (
	missedSQL = `SELECT starts_at FROM appointment WHERE person_id = $1 AND state = 'no_show' AND starts_at >= $2
		AND excused_at = 0 ORDER BY starts_at`
	openSQL = `SELECT id, code, person_id, office, item, starts_at, ends_at, people,
		state, lapses_at, made_at, checked_at, more_items, window_no, channel, priority, priority_seen, made_by,
		waiting_id, displaced_by, remind_at, excused_at FROM appointment WHERE person_id = $1 AND state IN ('held', 'booked', 'checked_in')`
	planSQL = `SELECT coalesce((SELECT version FROM timetable WHERE office = $1), 0)
		+ coalesce((SELECT version FROM timetable WHERE office = ''), 0)`
	seatSQL = `INSERT INTO seat (office, starts_at, capacity, taken, ordinary, agents, online)
		VALUES ($1, $2, $3, 1, $4, $5, $6)
		ON CONFLICT (office, starts_at) DO UPDATE SET taken = seat.taken + 1, capacity = excluded.capacity,
			ordinary = seat.ordinary + excluded.ordinary, agents = seat.agents + excluded.agents, online = seat.online + excluded.online
			WHERE seat.taken < excluded.capacity AND (excluded.ordinary = 0 OR seat.ordinary < $7)
			AND (excluded.agents = 0 OR seat.agents < $8) AND (excluded.online = 0 OR seat.online < $9)`
	holdSQL = `INSERT INTO appointment
		(id, code, person_id, office, item, starts_at, ends_at, people, state, lapses_at, made_at,
		more_items, window_no, channel, priority, made_by, waiting_id, remind_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (code) DO NOTHING`
	bookSQL = `UPDATE appointment SET state = $7, lapses_at = $8, checked_at = $9,
			priority_seen = $10, remind_at = $11, excused_at = $12
		WHERE id = $1 AND state = $2 AND office = $3 AND starts_at = $4 AND ends_at = $5 AND window_no = $6`
	tellSQL = `INSERT INTO message (id, person_id, kind, subject, text_sealed, made_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`
)

// bareBookings is SQLite with nothing around it, doing what a booking does.
type bareBookings struct {
	*reception // for its slots and people; its store is closed
	conn       driver.Conn
	stmts      map[string]driver.Stmt
	last       int
	sealed     []byte
}

func openBareBookings(ctx context.Context, r *Report, dir string, slots int) (*bareBookings, error) {
	path := filepath.Join(dir, databaseFile)
	made, err := openReception(ctx, r, sqlstore.Config{Path: path}, slots)
	if err != nil {
		return nil, err
	}
	if err := made.db.Close(); err != nil {
		return nil, err
	}
	b := &bareBookings{reception: made, stmts: map[string]driver.Stmt{}, sealed: make([]byte, 240)}
	if b.conn, err = new(sqlite.Driver).Open("file:" + path + bareSettings); err != nil {
		return nil, err
	}
	for _, text := range []string{"BEGIN IMMEDIATE", "SAVEPOINT one", "RELEASE one", "COMMIT", missedSQL, openSQL, planSQL, seatSQL, holdSQL, bookSQL, tellSQL} {
		if b.stmts[text], err = b.conn.Prepare(text); err != nil {
			return nil, errors.Join(err, b.close())
		}
	}
	_, err = rand.Read(b.sealed)
	return b, err
}

func (b *bareBookings) close() error { return b.conn.Close() }

// whole does every statement of bookings in groups: of holds, and then of
// confirmations. least does only the two that change seat and booking.
func (b *bareBookings) whole(_ context.Context, until time.Time) ([]time.Duration, error) {
	return b.groups(until, b.hold, b.confirm)
}

func (b *bareBookings) least(_ context.Context, until time.Time) ([]time.Duration, error) {
	return b.groups(until, b.seat)
}

func (b *bareBookings) groups(until time.Time, steps ...func(i int, id string) error) (each []time.Duration, err error) {
	for time.Now().Before(until) && b.last+writers <= len(b.people) {
		ids := make([]string, writers)
		for i := range ids {
			ids[i] = newUUID()
		}
		start := time.Now()
		for _, step := range steps {
			if err := b.transaction(ids, step); err != nil {
				return nil, err
			}
		}
		took := time.Since(start)
		for range writers {
			each = append(each, took)
		}
		b.last += writers
	}
	return each, nil
}

func (b *bareBookings) transaction(ids []string, step func(i int, id string) error) error {
	err := b.exec("BEGIN IMMEDIATE")
	for i := 0; i < len(ids) && err == nil; i++ {
		if err = b.exec("SAVEPOINT one"); err == nil {
			err = errors.Join(step(b.last+i, ids[i]), b.exec("RELEASE one"))
		}
	}
	if err != nil {
		return err
	}
	return b.exec("COMMIT")
}

func (b *bareBookings) hold(i int, id string) error {
	person := string(b.people[i].Person)
	office, _ := b.slot(i)
	return errors.Join(b.query(missedSQL, person, morning.AddDate(0, -4, 0).UnixMilli()), b.query(openSQL, person),
		b.query(planSQL, string(office)), b.seat(i, id))
}

func (b *bareBookings) seat(i int, id string) error {
	office, at := b.slot(i)
	from, to := at.UnixMilli(), at.Add(15*time.Minute).UnixMilli()
	const most = int64(1 << 30)
	return errors.Join(
		b.exec(seatSQL, string(office), from, most, int64(1), int64(0), int64(1), most, most, most),
		b.exec(holdSQL, id, rand.Text()[:8], string(b.people[i].Person), string(office), bookedItem, from, to, int64(1), "held",
			morning.UnixMilli(), morning.UnixMilli(), "", int64(0), "online", "", "", "", int64(0)))
}

func (b *bareBookings) confirm(i int, id string) error {
	office, at := b.slot(i)
	from, to := at.UnixMilli(), at.Add(15*time.Minute).UnixMilli()
	return errors.Join(
		b.exec(bookSQL, id, "held", string(office), from, to, int64(0), "booked", to, int64(0), "", from, int64(0)),
		b.exec(tellSQL, newUUID(), string(b.people[i].Person), "appointment.booked", id, b.sealed, morning.UnixMilli()))
}

func (b *bareBookings) exec(text string, args ...driver.Value) error {
	_, err := b.stmts[text].(driver.StmtExecContext).ExecContext(context.Background(), numberedValues(args))
	return err
}

func (b *bareBookings) query(text string, args ...driver.Value) error {
	rows, err := b.stmts[text].(driver.StmtQueryContext).QueryContext(context.Background(), numberedValues(args))
	if err != nil {
		return err
	}
	row := make([]driver.Value, len(rows.Columns()))
	for err == nil {
		err = rows.Next(row)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, rows.Close())
}

func numberedValues(args []driver.Value) []driver.NamedValue {
	list := make([]driver.NamedValue, len(args))
	for i, v := range args {
		list[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return list
}
