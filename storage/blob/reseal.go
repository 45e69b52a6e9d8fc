package blob

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Beside opens a local directory that a running service has open: nothing in
// it is cleaned up.
func Beside(root string) (Store, error) {
	d := dir{root: root, tmp: filepath.Join(root, "tmp")}
	if err := os.MkdirAll(d.tmp, 0o700); err != nil {
		return nil, fmt.Errorf("blob: open directory: %w", err)
	}
	return d, nil
}

// KeyOf tells which key sealed a file, 0 for one that we do not hold.
// Errors: ErrNoFile, ErrUnavailable.
func (s Sealed) KeyOf(ctx context.Context, id string) (uint8, error) {
	closed, err := s.read(ctx, id, 64)
	return s.Keys.KeyOf(closed), err
}

// Reseal seals a file under the current key and says whether it was under
// another one. A file never changes once it is kept, so nothing can come
// between reading and replacing it but another Reseal.
// Errors: ErrNoFile, ErrUnavailable, and that of a seal that does not fit.
func (s Sealed) Reseal(ctx context.Context, id string) (changed bool, err error) {
	if key, err := s.KeyOf(ctx, id); err != nil || key == s.Keys.Current() {
		return false, err
	}
	content, err := s.Get(ctx, id)
	if err != nil {
		return false, err
	}
	return true, s.Put(ctx, id, content)
}

// read reads the first most bytes of what is stored, all for a negative most.
func (s Sealed) read(ctx context.Context, id string, most int64) ([]byte, error) {
	r, _, err := s.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	from := io.Reader(r)
	if most >= 0 {
		from = io.LimitReader(r, most)
	}
	closed, err := io.ReadAll(from)
	if err != nil {
		return nil, ErrUnavailable.Because(err)
	}
	return closed, nil
}
