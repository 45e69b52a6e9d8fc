package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/yimen-gov/yimen/pkg/seal"
)

// keyFile is where the keys lie.
type keyFile string

func (c *Config) keyFile() keyFile {
	if c.Keys != "" {
		return keyFile(c.Keys)
	}
	return keyFile(filepath.Join(c.Data, "keys.txt"))
}

// keyring reads the keys. In development the first start makes them, beside
// the database; in production they lie elsewhere and must be there. The ring
// finds keys that are added to the file later.
func keyring(c *Config) (*seal.Keyring, error) {
	file := c.keyFile()
	keys, err := file.read()
	if errors.Is(err, fs.ErrNotExist) && c.Keys == "" {
		if err := file.make(); err != nil {
			return nil, fmt.Errorf("make the keys: %w", err)
		}
		keys, err = file.read()
	}
	if err != nil {
		return nil, err
	}
	ring, err := seal.NewKeyring(keys)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	ring.Follow(file.read)
	return ring, nil
}

// ownKeys reads the keys without making any: keys that are made now have sealed
// nothing.
func (c *Config) ownKeys() (*seal.Keyring, error) {
	keys, err := c.keyFile().read()
	if err != nil {
		return nil, err
	}
	return seal.NewKeyring(keys)
}

func (f keyFile) read() (seal.Config, error) {
	text, err := os.ReadFile(string(f))
	if err != nil {
		return seal.Config{}, fmt.Errorf("read the keys: %w", err)
	}
	keys, err := seal.ParseKeys(string(text))
	if err != nil {
		return seal.Config{}, fmt.Errorf("%s: %w", f, err)
	}
	return keys, nil
}

// make writes new keys so that two first starts at once agree on one.
func (f keyFile) make() error {
	text, err := seal.Generate(rand.Reader)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(string(f)), 0o700); err != nil {
		return err
	}
	whole, err := f.beside(text)
	if err != nil {
		return err
	}
	defer os.Remove(whole)
	if err := os.Link(whole, string(f)); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return f.syncDir()
}

// change puts another text in place of the file's, whole or not at all. Of two
// at once one is refused: a key that was lost could open nothing any more.
func (f keyFile) change(edit func(text string) (string, error)) error {
	lock := string(f) + ".lock"
	l, err := os.OpenFile(lock, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the keys are being changed by somebody else; if not, remove %s: %w", lock, err)
	}
	defer os.Remove(lock)
	defer l.Close()
	text, err := os.ReadFile(string(f))
	if err != nil {
		return err
	}
	changed, err := edit(string(text))
	if err != nil {
		return err
	}
	if _, err := seal.ParseKeys(changed); err != nil {
		return err
	}
	whole, err := f.beside(changed)
	if err != nil {
		return err
	}
	if err := os.Rename(whole, string(f)); err != nil {
		return errors.Join(err, os.Remove(whole))
	}
	return f.syncDir()
}

// beside writes a durable file next to the keys and returns its name.
func (f keyFile) beside(text string) (name string, err error) {
	w, err := os.CreateTemp(filepath.Dir(string(f)), ".keys-") // 0600
	if err != nil {
		return "", err
	}
	_, err = w.WriteString(text)
	if err = errors.Join(err, w.Sync(), w.Close()); err != nil {
		return "", errors.Join(err, os.Remove(w.Name()))
	}
	return w.Name(), nil
}

func (f keyFile) syncDir() error {
	d, err := os.Open(filepath.Dir(string(f)))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// add puts a new key to use and returns its id.
func (f keyFile) add(suite seal.Suite) (id uint8, err error) {
	err = f.change(func(text string) (string, error) {
		keys, err := seal.ParseKeys(text)
		if err != nil {
			return "", err
		}
		line, next, err := keys.AddLine(suite, rand.Reader)
		id = next
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		return text + line, err
	})
	return id, err
}

// remove takes a key out of the file.
func (f keyFile) remove(id uint8) error {
	return f.change(func(text string) (string, error) {
		var kept strings.Builder
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(strings.TrimSpace(line), fmt.Sprintf("%d:", id)) {
				kept.WriteString(line)
			}
		}
		return kept.String(), nil
	})
}
