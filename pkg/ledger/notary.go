package ledger

import (
	"context"
	"errors"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrNoLeaf says that the log does not hold these words.
var ErrNoLeaf = fault.New(fault.NotFound, "ledger.no_leaf", "账本中没有与这份内容一致的存证，请向发证单位核实")

// Store remembers the log and what was signed of it.
type Store interface {
	Book
	// IndexOf finds a leaf in the log. Error: ErrNoLeaf.
	IndexOf(ctx context.Context, l Leaf) (int64, error)
	// Entries lists up to most entries from an index on.
	Entries(ctx context.Context, from int64, most int) ([]Entry, error)
	// LastCheckpoint is the newest one that was signed; nil where there is none.
	LastCheckpoint(ctx context.Context) (signed []byte, err error)
	// KeepCheckpoint stores a signed checkpoint; the first of its size stays.
	KeepCheckpoint(ctx context.Context, size int64, signed []byte, at time.Time) error
}

// Notary (公证) signs checkpoints of the log and gives out receipts.
type Notary struct {
	Store     Store
	Log       Log
	Verifiers []note.Verifier // of the log's own keys
	Now       func() time.Time
}

// Checkpoint gives a signed checkpoint of the log as it stands now. A log that
// has not grown is not signed again. Error: ErrBroken, when what was once
// signed is no longer there.
func (n *Notary) Checkpoint(ctx context.Context) ([]byte, Checkpoint, error) {
	signed, last, err := n.last(ctx)
	if err != nil {
		return nil, last, err
	}
	size, err := n.Store.Size(ctx)
	if err != nil || signed != nil && size == last.Size {
		return signed, last, err
	}
	if signed, err = n.Log.Checkpoint(ctx, n.Store, last); err != nil {
		return nil, last, err
	}
	now, err := Open(signed, n.Log.Origin, n.Verifiers...)
	if err != nil {
		return nil, now, err
	}
	return signed, now, n.Store.KeepCheckpoint(ctx, now.Size, signed, n.Now())
}

// last is the newest checkpoint of ours; zero where there is none.
func (n *Notary) last(ctx context.Context) (signed []byte, c Checkpoint, err error) {
	signed, err = n.Store.LastCheckpoint(ctx)
	if err != nil || signed == nil {
		return nil, c, err
	}
	if c, err = Open(signed, n.Log.Origin, n.Verifiers...); err != nil {
		return nil, c, ErrBroken.Because(errors.Join(errors.New("the last checkpoint that is stored"), err))
	}
	return signed, c, nil
}

// Receipt gives the receipt of a fact with a checkpoint that covers it. Errors:
// ErrNoLeaf, ErrBroken.
func (n *Notary) Receipt(ctx context.Context, f Fact) (r Receipt, signed []byte, err error) {
	leaf, err := f.Leaf()
	if err != nil {
		return r, nil, err
	}
	index, err := n.Store.IndexOf(ctx, leaf)
	if err != nil {
		return r, nil, err
	}
	signed, c, err := n.Checkpoint(ctx)
	if err != nil {
		return r, nil, err
	}
	r.Words = f.Text()
	r.Proof, err = Prove(ctx, n.Store, c, index)
	return r, signed, err
}
