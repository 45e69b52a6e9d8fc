package scan

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// What the search for viruses says.
var (
	ErrInfected  = fault.New(fault.Invalid, "scan.infected", "文件带有病毒，没有保存；请用安全的设备重新拍摄或导出后再上传")
	ErrUnchecked = fault.New(fault.Unavailable, "scan.unchecked", "文件安全检查暂时不可用，文件没有保存，请稍后再上传").After(30)
)

// Doctor looks for viruses.
type Doctor interface {
	// Examine is nil for a file that is well. Errors: ErrInfected, ErrUnchecked.
	Examine(ctx context.Context, content []byte) error
}

// Guard (安检) lets a file in or not. It fails closed: what nobody could
// examine is not kept, and the person can send it again or hand in paper.
type Guard struct {
	doctor Doctor        // nil = nobody looks for viruses
	seats  chan struct{} // decoding takes memory: so many at a time
}

// decodes is how many pictures are decoded at a time: with memoryMost each,
// that bounds what hostile pictures can make the process take.
const decodes = 2

// NewGuard makes a guard; without a doctor nobody looks for viruses.
func NewGuard(doctor Doctor) *Guard {
	return &Guard{doctor: doctor, seats: make(chan struct{}, decodes)}
}

// Inspect cleans a file, has it examined as it came, and makes its small
// picture. It takes time: never call it inside a transaction.
// Errors: those of Clean, ErrBroken, ErrInfected, ErrUnchecked.
func (g *Guard) Inspect(ctx context.Context, content []byte) (File, error) {
	f, err := Clean(content)
	if err != nil {
		return File{}, err
	}
	if g.doctor != nil {
		if err := g.doctor.Examine(ctx, content); err != nil {
			return File{}, err
		}
	}
	if f.Media == "application/pdf" {
		return f, nil
	}
	select {
	case g.seats <- struct{}{}:
		defer func() { <-g.seats }()
	case <-ctx.Done():
		return File{}, ErrUnchecked.Because(ctx.Err())
	}
	f.Small, err = Small(f)
	return f, err
}
