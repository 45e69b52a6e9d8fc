package ledger

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// page is how many hashes an audit reads at a time.
const page = 4096

// Audit reads every stored hash that a checkpoint covers, works out all inner
// ones anew, and compares the whole with the checkpoint. A million leaves take
// about a second besides the reading. Error: ErrBroken, with the first place
// that is wrong as its cause.
func Audit(ctx context.Context, r Reader, c Checkpoint) error {
	a := audit{places: tlog.StoredHashIndex(0, c.Size), read: func(places []int64) ([]Hash, error) {
		return read(ctx, r, places)
	}}
	for index := range c.Size {
		if err := a.leaf(index); err != nil {
			return err
		}
	}
	if c.Size > 0 && a.root() != c.Root {
		return ErrBroken.Because(fmt.Errorf("the leaves are not those of the checkpoint of size %d", c.Size))
	}
	return nil
}

type audit struct {
	read    func([]int64) ([]Hash, error)
	places  int64 // places to read in all
	next    int64 // the next place to read
	ahead   []Hash
	subtree []Hash // of complete subtrees, largest first
}

// leaf takes a leaf's hash and the inner hashes that it completes, which are
// stored right after it.
func (a *audit) leaf(index int64) error {
	hash, err := a.take()
	if err != nil {
		return err
	}
	for bits := index; bits&1 == 1; bits >>= 1 {
		last := len(a.subtree) - 1
		hash = tlog.NodeHash(a.subtree[last], hash)
		a.subtree = a.subtree[:last]
		stored, err := a.take()
		if err != nil {
			return err
		}
		if stored != hash {
			return ErrBroken.Because(fmt.Errorf("hash at place %d, above leaf %d", a.next-int64(len(a.ahead))-1, index))
		}
	}
	a.subtree = append(a.subtree, hash)
	return nil
}

// take gives the hash at the next place.
func (a *audit) take() (Hash, error) {
	if len(a.ahead) == 0 {
		places := make([]int64, min(page, a.places-a.next))
		for i := range places {
			places[i] = a.next + int64(i)
		}
		hashes, err := a.read(places)
		if err != nil {
			return Hash{}, fmt.Errorf("ledger: audit: %w", err)
		}
		a.ahead, a.next = hashes, a.next+int64(len(places))
	}
	hash := a.ahead[0]
	a.ahead = a.ahead[1:]
	return hash, nil
}

func (a *audit) root() Hash {
	root := a.subtree[len(a.subtree)-1]
	for i := len(a.subtree) - 2; i >= 0; i-- {
		root = tlog.NodeHash(a.subtree[i], root)
	}
	return root
}
