package sqlstore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/ledger"
)

var (
	_ ledger.Store = (*DB)(nil)
	_ ledger.Tx    = growing{}
)

// growing is the log's part of a transaction.
type growing struct{ *Tx }

// Record appends facts to the ledger with this transaction: they enter the log
// right before it commits, all that it gathered at once, so that nobody waits
// for the end of the log longer than that takes.
func (tx *Tx) Record(_ context.Context, facts ...ledger.Fact) error {
	for _, f := range facts {
		leaf, err := f.Leaf()
		if err != nil {
			return err
		}
		tx.leaves = append(tx.leaves, leaf)
	}
	return nil
}

// appendLeaves is the last thing that a transaction does before it commits.
func (tx *Tx) appendLeaves(ctx context.Context) error {
	if len(tx.leaves) == 0 {
		return nil
	}
	_, err := ledger.Append(ctx, growing{tx}, tx.leaves...)
	tx.leaves = tx.leaves[:0]
	return err
}

// Grow implements ledger.Tx: the row that is updated is held to the end of the
// transaction.
func (tx growing) Grow(ctx context.Context, by int64) (int64, error) {
	after, err := one(ctx, &tx.queries, errNone, scalar[int64], `UPDATE ledger_head SET size = size + $1 WHERE one = 1 RETURNING size`, by)
	return after - by, err
}

// rowsMost is how many leaves one statement stores.
const rowsMost = 16

// Append implements ledger.Tx.
func (tx growing) Append(ctx context.Context, entries []ledger.Entry) error {
	for len(entries) > 0 {
		n := min(rowsMost, len(entries))
		if err := tx.appendRows(ctx, entries[:n]); err != nil {
			return err
		}
		entries = entries[n:]
	}
	return nil
}

func (tx growing) appendRows(ctx context.Context, entries []ledger.Entry) error {
	args := make([]any, 0, 6*len(entries))
	for _, e := range entries {
		args = append(args, e.Index, e.Leaf.Kind, e.Leaf.Subject[:], e.Leaf.Content[:], e.Leaf.At.UnixMicro(), joined(e.Hashes))
	}
	return tx.exec(ctx, leafRows[len(entries)], args...)
}

// leafRows are the statements that store so many leaves.
var leafRows = func() (list [rowsMost + 1]string) {
	for n := 1; n <= rowsMost; n++ {
		rows := make([]string, n)
		for i := range rows {
			rows[i] = fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d)", 6*i+1, 6*i+2, 6*i+3, 6*i+4, 6*i+5, 6*i+6)
		}
		list[n] = `INSERT INTO ledger_leaf (idx, kind, subject, content, at, hashes) VALUES ` + strings.Join(rows, ", ")
	}
	return list
}()

func joined(hashes []ledger.Hash) []byte {
	b := make([]byte, 0, len(hashes)*sha256.Size)
	for _, h := range hashes {
		b = append(b, h[:]...)
	}
	return b
}

// Size implements ledger.Store.
func (q *queries) Size(ctx context.Context) (int64, error) {
	return one(ctx, q, errNone, scalar[int64], `SELECT size FROM ledger_head WHERE one = 1`)
}

// manyMost is how many leaves are asked for by name at a time.
const manyMost = 64

// ReadHashes implements ledger.Reader.
func (q *queries) ReadHashes(ctx context.Context, places []int64) ([]ledger.Hash, error) {
	found, err := q.hashesOf(ctx, leavesOf(places))
	if err != nil {
		return nil, err
	}
	hashes := make([]ledger.Hash, len(places))
	for i, p := range places {
		leaf, nth := ledger.Where(p)
		at := nth * sha256.Size
		if stored := found[leaf]; len(stored) < at+sha256.Size || copy(hashes[i][:], stored[at:]) != sha256.Size {
			return nil, ledger.ErrBroken.Because(fmt.Errorf("no hash at place %d, with leaf %d", p, leaf))
		}
	}
	return hashes, nil
}

// leavesOf are the leaves that the hashes at these places are kept with.
func leavesOf(places []int64) (list []int64) {
	seen := make(map[int64]bool, len(places))
	for _, p := range places {
		if leaf, _ := ledger.Where(p); !seen[leaf] {
			seen[leaf] = true
			list = append(list, leaf)
		}
	}
	return list
}

