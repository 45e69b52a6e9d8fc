package blob

import (
	"context"
	"errors"
	"io"
	"time"
)

// Both keeps files in First and still finds those that lie in Before: the two
// sides of a move that goes on while people use it.
type Both struct{ First, Before Store }

var _ Store = Both{}

// Put implements Store.
func (b Both) Put(ctx context.Context, key string, size int64, r io.Reader) error {
	return b.First.Put(ctx, key, size, r)
}

// Get implements Store. A file that was moved between the two looks is found
// by looking once more.
func (b Both) Get(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	var err error
	for _, side := range []Store{b.First, b.Before, b.First} {
		var r io.ReadCloser
		var size int64
		if r, size, err = side.Get(ctx, key); !errors.Is(err, ErrNoFile) {
			return r, size, err
		}
	}
	return nil, 0, err
}

// Delete implements Store: on both sides, the earlier one first, so that a move
// finds nothing to bring over any more.
func (b Both) Delete(ctx context.Context, key string) error {
	return errors.Join(b.Before.Delete(ctx, key), b.First.Delete(ctx, key))
}

// Form implements Store.
func (b Both) Form(ctx context.Context, key string, maxBytes int64, expires time.Duration) (Form, error) {
	return b.First.Form(ctx, key, maxBytes, expires)
}
