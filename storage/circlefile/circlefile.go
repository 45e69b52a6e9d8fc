// Package circlefile (路网索引文件) keeps the road index in a file. It decides
// that a reader sees either the old index or the new one, whole: the file is
// mapped into memory and never written in place.
package circlefile

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/yimen-gov/yimen/pkg/circle/road"
)

// Open maps the index in a file, after its checksums. The mapping lasts as long
// as the index or a map made from it is in use, whatever becomes of the file's
// name. Errors: road.ErrIndex, and the file system's own.
func Open(path string) (*road.Index, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, free, err := mapped(file)
	if err != nil {
		return nil, err
	}
	index, err := read(data, file)
	if err != nil {
		free()
		return nil, err
	}
	runtime.AddCleanup(index, func(free func()) { free() }, free)
	return index, nil
}

func read(data []byte, file io.ReaderAt) (*road.Index, error) {
	if err := road.Verify(data, file); err != nil {
		return nil, err
	}
	return road.Read(data)
}

// Replace puts an index in the place of the one in a file. Durable when it
// returns nil. When it fails the old file is untouched.
func Replace(path string, index *road.Index) error {
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // nothing is there any more once it is renamed
	if err := fill(temp, index); err != nil {
		return err
	}
	if _, err := Open(temp.Name()); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// fill writes, syncs and closes a file.
func fill(file *os.File, index *road.Index) (err error) {
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	w := bufio.NewWriterSize(file, 1<<20)
	if _, err := index.WriteTo(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := file.Chmod(0o644); err != nil {
		return err
	}
	return file.Sync()
}

// syncFolder makes a renaming durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
