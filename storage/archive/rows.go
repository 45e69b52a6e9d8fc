package archive

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// The kinds of values, one byte before each.
const (
	none    = 'n'
	text    = 't'
	octets  = 'b'
	whole   = 'i'
	yes     = 'y'
	no      = 'f'
	decimal = 'd'
)

// pack writes rows as bytes: the number of columns, then each value with its
// kind and length.
func pack(rows [][]any) ([]byte, error) {
	var b []byte
	for _, row := range rows {
		b = binary.AppendUvarint(b, uint64(len(row)))
		for _, v := range row {
			var err error
			if b, err = packed(b, v); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

func packed(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, none), nil
	case string:
		return append(binary.AppendUvarint(append(b, text), uint64(len(v))), v...), nil
	case []byte:
		return append(binary.AppendUvarint(append(b, octets), uint64(len(v))), v...), nil
	case int64:
		return binary.AppendVarint(append(b, whole), v), nil
	case float64:
		return binary.BigEndian.AppendUint64(append(b, decimal), math.Float64bits(v)), nil
	case bool:
		if v {
			return append(b, yes), nil
		}
		return append(b, no), nil
	}
	return nil, fmt.Errorf("a value of type %T cannot be kept", v)
}

// unpack undoes pack. Error: ErrDamaged.
func unpack(b []byte) (rows [][]any, err error) {
	r := bytes.NewReader(b)
	for r.Len() > 0 {
		n, err := binary.ReadUvarint(r)
		if err != nil || n > uint64(r.Len()) {
			return nil, ErrDamaged
		}
		row := make([]any, n)
		for i := range row {
			if row[i], err = unpacked(r); err != nil {
				return nil, ErrDamaged
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func unpacked(r *bytes.Reader) (any, error) {
	kind, err := r.ReadByte()
	if err != nil {
		return nil, err
	}
	switch kind {
	case none:
		return nil, nil
	case yes, no:
		return kind == yes, nil
	case whole:
		return binary.ReadVarint(r)
	case decimal:
		var b [8]byte
		_, err := io.ReadFull(r, b[:])
		return math.Float64frombits(binary.BigEndian.Uint64(b[:])), err
	case text, octets:
		b, err := sized(r)
		if kind == text {
			return string(b), err
		}
		return b, err
	}
	return nil, ErrDamaged
}

func sized(r *bytes.Reader) ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil || n > uint64(r.Len()) {
		return nil, ErrDamaged
	}
	b := make([]byte, n)
	_, err = io.ReadFull(r, b)
	return b, err
}
