package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/seal"
)

// Progress is how far the re-sealing of one place is.
type Progress struct {
	Place   string // a table, or FilePlace
	Key     uint8  // that everything is being sealed under
	After   string // the row that was done last
	Changed int    // values sealed anew
	Broken  int    // values that could not be opened and were left as they are
	Done    bool
}

// BeginReseal asks for everything to be sealed under the current key. Asking
// again for the same key changes nothing, so that work goes on where it was.
func (db *DB) BeginReseal(ctx context.Context) error {
	return db.write(ctx, func(tx *Tx) error {
		for _, place := range places() {
			err := tx.exec(ctx, `INSERT INTO reseal (place, key_id) VALUES ($1, $2) ON CONFLICT (place) DO UPDATE
				SET key_id = excluded.key_id, after = '', changed = 0, broken = 0, done = FALSE
				WHERE reseal.key_id <> excluded.key_id`, place, tx.keys.Current())
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func places() []string {
	list := []string{FilePlace}
	for _, v := range vaults {
		list = append(list, v.table)
	}
	return list
}

const progressColumns = `SELECT place, key_id, after, changed, broken, done FROM reseal `

func readProgress(s scanner) (p Progress, err error) {
	return p, s.Scan(&p.Place, &p.Key, &p.After, &p.Changed, &p.Broken, &p.Done)
}

// Resealing tells how far each place is; none where it was never asked for.
func (q *queries) Resealing(ctx context.Context) ([]Progress, error) {
	return all(ctx, q, readProgress, progressColumns+`ORDER BY place`)
}

// MoveReseal makes mover the one process that re-seals, unless another one
// moved within rest: two at once would do no harm, but twice the work.
func (db *DB) MoveReseal(ctx context.Context, mover string, rest time.Duration) (mine bool, err error) {
	now := db.now()
	err = db.write(ctx, func(tx *Tx) error {
		return tx.change(ctx, errNone, `INSERT INTO reseal_mover (one, mover, moved_at) VALUES (1, $1, $2)
			ON CONFLICT (one) DO UPDATE SET mover = excluded.mover, moved_at = excluded.moved_at
			WHERE reseal_mover.mover = excluded.mover OR reseal_mover.moved_at < $3`, mover, millis(now), millis(now.Add(-rest)))
	})
	if errors.Is(err, errNone) {
		return false, nil
	}
	return err == nil, err
}

// ResealRows seals the next rows of a table anew, at most most, and says how
// far that is. It reads and seals outside any transaction and changes only
// what is still as it was read; what was changed meanwhile is found by the
// next pass over the table.
func (db *DB) ResealRows(ctx context.Context, p Progress, most int) (Progress, error) {
	v, err := vaultOf(p.Place)
	if err != nil {
		return p, err
	}
	rows, err := db.sealedRows(ctx, v, p.After, most)
	if err != nil {
		return p, err
	}
	if len(rows) == 0 {
		return db.endPass(ctx, v, p)
	}
	var fresh []sealedRow
	for _, r := range rows {
		renewed, broken := r.renew(db.keys, v)
		p.Broken += broken
		if renewed.changed() > 0 {
			fresh = append(fresh, renewed)
		}
	}
	p.After = rows[len(rows)-1].cursor()
	err = db.write(ctx, func(tx *Tx) error {
		for _, r := range fresh {
			n, err := tx.run.exec(ctx, v.update(), r.args()...)
			if err != nil {
				return err
			}
			p.Changed += int(n) * r.changed()
		}
		return tx.saveProgress(ctx, p)
	})
	return p, err
}

// endPass looks whether a whole pass has left anything: a server that did not
// know the new key yet may have written behind our back. Then there is another.
func (db *DB) endPass(ctx context.Context, v vault, p Progress) (Progress, error) {
	var old []string
	for _, c := range v.columns {
		old = append(old, "(SELECT count(*) FROM "+v.table+" WHERE substr("+c+", 1, 1) <> $1)")
	}
	left, err := scalarCount(ctx, &db.queries, "SELECT "+strings.Join(old, " + "), []byte{p.Key})
	if err != nil {
		return p, err
	}
	p.After, p.Done = "", left <= p.Broken
	if !p.Done {
		p.Broken = 0
	}
	return p, db.SaveProgress(ctx, p)
}

// SaveProgress keeps how far a place is, if it is still wanted under that key.
func (db *DB) SaveProgress(ctx context.Context, p Progress) error {
	return db.write(ctx, func(tx *Tx) error { return tx.saveProgress(ctx, p) })
}

func (tx *Tx) saveProgress(ctx context.Context, p Progress) error {
	return tx.exec(ctx, `UPDATE reseal SET after = $3, changed = $4, broken = $5, done = $6 WHERE place = $1 AND key_id = $2`,
		p.Place, p.Key, p.After, p.Changed, p.Broken, p.Done)
}

// FilesAfter lists the ids of stored files in order, after a given one.
func (q *queries) FilesAfter(ctx context.Context, after string, most int) ([]string, error) {
	return all(ctx, q, scalar[string], filesAfter, after, most)
}

// NamesFile says whether a row tells of a stored file.
func (q *queries) NamesFile(ctx context.Context, id string) (bool, error) {
	n, err := scalarCount(ctx, q, `SELECT (SELECT count(*) FROM case_file WHERE id = $1) + (SELECT count(*) FROM agency_proof WHERE file = $1)
		+ (SELECT count(*) FROM proof_file WHERE file = $1) + (SELECT count(*) FROM errand_file WHERE id = $1)`, id)
	return n > 0, err
}

// filesAfter names every file that a row tells of.
const filesAfter = `SELECT id FROM (SELECT id FROM case_file WHERE id > $1
		UNION SELECT file FROM agency_proof WHERE file > $1 UNION SELECT file FROM proof_file WHERE file > $1
		UNION SELECT id FROM errand_file WHERE id > $1) f
		ORDER BY id LIMIT $2`

// SealedUnder counts the sealed values of the database by their key.
func (q *queries) SealedUnder(ctx context.Context) (map[uint8]int, error) {
	type share struct {
		key []byte
		n   int
	}
	read := func(s scanner) (c share, err error) { return c, s.Scan(&c.key, &c.n) }
	under := map[uint8]int{}
	for _, v := range vaults {
		for _, c := range v.columns {
			list, err := all(ctx, q, read, "SELECT substr("+c+", 1, 1), count(*) FROM "+v.table+" WHERE "+c+" IS NOT NULL GROUP BY 1")
			if err != nil {
				return nil, err
			}
			for _, s := range list {
				if len(s.key) == 1 {
					under[s.key[0]] += s.n
				}
			}
		}
	}
	return under, nil
}

func vaultOf(table string) (vault, error) {
	for _, v := range vaults {
		if v.table == table {
			return v, nil
		}
	}
	return vault{}, fmt.Errorf("no sealed columns in %q: the progress is of another release", table)
}

// place of a column's value in a row.
func (v vault) place(column, row string) seal.Place {
	return seal.Place{Table: v.table, Column: strings.TrimSuffix(column, "_sealed"), Row: row}
}
