// Package czlib stands in for a C binding of zlib that the PBF reader would
// link when cgo is on: with it, a machine needs no zlib headers, and the
// binary stays pure Go whatever the build's settings are.
package czlib

import (
	"compress/zlib"
	"io"
)

// NewReader reads zlib data.
func NewReader(r io.Reader) (io.ReadCloser, error) { return zlib.NewReader(r) }
