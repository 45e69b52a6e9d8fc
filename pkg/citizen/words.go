package citizen

import (
	"context"
	"strings"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrUnfit refuses a text that may not stand.
var ErrUnfit = fault.New(fault.Invalid, "citizen.unfit", "填写的说明含有不宜提交的文字，请修改后再提交")

// Words judges what people write freely. Whoever judges and cannot say lets it
// pass: a plea must not be lost to an outage.
type Words interface {
	Fit(ctx context.Context, who ID, text string) bool
}

// Said judges a text outside any transaction; nil words let every text pass.
// Error: ErrUnfit.
func Said(ctx context.Context, w Words, who ID, text string) error {
	if w == nil || strings.TrimSpace(text) == "" || w.Fit(ctx, who, text) {
		return nil
	}
	return ErrUnfit
}
