package bench

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// bookedWhereMuchIs compares what a booking takes in a city with all its
// quarter hours of 90 days booked with that in a province.
func bookedWhereMuchIs(ctx context.Context, r *Report) error {
	city, province := grown{offices: 830, cells: 26}, grown{offices: 40_000, cells: 2}
	if r.Quick {
		city, province = grown{offices: 20, cells: 4}, grown{offices: 80, cells: 4}
	}
	return inFolder(func(dir string) error {
		small, err := city.open(ctx, r, filepath.Join(dir, "city"))
		if err != nil {
			return err
		}
		defer small.db.Close()
		large, err := province.open(ctx, r, filepath.Join(dir, "province"))
		if err != nil {
			return err
		}
		defer large.db.Close()
		var took [2][]time.Duration
		for range 10 { // by turns
			for i, d := range []*reception{small, large} {
				each, err := d.alone(ctx, time.Now().Add(r.Length/20))
				if err != nil {
					return err
				}
				took[i] = append(took[i], each...)
			}
		}
		a, b := milliseconds(percentile(sortedTimes(took[0]), 0.5)), milliseconds(percentile(sortedTimes(took[1]), 0.5))
		what := fmt.Sprintf("a booking's p50 beside %s, against that beside %s", province, city)
		return r.print(Figure{Figure: what, Value: rounded(b), Unit: "ms", Limit: &a, Ratio: new(b / a), Target: new(1.5), Met: b/a <= 1.5})
	})
}

// grown is how much is booked already: so many offices for 90 days, so many
// quarter hours a day, each with an appointment.
type grown struct{ offices, cells int }

const grownDays = 90

func (g grown) String() string {
	return fmt.Sprintf("%d offices × %d days × %d booked quarter hours", g.offices, grownDays, g.cells)
}

// open makes a database in which so much is booked.
func (g grown) open(ctx context.Context, r *Report, dir string) (*reception, error) {
	path := filepath.Join(dir, databaseFile)
	short := *r
	short.Length = min(r.Length, time.Second)
	made, err := openReception(ctx, &short, sqlstore.Config{Path: path}, 24*100)
	if err != nil {
		return nil, err
	}
	return made, g.fill(ctx, path, string(made.people[0].Person))
}

func (g grown) fill(ctx context.Context, path, person string) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)&_pragma=cache_size(-262144)")
	if err != nil {
		return err
	}
	defer db.Close()
	const many = `WITH RECURSIVE o (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM o WHERE n + 1 < $1),
		d (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM d WHERE n + 1 < $2), c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < $3) `
	first := morning.AddDate(0, 0, 7).UnixMilli()
	for _, insert := range []string{
		`INSERT INTO seat (office, starts_at, capacity, taken, ordinary, agents, online)
			SELECT printf('O-%06d', o.n), $4 + d.n * 86400000 + c.n * 900000, 4, 3, 3, 0, 3 FROM o, d, c WHERE $5 <> ''`,
		`INSERT INTO appointment (id, code, person_id, office, item, starts_at, ends_at, people, state, lapses_at, made_at, checked_at)
			SELECT printf('A-%06d-%d-%d', o.n, d.n, c.n), hex(randomblob(8)), $5, printf('O-%06d', o.n), 'HJ-0001', $4 + d.n * 86400000 + c.n * 900000,
				$4 + d.n * 86400000 + c.n * 900000 + 900000, 1, 'served', $4 + d.n * 86400000, $4, 0 FROM o, d, c WHERE (o.n + d.n + c.n) % 10 = 0`,
	} {
		if _, err := db.ExecContext(ctx, many+insert, g.offices, grownDays, g.cells, first, person); err != nil {
			return err
		}
	}
	return nil
}

// alone books one after the other, so that nobody waits for anybody.
func (d *reception) alone(ctx context.Context, until time.Time) (each []time.Duration, err error) {
	for time.Now().Before(until) {
		i := int(d.next.Add(1)) - 1
		if i >= len(d.people) {
			return each, nil
		}
		start := time.Now()
		if err := d.book(ctx, i); err != nil {
			return nil, err
		}
		each = append(each, time.Since(start))
	}
	slices.Sort(each)
	return each, nil
}
