package queue

import (
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Window is a counter of an office (窗口): what it calls, and who sits there.
type Window struct {
	Office   place.OfficeCode
	Number   int
	Lanes    []Lane             // empty = all
	Items    []catalog.ItemCode // empty = all
	Clerk    staff.ID           // "" = closed
	OpenedAt time.Time
}

// Errors about windows.
var (
	ErrNoWindow    = fault.New(fault.NotFound, "queue.no_window", "没有这个窗口，请核对窗口号")
	ErrWindowTaken = fault.New(fault.Conflict, "queue.window_taken", "这个窗口正由其他同事使用，请换一个窗口，或请负责人关闭后再开")
	ErrOneWindow   = fault.New(fault.Conflict, "queue.one_window", "您已经开着一个窗口，请先关闭它再开另一个")
	ErrNoDuty      = fault.New(fault.Conflict, "queue.no_duty", "您还没有开窗，请先选择窗口开始值班")
	ErrHandFull    = fault.New(fault.Conflict, "queue.hand_full", "您手上还有一个号没有办完，请先办结、过号、挂起或转出，再叫下一个")
	ErrNobody      = fault.New(fault.Conflict, "queue.nobody", "现在没有可以由本窗口办理的等候人员，请稍后再叫")
)

// calls says whether the window may call a ticket.
func (w Window) calls(t *Ticket) bool {
	switch {
	case t.OnlyWindow != 0:
		return t.OnlyWindow == w.Number
	case len(w.Lanes) > 0 && !slices.Contains(w.Lanes, t.Lane):
		return false
	default:
		return len(w.Items) == 0 || slices.Contains(w.Items, t.Item)
	}
}

// open says whether somebody sits there today: who forgot to close yesterday
// is not there.
func (w Window) open(now time.Time) bool {
	return w.Clerk != "" && workday.DateOf(w.OpenedAt) == workday.DateOf(now)
}

// opened keeps the windows that are open.
func opened(all []Window, now time.Time) (open []Window) {
	for _, w := range all {
		if w.open(now) {
			open = append(open, w)
		}
	}
	return open
}
