package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// Finding is one thing that is not as it was.
type Finding struct {
	Index int64 // of the leaf; -1 where the log has none
	Kind  Kind
	What  string
}

// Report is what an inspection found.
type Report struct {
	Size     int64 // leaves looked at
	Facts    int   // of the business, looked up in the log
	Findings []Finding
	More     int // findings beyond those listed
}

// findingsMost is how many findings are listed.
const findingsMost = 100

func (r *Report) find(f Finding) {
	if len(r.Findings) == findingsMost {
		r.More++
		return
	}
	r.Findings = append(r.Findings, f)
}

// Inspect goes over the whole log and the business that it tells of: every
// stored hash against the signed checkpoint since (and against the last one
// that is stored), every leaf against its hash, every fact of today's database
// against its leaf, and every leaf against a fact. What was changed, removed or
// slipped in by hand is found. Errors: ErrBroken, when the log itself is no
// longer that of a checkpoint; findings are no error.
func (n *Notary) Inspect(ctx context.Context, since Checkpoint, facts iter.Seq2[Fact, error]) (r Report, err error) {
	_, last, err := n.last(ctx)
	if err != nil {
		return r, err
	}
	if r.Size, err = n.Store.Size(ctx); err != nil {
		return r, err
	}
	for _, c := range []Checkpoint{since, last} {
		if c.Size > r.Size {
			return r, ErrBroken.Because(fmt.Errorf("%d leaves, %d were signed", r.Size, c.Size))
		}
		if err := Audit(ctx, n.Store, c); err != nil {
			return r, err
		}
	}
	if err := n.inspectLeaves(ctx, &r); err != nil {
		return r, err
	}
	return r, n.inspectFacts(ctx, &r, facts)
}

// inspectLeaves checks that each leaf is what its hash says.
func (n *Notary) inspectLeaves(ctx context.Context, r *Report) error {
	for from := int64(0); from < r.Size; {
		list, err := n.Store.Entries(ctx, from, page)
		if err != nil {
			return err
		}
		if len(list) == 0 || list[0].Index != from {
			return ErrBroken.Because(fmt.Errorf("leaf %d is not there", from))
		}
		for _, e := range list {
			if hash, err := e.Leaf.hash(); e.Index != from || err != nil || len(e.Hashes) == 0 || hash != e.Hashes[0] {
				return ErrBroken.Because(fmt.Errorf("leaf %d is not what was hashed", from))
			}
			from++
		}
	}
	return nil
}

// inspectFacts looks each fact up, and then for leaves that no fact has asked for.
func (n *Notary) inspectFacts(ctx context.Context, r *Report, facts iter.Seq2[Fact, error]) error {
	met := make([]bool, r.Size)
	for f, err := range facts {
		if err != nil {
			return err
		}
		r.Facts++
		index, err := n.indexOf(ctx, f)
		switch {
		case errors.Is(err, ErrNoLeaf) || err == nil && index >= r.Size || err == nil && met[index]:
			r.find(Finding{-1, f.Kind, "in the database, but not in the log: changed or slipped in; subject " + f.Subject})
		case err != nil:
			return err
		default:
			met[index] = true
		}
	}
	return n.unmet(ctx, r, met)
}

func (n *Notary) indexOf(ctx context.Context, f Fact) (int64, error) {
	leaf, err := f.Leaf()
	if err != nil {
		return 0, ErrNoLeaf.Because(err)
	}
	return n.Store.IndexOf(ctx, leaf)
}

func (n *Notary) unmet(ctx context.Context, r *Report, met []bool) error {
	for index, ok := range met {
		if ok {
			continue
		}
		list, err := n.Store.Entries(ctx, int64(index), 1)
		if err != nil || len(list) == 0 {
			return errors.Join(err, ErrBroken)
		}
		r.find(Finding{int64(index), list[0].Leaf.Kind, "in the log, but no longer in the database: changed or removed"})
	}
	return nil
}
