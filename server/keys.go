package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/yimen-gov/yimen/pkg/seal"
)

// keyring reads the keys. In development the first start makes them, beside
// the database; in production they lie elsewhere and must be there.
func keyring(c *Config) (*seal.Keyring, error) {
	path := c.Keys
	if path == "" {
		path = filepath.Join(c.Data, "keys.txt")
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && c.Keys == "" {
		text, err = makeKeys(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	keys, err := seal.ParseKeys(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return seal.NewKeyring(keys)
}

// makeKeys writes new keys so that two first starts at once agree on one.
func makeKeys(path string) ([]byte, error) {
	text, err := seal.Generate(rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(text)
	return []byte(text), errors.Join(err, f.Sync(), f.Close())
}
