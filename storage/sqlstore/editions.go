package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrNoEdition tells that the database holds no such edition of the city.
var ErrNoEdition = fault.New(fault.NotFound, "city.no_edition", "没有这个版本的事项目录，请刷新后再试")

// Edition is one stored edition of a city: its packed files and their digest.
type Edition struct {
	Version    int
	Digest     string
	Files      []byte
	ImportedAt time.Time
}

func readEdition(s scanner) (e Edition, err error) {
	var at int64
	err = s.Scan(&e.Version, &e.Digest, &e.Files, &at)
	e.ImportedAt = moment(at)
	return e, err
}

// Edition returns a stored edition. Error: ErrNoEdition.
func (q *queries) Edition(ctx context.Context, version int) (Edition, error) {
	return one(ctx, q, ErrNoEdition, readEdition, `SELECT version, digest, files, imported_at FROM edition WHERE version = $1`, version)
}

// LatestEdition returns the version in force, 0 where none was imported.
func (q *queries) LatestEdition(ctx context.Context) (int, error) {
	v, err := one(ctx, q, errNone, scalar[sql.NullInt64], `SELECT max(version) FROM edition`)
	return int(v.Int64), err
}

// AddEdition stores an edition as the next version and returns it. The very
// files that are in force already make no new version: fresh is false.
func (db *DB) AddEdition(ctx context.Context, digest string, files []byte, at time.Time) (version int, fresh bool, err error) {
	err = db.write(ctx, func(tx *Tx) error {
		if version, err = tx.LatestEdition(ctx); err != nil {
			return err
		}
		last, err := tx.Edition(ctx, version)
		if err != nil && !errors.Is(err, ErrNoEdition) {
			return err
		}
		if last.Digest == digest {
			return nil
		}
		version, fresh = version+1, true
		return tx.exec(ctx, `INSERT INTO edition (version, digest, files, imported_at) VALUES ($1, $2, $3, $4)`,
			version, digest, files, millis(at))
	})
	return version, fresh, err
}
