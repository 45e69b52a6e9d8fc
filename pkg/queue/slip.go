package queue

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Slip is one paper number that an office gave out while it had no network. Its
// id is the device's own and never used twice; its times are what the device's
// clock said, zero for what did not happen.
type Slip struct {
	ID       string
	Number   int // of the pre-printed block: P001 and so on
	Item     catalog.ItemCode
	Priority Priority
	Window   int // 0 = not called
	Outcome  State

	TakenAt, ServedAt, EndedAt time.Time
}

// Result says what became of a slip that came in late.
type Result string

// The results.
const (
	DoneNow     Result = "done"
	AlreadyDone Result = "already_done"
	InConflict  Result = "conflict"
)

// Kept is what became of a slip. It stays: nothing that an office did is lost,
// even where it could not be entered.
type Kept struct {
	Slip
	Clerk      staff.ID
	Hash       [32]byte // of what was sent
	ReceivedAt time.Time
	Result     Result
	Code       string // of the fault, where in conflict
	Ticket     ID
	State      State // of the ticket afterwards
}

// Outcome answers one slip of a batch.
type Outcome struct {
	Kept
	Detail string // the fault's sentence
}

// What bounds a batch and its slips.
const (
	slipsMost = 500
	PaperMost = 999                // the last number of the pre-printed block
	slipOld   = 7 * 24 * time.Hour // for longer no office is without a network
)

// What can go wrong with slips.
var (
	ErrSlips     = fault.New(fault.Invalid, "queue.slips", "一次补录1至500张纸质号，编号8至64位且不重复，请分批后再提交")
	ErrSlipUsed  = fault.New(fault.Conflict, "queue.slip_reused", "同一补录编号先后提交了不同内容，以先提交的为准，请核对后用新的编号补录")
	ErrSlipTimes = fault.New(fault.Invalid, "queue.slip_times", "取号、办理、办结的时间顺序不对，或者超过7天，请核对后再补录")
	ErrSlipTwice = fault.New(fault.Conflict, "queue.slip_twice", "这个纸质号当天已经补录过另一件事项，请核对号码后再补录")
	ErrSlipEnd   = fault.New(fault.Invalid, "queue.slip_outcome", "纸质号的结果只能是等候、办结、过号或放弃，请重新选择")
)

// slipActs lead a paper ticket to each outcome.
var slipActs = map[State][]Act{
	Waiting: nil, Finished: {Call, Serve, Finish}, Missed: {Call, Skip}, Withdrawn: {Withdraw},
}

func readSlips(slips []Slip) error {
	if len(slips) == 0 || len(slips) > slipsMost {
		return ErrSlips
	}
	seen := map[string]bool{}
	for _, s := range slips {
		if len(s.ID) < 8 || len(s.ID) > 64 || seen[s.ID] {
			return ErrSlips
		}
		seen[s.ID] = true
	}
	return nil
}

// shown is the slip by our clock: as long ago as the device says, whatever its
// clock shows, but never in the future.
func (s Slip) shown(now, sent time.Time) Slip {
	for _, at := range []*time.Time{&s.TakenAt, &s.ServedAt, &s.EndedAt} {
		if !at.IsZero() {
			*at = now.Add(-min(max(sent.Sub(*at), 0), slipOld+time.Hour))
		}
	}
	return s
}

// again answers a slip that has come before.
func (k Kept) again(now Kept) Outcome {
	if k.Hash != now.Hash {
		now.Ticket, now.State = k.Ticket, k.State
		return now.outcome(ErrSlipUsed)
	}
	if k.Result == DoneNow {
		k.Result = AlreadyDone
	}
	return Outcome{Kept: k, Detail: fault.TextOf(k.Code)}
}

func (k Kept) outcome(refusal error) Outcome {
	if refusal == nil {
		return Outcome{Kept: k}
	}
	f := fault.From(refusal)
	k.Result, k.Code = InConflict, f.Code
	return Outcome{Kept: k, Detail: f.Text}
}

func (s Slip) hash() [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%q %d %q %q %d %q %d %d %d", s.ID, s.Number, s.Item, s.Priority, s.Window, s.Outcome,
		s.TakenAt.UnixMilli(), s.ServedAt.UnixMilli(), s.EndedAt.UnixMilli()))
}
