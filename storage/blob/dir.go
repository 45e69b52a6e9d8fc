package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// dir keeps each file under root/ab/<sha256 of the key>, where ab are the
// first two digits, so that no key can name a path. A file is written under
// root/tmp and renamed when it is whole.
type dir struct{ root, tmp string }

var _ Store = dir{}

// Dir opens a local directory as a store, making it where it is missing. What
// an earlier process left half-written is removed: one process a directory.
func Dir(root string) (Store, error) {
	d := dir{root: root, tmp: filepath.Join(root, "tmp")}
	if err := os.RemoveAll(d.tmp); err != nil {
		return nil, fmt.Errorf("blob: clean up: %w", err)
	}
	if err := os.MkdirAll(d.tmp, 0o700); err != nil {
		return nil, fmt.Errorf("blob: open directory: %w", err)
	}
	return d, syncDir(root)
}

func (d dir) Put(ctx context.Context, key string, size int64, r io.Reader) error {
	if err := checkKey(key); err != nil {
		return err
	}
	whole, err := d.write(&exact{ctx: ctx, r: r, left: size})
	if err != nil {
		return err
	}
	at := d.path(key)
	if err := d.shard(filepath.Dir(at)); err != nil {
		return errors.Join(err, os.Remove(whole))
	}
	if err := os.Rename(whole, at); err != nil {
		return errors.Join(err, os.Remove(whole))
	}
	return syncDir(filepath.Dir(at))
}

// write makes a durable file of what body gives, under a name of its own.
func (d dir) write(body *exact) (name string, err error) {
	f, err := os.CreateTemp(d.tmp, "")
	if err != nil {
		return "", fmt.Errorf("blob: put: %w", err)
	}
	_, err = io.Copy(f, body)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if failed := body.failed(); failed != nil {
		err = failed
	}
	if err != nil {
		_ = os.Remove(f.Name()) // else Dir removes it at the next start
		return "", err
	}
	return f.Name(), nil
}

// shard makes a directory under root, durably, unless it is there.
func (d dir) shard(path string) error {
	err := os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncDir(d.root)
}

func (d dir) Get(_ context.Context, key string) (io.ReadCloser, int64, error) {
	if err := checkKey(key); err != nil {
		return nil, 0, err
	}
	f, err := os.Open(d.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, ErrNoFile
	}
	if err != nil {
		return nil, 0, fmt.Errorf("blob: get: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

func (d dir) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	at := d.path(key)
	err := os.Remove(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("blob: delete: %w", err)
	}
	return syncDir(filepath.Dir(at))
}

func (d dir) Form(context.Context, string, int64, time.Duration) (Form, error) {
	return Form{}, ErrNotSupported
}

func (d dir) path(key string) string {
	sum := sha256.Sum256([]byte(key))
	name := hex.EncodeToString(sum[:])
	return filepath.Join(d.root, name[:2], name)
}

// syncDir makes the names in a directory durable.
func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}
