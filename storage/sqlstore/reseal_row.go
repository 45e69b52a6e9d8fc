package sqlstore

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/yimen-gov/yimen/pkg/seal"
)

// sealedRow is a row of a vault: its key, what is sealed in it, and what is to
// stand there instead.
type sealedRow struct {
	key        []any // string, int64 or []byte
	was, fresh [][]byte
}

// sealedRows reads rows in the order of their key, after a cursor.
func (q *queries) sealedRows(ctx context.Context, v vault, after string, most int) ([]sealedRow, error) {
	query := "SELECT " + strings.Join(append(v.key[:len(v.key):len(v.key)], v.columns...), ", ") + " FROM " + v.table
	args, err := readCursor(after)
	if err != nil {
		return nil, err
	}
	if len(args) > 0 {
		query += " WHERE (" + strings.Join(v.key, ", ") + ") > (" + marks(1, len(v.key)) + ")"
	}
	query += " ORDER BY " + strings.Join(v.key, ", ") + " LIMIT " + strconv.Itoa(most)
	return all(ctx, q, func(s scanner) (sealedRow, error) {
		r := sealedRow{key: make([]any, len(v.key)), was: make([][]byte, len(v.columns))}
		var dest []any
		for i := range r.key {
			dest = append(dest, &r.key[i])
		}
		for i := range r.was {
			dest = append(dest, &r.was[i])
		}
		return r, s.Scan(dest...)
	}, query, args...)
}

// marks writes $from, $from+1, …
func marks(from, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "$" + strconv.Itoa(from+i)
	}
	return strings.Join(list, ", ")
}

// renew seals what is not under the current key anew. What does not open stays
// as it is and is counted.
func (r sealedRow) renew(keys *seal.Keyring, v vault) (renewed sealedRow, broken int) {
	r.fresh = append([][]byte(nil), r.was...)
	for i, was := range r.was {
		if was == nil || keys.KeyOf(was) == keys.Current() {
			continue
		}
		at := v.place(v.columns[i], r.row())
		plain, err := keys.Open(was, at)
		if err != nil {
			broken++
			continue
		}
		r.fresh[i] = keys.Seal(plain, at)
	}
	return r, broken
}

// changed counts the values that were sealed anew.
func (r sealedRow) changed() (n int) {
	for i := range r.was {
		if string(r.was[i]) != string(r.fresh[i]) {
			n++
		}
	}
	return n
}

// update sets every column of a row where none has changed since it was read.
func (v vault) update() string {
	var set, same []string
	n, k := len(v.columns), len(v.key)
	for i, c := range v.columns {
		set = append(set, fmt.Sprintf("%s = $%d", c, i+1))
		same = append(same, fmt.Sprintf("%s IS NOT DISTINCT FROM $%d", c, n+k+i+1))
	}
	return "UPDATE " + v.table + " SET " + strings.Join(set, ", ") + " WHERE (" + strings.Join(v.key, ", ") + ") = (" +
		marks(n+1, k) + ") AND " + strings.Join(same, " AND ")
}

func (r sealedRow) args() (list []any) {
	for _, b := range r.fresh {
		list = append(list, b)
	}
	list = append(list, r.key...)
	for _, b := range r.was {
		list = append(list, b)
	}
	return list
}

// row is the row's name in the place of its sealed values.
func (r sealedRow) row() string {
	parts := make([]string, len(r.key))
	for i, k := range r.key {
		switch k := k.(type) {
		case []byte:
			parts[i] = string(k)
		default:
			parts[i] = fmt.Sprint(k)
		}
	}
	return strings.Join(parts, "|")
}

// cursor writes the key so that it can be stored as text: t for text, i for a
// number, b for bytes, each but the last ended by a space that hex cannot hold.
func (r sealedRow) cursor() string {
	parts := make([]string, len(r.key))
	for i, k := range r.key {
		switch k := k.(type) {
		case int64:
			parts[i] = "i" + strconv.FormatInt(k, 10)
		case []byte:
			parts[i] = "b" + hex.EncodeToString(k)
		default:
			parts[i] = "t" + hex.EncodeToString([]byte(fmt.Sprint(k)))
		}
	}
	return strings.Join(parts, " ")
}

func readCursor(text string) (key []any, err error) {
	for part := range strings.FieldsSeq(text) {
		var k any
		switch kind, rest := part[0], part[1:]; kind {
		case 'i':
			k, err = strconv.ParseInt(rest, 10, 64)
		default:
			var b []byte
			b, err = hex.DecodeString(rest)
			if k = b; kind == 't' {
				k = string(b)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("a cursor of re-sealing is broken: %w", err)
		}
		key = append(key, k)
	}
	return key, nil
}
