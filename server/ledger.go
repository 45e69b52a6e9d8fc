package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// ledgerName is the log's name where no key file says another. It is also the
// name of the keys: who makes keys under another name names the log.
const ledgerName = "yimen.local/ledger"

// ledgerKeys are the keys that sign checkpoints, with the public ones that go
// out with every proof.
type ledgerKeys struct {
	origin    string
	signers   []note.Signer
	verifiers []note.Verifier
	public    []string
}

// ledgerKeyFile lies beside the keys that seal: secret and public keys, one a
// line.
func (c *Config) ledgerKeyFile() string {
	return filepath.Join(filepath.Dir(string(c.keyFile())), "ledger-keys.txt")
}

// readLedgerKeys reads the keys; the first start makes them.
func readLedgerKeys(c *Config) (*ledgerKeys, error) {
	path := c.ledgerKeyFile()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = makeLedgerKeys(path)
	}
	if err != nil {
		return nil, fmt.Errorf("the keys of the ledger: %w", err)
	}
	keys, err := parseLedgerKeys(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return keys, nil
}

// makeLedgerKeys makes a pair of each suite: SM2 is what the law of the land
// wants, Ed25519 what tools for signed notes check. The file appears whole or
// not at all, and the first of two starts wins.
func makeLedgerKeys(path string) ([]byte, error) {
	var text bytes.Buffer
	for _, suite := range []ledger.Suite{ledger.Ed25519, ledger.SM2} {
		secret, public, err := ledger.GenerateKey(rand.Reader, suite, ledgerName)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&text, "%s\n%s\n", secret, public)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".ledger-keys-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text.Bytes())
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

// parseLedgerKeys reads one key a line; all must have one name, and a line that
// is empty or begins with # is left out.
func parseLedgerKeys(text string) (*ledgerKeys, error) {
	k := &ledgerKeys{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := k.add(line); err != nil {
			return nil, err
		}
	}
	if len(k.signers) == 0 || len(k.verifiers) == 0 {
		return nil, errors.New("at least one secret and one public key are needed")
	}
	return k, nil
}

func (k *ledgerKeys) add(line string) error {
	if !strings.HasPrefix(line, "PRIVATE+KEY+") {
		v, err := ledger.NewVerifier(line)
		if err != nil {
			return err
		}
		k.verifiers, k.public = append(k.verifiers, v), append(k.public, line)
		return k.named(v.Name())
	}
	s, err := ledger.NewSigner(line, rand.Reader)
	if err != nil {
		return err
	}
	k.signers = append(k.signers, s)
	return k.named(s.Name())
}

func (k *ledgerKeys) named(name string) error {
	if k.origin != "" && k.origin != name {
		return fmt.Errorf("keys of two logs: %s and %s", k.origin, name)
	}
	k.origin = name
	return nil
}

// notary signs what the database holds.
func (k *ledgerKeys) notary(db *sqlstore.DB, now func() time.Time) *ledger.Notary {
	return &ledger.Notary{Store: db, Log: ledger.Log{Origin: k.origin, Signers: k.signers}, Verifiers: k.verifiers, Now: now}
}
