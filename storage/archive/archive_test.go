package archive

import (
	"bytes"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// value draws anything that a column can hold.
func value(t *rapid.T) any {
	return rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.String(), func(v string) any { return v }),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(v []byte) any { return append([]byte{}, v...) }),
		rapid.Map(rapid.Int64(), func(v int64) any { return v }), rapid.Map(rapid.Bool(), func(v bool) any { return v }),
		rapid.Map(rapid.Float64(), func(v float64) any { return v }),
	).Draw(t, "value")
}

func TestWhatIsPackedComesOutAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows [][]any
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			row := []any{}
			for range rapid.IntRange(1, 5).Draw(t, "columns") {
				row = append(row, value(t))
			}
			rows = append(rows, row)
		}
		b, err := pack(rows)
		require.NoError(t, err)
		back, err := unpack(b)
		require.NoError(t, err)
		require.Equal(t, rows, back)
	})
}

func FuzzUnpackRefusesOrReads(f *testing.F) {
	f.Add([]byte{1, none})
	f.Add([]byte{1, text, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		if rows, err := unpack(b); err == nil {
			_, err := pack(rows)
			require.NoError(t, err)
		}
	})
}

// made is a small backup and the key that opens it.
func made(t *testing.T) ([]byte, age.Identity) {
	id, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	var b bytes.Buffer
	table := sqlstore.Table{Name: "person", Columns: []string{"id", "name_sealed"}, Types: []string{"text", "bytea"}, Keys: 1}
	w, err := NewWriter(&b, []age.Recipient{id.Recipient()}, Head{At: time.Unix(1, 0).UTC(), Tables: []sqlstore.Table{table}})
	require.NoError(t, err)
	require.NoError(t, w.Rows("person", [][]any{{"1", []byte("sealed")}, {"2", nil}}))
	require.NoError(t, w.File("a-file", bytes.Repeat([]byte("content"), 20_000)))
	require.ErrorIs(t, w.Rows("unknown", nil), ErrDamaged)
	tail, err := w.Close([]string{"lost"})
	require.NoError(t, err)
	require.Equal(t, 2, tail.Rows())
	return b.Bytes(), id
}

func walk(content []byte, id age.Identity) (tail Tail, err error) {
	r, err := NewReader(bytes.NewReader(content), id)
	if err != nil {
		return tail, err
	}
	return r.Walk(func(sqlstore.Table, [][]any) error { return nil }, func(string, string, []byte) error { return nil })
}

func TestABackupIsWholeOrRefused(t *testing.T) {
	content, id := made(t)
	tail, err := walk(content, id)
	require.NoError(t, err)
	require.Equal(t, []string{"lost"}, tail.Missing)
	require.Equal(t, 1, tail.Files)
	for cut := 0; cut < len(content); cut += 997 {
		_, err := walk(content[:cut], id)
		require.Error(t, err, "cut at %d", cut)
		bad := bytes.Clone(content)
		bad[cut] ^= 0x40
		_, err = walk(bad, id)
		require.Error(t, err, "changed at %d", cut)
	}
	other, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	_, err = walk(content, other)
	require.ErrorIs(t, err, ErrKey)
}

func TestKeysOfBackups(t *testing.T) {
	secret, public, err := NewKey()
	require.NoError(t, err)
	list, err := Recipients(public + " , " + secret)
	require.NoError(t, err)
	require.Len(t, list, 2)
	for _, bad := range []string{"", "age1", "secret"} {
		_, err := Recipients(bad)
		require.Error(t, err)
	}
	_, err = Identity(public)
	require.Error(t, err, "a public key opens nothing")
}
