package blob

import (
	"bytes"
	"context"

	"github.com/yimen-gov/yimen/pkg/seal"
)

// Sealed keeps whole files encrypted: what lies in the store is of no use to
// who takes the disk away.
type Sealed struct {
	Store Store
	Keys  *seal.Keyring
}

// Put seals the content and keeps it under id.
func (s Sealed) Put(ctx context.Context, id string, content []byte) error {
	closed := s.Keys.Seal(content, sealedPlace(id))
	return s.Store.Put(ctx, id, int64(len(closed)), bytes.NewReader(closed))
}

// Get returns the content. Errors: ErrNoFile, ErrUnavailable, and that of a
// seal that does not fit.
func (s Sealed) Get(ctx context.Context, id string) ([]byte, error) {
	closed, err := s.read(ctx, id, -1)
	if err != nil {
		return nil, err
	}
	return s.Keys.Open(closed, sealedPlace(id))
}

// Delete removes the content; one that is not there is no error.
func (s Sealed) Delete(ctx context.Context, id string) error { return s.Store.Delete(ctx, id) }

func sealedPlace(id string) seal.Place { return seal.Place{Table: "file", Column: "content", Row: id} }