type kept struct {
	idx    int64
	hashes []byte
}

func readKept(s scanner) (k kept, err error) { return k, s.Scan(&k.idx, &k.hashes) }

// hashesOf reads what is kept with some leaves: a run of them at once, single
// ones by name.
func (q *queries) hashesOf(ctx context.Context, list []int64) (map[int64][]byte, error) {
	found := make(map[int64][]byte, len(list))
	if n := len(list); n > manyMost && list[n-1]-list[0] < 2*int64(n) {
		return found, q.gather(ctx, found, `SELECT idx, hashes FROM ledger_leaf WHERE idx BETWEEN $1 AND $2`, list[0], list[n-1])
	}
	for len(list) > 0 {
		n := min(manyMost, len(list))
		query, args := named(list[:n])
		if err := q.gather(ctx, found, query, args...); err != nil {
			return nil, err
		}
		list = list[n:]
	}
	return found, nil
}

func (q *queries) gather(ctx context.Context, found map[int64][]byte, query string, args ...any) error {
	rows, err := all(ctx, q, readKept, query, args...)
	for _, r := range rows {
		found[r.idx] = r.hashes
	}
	return err
}

// named asks for leaves by name. The list is filled up to a power of two, so
// that there are few texts to prepare.
func named(list []int64) (query string, args []any) {
	size := 1
	for size < len(list) {
		size *= 2
	}
	var marks strings.Builder
	for i := range size {
		if i > 0 {
			marks.WriteByte(',')
		}
		marks.WriteString("$" + strconv.Itoa(i+1))
		args = append(args, list[min(i, len(list)-1)])
	}
	return `SELECT idx, hashes FROM ledger_leaf WHERE idx IN (` + marks.String() + `)`, args
}

// IndexOf implements ledger.Store.
func (q *queries) IndexOf(ctx context.Context, l ledger.Leaf) (int64, error) {
	return one(ctx, q, ledger.ErrNoLeaf, scalar[int64], `SELECT idx FROM ledger_leaf
		WHERE subject = $1 AND content = $2 AND kind = $3 AND at = $4 ORDER BY idx LIMIT 1`,
		l.Subject[:], l.Content[:], l.Kind, l.At.UnixMicro())
}

// Entries implements ledger.Store.
func (q *queries) Entries(ctx context.Context, from int64, most int) ([]ledger.Entry, error) {
	return all(ctx, q, readEntry, `SELECT idx, kind, subject, content, at, hashes FROM ledger_leaf WHERE idx >= $1 ORDER BY idx LIMIT $2`, from, most)
}

func readEntry(s scanner) (e ledger.Entry, err error) {
	var subject, content, hashes []byte
	var at int64
	if err := s.Scan(&e.Index, &e.Leaf.Kind, &subject, &content, &at, &hashes); err != nil {
		return e, err
	}
	e.Leaf.At = time.UnixMicro(at)
	if copy(e.Leaf.Subject[:], subject) != len(e.Leaf.Subject) || copy(e.Leaf.Content[:], content) != len(e.Leaf.Content) {
		return e, ledger.ErrBroken.Because(fmt.Errorf("leaf %d has no digests", e.Index))
	}
	for ; len(hashes) >= sha256.Size; hashes = hashes[sha256.Size:] {
		e.Hashes = append(e.Hashes, ledger.Hash(hashes[:sha256.Size]))
	}
	return e, nil
}

// LastCheckpoint implements ledger.Store.
func (q *queries) LastCheckpoint(ctx context.Context) ([]byte, error) {
	list, err := all(ctx, q, scalar[[]byte], `SELECT signed FROM ledger_checkpoint ORDER BY size DESC LIMIT 1`)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// KeepCheckpoint implements ledger.Store.
func (db *DB) KeepCheckpoint(ctx context.Context, size int64, signed []byte, at time.Time) error {
	return db.write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `INSERT INTO ledger_checkpoint (size, signed, signed_at) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING`,
			size, signed, millis(at))
	})
}
