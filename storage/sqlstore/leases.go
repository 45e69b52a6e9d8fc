package sqlstore

import (
	"context"
	"errors"
	"time"
)

// Lead makes holder the one who leads under a name, for so long, or says that
// somebody else does. Whoever leads asks again in time and stays the leader;
// who dies is followed when the time is over.
func (db *DB) Lead(ctx context.Context, name, holder string, life time.Duration) (bool, error) {
	type lease struct {
		holder string
		ends   int64
	}
	now := db.now()
	l, err := one(ctx, &db.queries, errNone, func(s scanner) (l lease, err error) { return l, s.Scan(&l.holder, &l.ends) },
		`SELECT holder, ends FROM lease WHERE name = $1`, name)
	switch {
	case err != nil && !errors.Is(err, errNone):
		return false, err
	case err == nil && l.holder == holder && l.ends > millis(now.Add(life/2)):
		return true, nil
	case err == nil && l.holder != holder && l.ends > millis(now) && l.ends <= millis(now.Add(2*life)):
		return false, nil // further ahead than that is a clock that was wrong
	}
	err = db.write(ctx, func(tx *Tx) error {
		return tx.change(ctx, errNone, `INSERT INTO lease (name, holder, ends) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends = excluded.ends
			WHERE lease.holder = excluded.holder OR lease.ends <= $4 OR lease.ends > $5`,
			name, holder, millis(now.Add(life)), millis(now), millis(now.Add(2*life)))
	})
	if errors.Is(err, errNone) {
		return false, nil
	}
	return err == nil, err
}

// Resign lets somebody else lead at once.
func (db *DB) Resign(ctx context.Context, name, holder string) error {
	return db.write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `DELETE FROM lease WHERE name = $1 AND holder = $2`, name, holder)
	})
}
