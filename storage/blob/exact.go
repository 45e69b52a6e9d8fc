package blob

import (
	"context"
	"errors"
	"io"
)

// exact reads precisely size bytes of r. It gives the last of them only when r
// has ended there, so that nothing downstream takes a file of the wrong length
// for whole. err is the first failure, which outlives what wraps it.
type exact struct {
	ctx  context.Context
	r    io.Reader
	left int64
	err  error
}

func (e *exact) Read(p []byte) (int, error) {
	if e.err == nil {
		e.err = e.ctx.Err()
	}
	if e.err != nil {
		return 0, e.err
	}
	if int64(len(p)) > e.left {
		p = p[:e.left]
	}
	n, err := e.r.Read(p)
	e.left -= int64(n)
	switch {
	case e.left == 0 && (err == nil || err == io.EOF):
		e.err = e.end()
	case err == io.EOF:
		e.err = ErrSize
	default:
		e.err = err
	}
	if e.err != nil && e.err != io.EOF {
		return 0, e.err
	}
	return n, nil
}

// end is io.EOF when r has ended, and ErrSize when it goes on.
func (e *exact) end() error {
	n, err := io.ReadFull(e.r, make([]byte, 1))
	if n > 0 {
		return ErrSize
	}
	return err
}

// failed gives what went wrong with reading, or nil.
func (e *exact) failed() error {
	if e.err == nil || errors.Is(e.err, io.EOF) {
		return nil
	}
	return e.err
}
