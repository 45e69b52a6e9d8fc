package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"

	"filippo.io/age"

	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// tally adds up what goes into a backup, or comes out of it.
type tally struct {
	tables []*sqlstore.Summing
	names  []string
	files  int
	bytes  int64
	hash   hash.Hash
}

func newTally(tables []sqlstore.Table) *tally {
	t := &tally{hash: sha256.New()}
	for _, table := range tables {
		t.names = append(t.names, table.Name)
		t.tables = append(t.tables, sqlstore.NewSumming(table.Name))
	}
	return t
}

func (t *tally) rows(table string, rows [][]any) error {
	for i, name := range t.names {
		if name == table {
			t.tables[i].Add(rows)
			return nil
		}
	}
	return fmt.Errorf("%w: there is no table %s", ErrDamaged, table)
}

func (t *tally) file(key string, content []byte) (sum string) {
	b := sha256.Sum256(content)
	sum = hex.EncodeToString(b[:])
	fmt.Fprintf(t.hash, "%s %s\n", sum, key)
	t.files++
	t.bytes += int64(len(content))
	return sum
}

func (t *tally) tail(missing []string) Tail {
	tail := Tail{Files: t.files, Bytes: t.bytes, SHA256: hex.EncodeToString(t.hash.Sum(nil)), Missing: missing}
	for _, s := range t.tables {
		tail.Tables = append(tail.Tables, s.Sum())
	}
	return tail
}

// Writer makes a backup.
type Writer struct {
	sealed io.WriteCloser
	tar    *tar.Writer
	tally  *tally
	chunks int
}

// NewWriter begins a backup on w for those who hold the keys.
func NewWriter(w io.Writer, to []age.Recipient, h Head) (*Writer, error) {
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return nil, err
	}
	h.Format = format
	a := &Writer{sealed: sealed, tar: tar.NewWriter(sealed), tally: newTally(h.Tables)}
	return a, a.json(headName, h)
}

// Rows adds rows of a table, in the order of its key.
func (a *Writer) Rows(table string, rows [][]any) error {
	if err := a.tally.rows(table, rows); err != nil {
		return err
	}
	plain, err := pack(rows)
	if err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	small, err := squeezed(plain)
	if err != nil {
		return err
	}
	a.chunks++
	return a.entry(&tar.Header{Name: fmt.Sprintf("%s%s/%08d", rowsName, table, a.chunks)}, small)
}

func squeezed(plain []byte) ([]byte, error) {
	var small bytes.Buffer
	z, err := gzip.NewWriterLevel(&small, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(plain); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return small.Bytes(), nil
}

// File adds a stored file as it lies in the store, sealed.
func (a *Writer) File(key string, content []byte) error {
	sum := a.tally.file(key, content)
	return a.entry(&tar.Header{Name: fileName + key, PAXRecords: map[string]string{sumField: sum}}, content)
}

// Close ends the backup: without it, it is not whole.
func (a *Writer) Close(missing []string) (Tail, error) {
	tail := a.tally.tail(missing)
	if err := a.json(tailName, tail); err != nil {
		return tail, err
	}
	if err := a.tar.Close(); err != nil {
		return tail, err
	}
	return tail, a.sealed.Close()
}

func (a *Writer) json(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return a.entry(&tar.Header{Name: name}, b)
}

func (a *Writer) entry(h *tar.Header, content []byte) error {
	h.Mode, h.Size, h.Typeflag, h.Format = 0o600, int64(len(content)), tar.TypeReg, tar.FormatPAX
	if err := a.tar.WriteHeader(h); err != nil {
		return err
	}
	_, err := a.tar.Write(content)
	return err
}
