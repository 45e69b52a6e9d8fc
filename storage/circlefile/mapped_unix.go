//go:build unix

package circlefile

import (
	"os"
	"syscall"

	"github.com/yimen-gov/yimen/pkg/circle/road"
)

// mapped maps a whole file, to be read only.
func mapped(file *os.File) (data []byte, free func(), err error) {
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	if info.Size() == 0 || !info.Mode().IsRegular() {
		return nil, nil, road.ErrIndex
	}
	data, err = syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, err
	}
	return data, func() { _ = syscall.Munmap(data) }, nil
}
