package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"filippo.io/age"

	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// entryMost bounds what is read into memory at a time: a file, or a thousand
// rows.
const entryMost = 256 << 20

// Reader reads a backup.
type Reader struct {
	Head  Head
	tar   *tar.Reader
	tally *tally
}

// NewReader opens a backup and reads its head. Errors: ErrKey, ErrFormat,
// ErrDamaged.
func NewReader(r io.Reader, id age.Identity) (*Reader, error) {
	plain, err := age.Decrypt(r, id)
	switch {
	case errors.As(err, new(*age.NoIdentityMatchError)):
		return nil, ErrKey
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	a := &Reader{tar: tar.NewReader(plain)}
	h, err := a.tar.Next()
	if err != nil || h.Name != headName {
		return nil, ErrDamaged
	}
	if err := a.json(&a.Head); err != nil {
		return nil, err
	}
	if a.Head.Format != format {
		return nil, fmt.Errorf("%w: it has format %d", ErrFormat, a.Head.Format)
	}
	a.tally = newTally(a.Head.Tables)
	return a, nil
}

// Table is a table by its name.
func (a *Reader) Table(name string) (sqlstore.Table, bool) {
	for _, t := range a.Head.Tables {
		if t.Name == name {
			return t, true
		}
	}
	return sqlstore.Table{}, false
}

// Walk gives everything in the order in which it was written and then makes
// sure that it adds up. Error: ErrDamaged, and those of rows and file.
func (a *Reader) Walk(rows func(t sqlstore.Table, rows [][]any) error, file func(key, sum string, content []byte) error) (tail Tail, err error) {
	for {
		h, err := a.tar.Next()
		if err != nil {
			return tail, fmt.Errorf("%w (%w)", ErrDamaged, err)
		}
		if h.Name == tailName {
			return a.end()
		}
		content, err := a.entry(h.Size)
		if err != nil {
			return tail, err
		}
		if table, ok := strings.CutPrefix(h.Name, rowsName); ok {
			err = a.rows(table, content, rows)
		} else if key, ok := strings.CutPrefix(h.Name, fileName); ok {
			err = a.file(key, h.PAXRecords[sumField], content, file)
		} else {
			err = ErrDamaged
		}
		if err != nil {
			return tail, err
		}
	}
}

func (a *Reader) rows(name string, small []byte, take func(sqlstore.Table, [][]any) error) error {
	name, _, _ = strings.Cut(name, "/")
	t, ok := a.Table(name)
	if !ok {
		return ErrDamaged
	}
	z, err := gzip.NewReader(bytes.NewReader(small))
	if err != nil {
		return ErrDamaged
	}
	plain, err := io.ReadAll(io.LimitReader(z, entryMost))
	if err != nil {
		return ErrDamaged
	}
	list, err := unpack(plain)
	if err != nil {
		return err
	}
	if err := a.tally.rows(name, list); err != nil {
		return err
	}
	return take(t, list)
}

func (a *Reader) file(key, want string, content []byte, take func(key, sum string, content []byte) error) error {
	sum := a.tally.file(key, content)
	if sum != want {
		return fmt.Errorf("%w: file %s", ErrDamaged, key)
	}
	return take(key, sum, content)
}

// end compares what was read with what was written, and sees that nothing
// follows that nobody sealed.
func (a *Reader) end() (tail Tail, err error) {
	if err := a.json(&tail); err != nil {
		return tail, err
	}
	if _, err := a.tar.Next(); !errors.Is(err, io.EOF) {
		return tail, ErrDamaged
	}
	if have := a.tally.tail(tail.Missing); !reflect.DeepEqual(have, tail) {
		return tail, ErrDamaged
	}
	return tail, nil
}

func (a *Reader) entry(size int64) ([]byte, error) {
	if size < 0 || size > entryMost {
		return nil, ErrDamaged
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(a.tar, b); err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return b, nil
}

func (a *Reader) json(v any) error {
	b, err := io.ReadAll(io.LimitReader(a.tar, entryMost))
	if err != nil || json.Unmarshal(b, v) != nil {
		return ErrDamaged
	}
	return nil
}
