// Package blob (文件) keeps the files that people hand in, under keys that the
// house makes. It decides where bytes rest and when they are safe: in a local
// directory, or in an S3 store.
package blob

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// The faults of storing files.
var (
	ErrNoFile       = fault.New(fault.NotFound, "blob.no_file", "文件不存在或已删除，请重新上传")
	ErrSize         = fault.New(fault.Invalid, "blob.size_mismatch", "文件没有传完整，请重新上传")
	ErrKey          = fault.New(fault.Invalid, "blob.key_invalid", "文件编号有误，请重新上传")
	ErrNotSupported = fault.New(fault.Conflict, "blob.form_not_supported", "当前不支持直接上传，请改用普通上传")
	ErrUnavailable  = fault.New(fault.Unavailable, "blob.unavailable", "文件存储暂时不可用，请稍后再试").After(5)
)

// Store keeps files. It is safe for use by many goroutines. No key may begin
// with another key and "/": some stores keep names as folders.
type Store interface {
	// Put keeps size bytes from r under key, in place of what was there. They
	// are durable, and seen by Get as a whole, when it returns nil; after an
	// error the key holds what it held before, but for an S3 answer that got
	// lost on the way. Errors: ErrSize when r gives fewer or more bytes,
	// ErrKey, ErrUnavailable, and what r itself returns.
	Put(ctx context.Context, key string, size int64, r io.Reader) error
	// Get opens the file and tells its size in bytes. The caller closes it,
	// before ctx ends. Errors: ErrNoFile, ErrKey, ErrUnavailable.
	Get(ctx context.Context, key string) (io.ReadCloser, int64, error)
	// Delete removes the file, durably; one that is not there is no error.
	// Errors: ErrKey, ErrUnavailable.
	Delete(ctx context.Context, key string) error
	// Form signs an upload of 1 to maxBytes bytes to key that a browser or
	// wx.uploadFile sends to the store itself, within expires from now.
	// Errors: ErrNotSupported, ErrKey, ErrUnavailable.
	Form(ctx context.Context, key string, maxBytes int64, expires time.Duration) (Form, error)
}

// Form is a signed form upload (表单直传): POST the fields, in any order, and
// then the file as the last field, named "file", as multipart/form-data to URL.
// A 2xx answer means that the file is kept.
type Form struct {
	URL    string
	Fields map[string]string
}

// The longest key, and the longest name in it, in bytes.
const (
	maxKey  = 512
	maxName = 255
)

// checkKey refuses keys that some store could not hold, so that all stores
// hold the same: names of letters, digits, ".", "_" and "-", parted by "/", none
// of them empty, "." or "..", none too long.
func checkKey(key string) error {
	if len(key) > maxKey || strings.ContainsFunc(key, unfit) {
		return ErrKey
	}
	for name := range strings.SplitSeq(key, "/") {
		if name == "" || name == "." || name == ".." || len(name) > maxName {
			return ErrKey
		}
	}
	return nil
}

func unfit(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return false
	default:
		return !strings.ContainsRune("._-/", r)
	}
}
