package city

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// MaxBytes is the most that a city's files may hold together, unpacked.
const MaxBytes = 64 << 20

// maxEntries is far more than a city has files.
const maxEntries = 100

// ErrBadPack says that something is not a packed city.
var ErrBadPack = fault.New(fault.Invalid, "city.bad_pack", "无法读取城市数据包，请重新打包后再导入")

// ErrTooLarge says that a city is larger than MaxBytes.
var ErrTooLarge = fault.New(fault.Invalid, "city.too_large", "城市数据超过 64 MiB，请检查是否混入了其他文件")

// Pack gives the city's files as a zip. The same files give the same bytes.
// It does not ask whether they are right, and skips those that are not there.
// Error: ErrTooLarge, or what reading a file gave.
func Pack(fsys fs.FS) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	left := MaxBytes
	for _, name := range Files() {
		data, err := fs.ReadFile(fsys, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
		if left -= len(data); left < 0 {
			return nil, ErrTooLarge
		}
		// A header without a time: the moment of packing must not show.
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// Unpack opens what Pack made. Each entry is read once and counted, whatever
// size it claims, before anything is given out. Errors: ErrBadPack, ErrTooLarge.
func Unpack(pack []byte) (fs.FS, error) {
	r, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		return nil, ErrBadPack.Because(err)
	}
	if len(r.File) > maxEntries {
		return nil, ErrBadPack.Because(fmt.Errorf("%d entries", len(r.File)))
	}
	left := int64(MaxBytes)
	for _, entry := range r.File {
		n, err := measure(entry, left)
		if err != nil {
			return nil, ErrBadPack.Because(err)
		}
		if left -= n; left < 0 {
			return nil, ErrTooLarge
		}
	}
	return r, nil
}

// measure reads entry to its end, or to one byte past limit.
func measure(entry *zip.File, limit int64) (int64, error) {
	if !fs.ValidPath(strings.TrimSuffix(entry.Name, "/")) {
		return 0, fmt.Errorf("entry %q", entry.Name)
	}
	content, err := entry.Open()
	if err != nil {
		return 0, err
	}
	defer content.Close()
	return io.Copy(io.Discard, io.LimitReader(content, limit+1))
}
