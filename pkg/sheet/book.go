// Package sheet (表格) reads CSV files with a header. It decides one thing:
// what is wrong with the files, all of it and not just the first, so that a
// city's staff can mend every cell in one go.
//
// A file is UTF-8 (a byte order mark is tolerated), comma separated, with a
// header line; lists inside a cell are parted by "|"; booleans are true and
// false. Space around a cell does not count.
package sheet

import (
	"errors"
	"fmt"
	"io/fs"
)

// MaxBytes is the most that one file may hold.
const MaxBytes = 32 << 20

// Book is a folder of sheets and everything found wrong with them so far.
type Book struct {
	fsys   fs.FS
	faults Faults
	marked map[place]bool
}

// place is where a fault stands; file alone stands for the whole file.
type place struct {
	file string
	line int
}

// Open starts reading the sheets in fsys.
func Open(fsys fs.FS) *Book {
	return &Book{fsys: fsys, marked: map[place]bool{}}
}

// Has says whether file is there: for sheets that may be left out.
func (b *Book) Has(file string) bool {
	_, err := fs.Stat(b.fsys, file)
	return err == nil
}

// Fault notes that something is wrong; see the type Fault for the meaning of
// line and column.
func (b *Book) Fault(file string, line int, column, reason string, args ...any) {
	if len(args) > 0 {
		reason = fmt.Sprintf(reason, args...)
	}
	b.faults = append(b.faults, Fault{file, line, column, reason})
	b.marked[place{file, line}] = true
}

// Sound says whether no fault stands on this line so far.
func (b *Book) Sound(file string, line int) bool {
	return !b.marked[place{file, line}]
}

// Err gives all Faults, sorted, or nil when there are none.
func (b *Book) Err() error {
	if len(b.faults) == 0 {
		return nil
	}
	return b.faults.sorted()
}

// load reads the whole file, or notes why it cannot.
func (b *Book) load(file string) ([]byte, bool) {
	info, err := fs.Stat(b.fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		b.Fault(file, 0, "", "缺少这个文件")
		return nil, false
	}
	if err != nil || info.IsDir() {
		b.Fault(file, 0, "", "无法读取这个文件")
		return nil, false
	}
	if info.Size() > MaxBytes {
		b.Fault(file, 0, "", "文件太大，不得超过 %d MiB", MaxBytes>>20)
		return nil, false
	}
	data, err := fs.ReadFile(b.fsys, file)
	if err != nil {
		b.Fault(file, 0, "", "无法读取这个文件")
		return nil, false
	}
	return data, true
}
