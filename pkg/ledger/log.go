package ledger

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// The faults of the log itself.
var (
	ErrBroken = fault.New(fault.Internal, "ledger.broken", "存证账本校验不一致，已停止签发并记录，请联系工作人员处理")
	ErrNotYet = fault.New(fault.Conflict, "ledger.not_yet", "存证尚未进入已签名的账本，请稍后再试").After(60)
)

// Hash is a node of the tree.
type Hash = tlog.Hash

// Reader reads stored hashes.
type Reader interface {
	// ReadHashes gives the hashes stored at these places, in the same order.
	// A place where none is stored gives ErrBroken.
	ReadHashes(ctx context.Context, places []int64) ([]Hash, error)
}

// Book is a log that can be looked at: what checkpoints are made of.
type Book interface {
	Reader
	// Size counts the leaves.
	Size(ctx context.Context) (int64, error)
}

// Entry is a leaf in its place, with the hashes that it brought: its own, then
// those of the subtrees that it completed, from small to large.
type Entry struct {
	Index  int64
	Leaf   Leaf
	Hashes []Hash
}

// Where says in which entry the hash at a place is kept, and as which of that
// entry's hashes: with the leaf that completed it.
func Where(place int64) (leaf int64, nth int) {
	level, n := tlog.SplitStoredHashIndex(place)
	return (n+1)<<level - 1, level
}

// Tx is the log's part of the caller's database transaction: leaves become
// part of the log together with the change that they tell of, or not at all.
type Tx interface {
	Reader
	// Grow makes room for more leaves, and gives how many there were before.
	// Nobody else grows the log from here to the end of the transaction.
	Grow(ctx context.Context, by int64) (before int64, err error)
	// Append stores entries, in order, in the room that Grow made.
	Append(ctx context.Context, entries []Entry) error
}

// Log signs. Origin is its name, the first line of every
// checkpoint, such as "yimen.foshan.gov.cn/ledger".
type Log struct {
	Origin  string
	Signers []note.Signer
}

// Append adds leaves, in order, and gives the index of the first, counted from
// 0. Many leaves in one call cost little more than one. Error: ErrLeaf, and
// then nothing is appended.
func Append(ctx context.Context, tx Tx, leaves ...Leaf) (first int64, err error) {
	entries := make([]Entry, len(leaves))
	for i, leaf := range leaves {
		hash, err := leaf.hash()
		if err != nil {
			return 0, err
		}
		entries[i] = Entry{Leaf: leaf, Hashes: []Hash{hash}}
	}
	if first, err = tx.Grow(ctx, int64(len(leaves))); err != nil || len(leaves) == 0 {
		return first, err
	}
	tail := &tail{ctx: ctx, stored: tx, first: tlog.StoredHashIndex(0, first)}
	for i := range entries {
		e := &entries[i]
		e.Index = first + int64(i)
		if e.Hashes, err = tlog.StoredHashesForRecordHash(e.Index, e.Hashes[0], tail); err != nil {
			return first, fmt.Errorf("ledger: append: %w", err)
		}
		tail.added = append(tail.added, e.Hashes...)
	}
	return first, tx.Append(ctx, entries)
}

// tail reads what is being added as well as what is stored.
type tail struct {
	ctx    context.Context
	stored Reader
	first  int64 // place of added[0]
	added  []Hash
}

func (t *tail) ReadHashes(places []int64) ([]Hash, error) {
	n := 0 // places come in order: the stored ones first
	for n < len(places) && places[n] < t.first {
		n++
	}
	var hashes []Hash
	if n > 0 {
		var err error
		if hashes, err = read(t.ctx, t.stored, places[:n]); err != nil {
			return nil, err
		}
	}
	for _, place := range places[n:] {
		hashes = append(hashes, t.added[place-t.first])
	}
	return hashes, nil
}

// Checkpoint signs the log as it stands, after making sure that it still holds
// all that the last checkpoint held; the zero Checkpoint stands for none.
// Error: ErrBroken, when what was once signed is no longer there.
func (l Log) Checkpoint(ctx context.Context, book Book, last Checkpoint) ([]byte, error) {
	size, err := book.Size(ctx)
	if err != nil {
		return nil, err
	}
	if size < last.Size {
		return nil, ErrBroken.Because(fmt.Errorf("%d leaves, %d were signed", size, last.Size))
	}
	now := Checkpoint{Origin: l.Origin, Size: size}
	if now.Root, err = tlog.TreeHash(size, within(ctx, book)); err != nil {
		return nil, fmt.Errorf("ledger: checkpoint: %w", err)
	}
	if _, err := ProveGrowth(ctx, book, last, now); err != nil {
		return nil, err
	}
	return now.sign(l.Signers...)
}

// within gives the tree a reader.
func within(ctx context.Context, r Reader) tlog.HashReader {
	return tlog.HashReaderFunc(func(places []int64) ([]Hash, error) { return read(ctx, r, places) })
}

// read makes sure that there is a hash for every place.
func read(ctx context.Context, r Reader, places []int64) ([]Hash, error) {
	hashes, err := r.ReadHashes(ctx, places)
	if err == nil && len(hashes) != len(places) {
		err = ErrBroken.Because(fmt.Errorf("%d hashes at %d places", len(hashes), len(places)))
	}
	return hashes, err
}
