package circulation

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Bag (流转袋) carries originals from one office to another.
type Bag struct {
	ID        string
	Number    string // on the bag, no key to anything
	From, To  place.OfficeCode
	State     State
	Version   int
	Seal      string // the number of the seal; "" while it is open
	Carrier   string // who carries it
	MadeAt    time.Time
	HandedAt  time.Time
	DueOn     workday.Date // the last day to arrive
	Escalated int          // how far up its lateness was told
	EndedAt   time.Time
}

// Step is one line of a bag's history. List are the originals that the act is
// about; Note is the difference, or how it was settled.
type Step struct {
	Seq   int
	At    time.Time
	Act   Act
	Actor staff.ID
	Seal  string
	List  []string
	Note  string
}

// What can go wrong with bags.
var (
	ErrNoBag    = fault.New(fault.NotFound, "circulation.no_bag", "没有这个流转袋，请核对后再看")
	ErrSameSide = fault.New(fault.Invalid, "circulation.same_office", "请选择另一个网点作为接收方")
	ErrEmpty    = fault.New(fault.Conflict, "circulation.empty", "袋中没有原件，不能封袋；请先装袋，或作废这个流转袋")
	ErrFull     = fault.New(fault.Invalid, "circulation.full", "一次装取1至200份原件、不重复，请核对后再提交")
	ErrSeal     = fault.New(fault.Invalid, "circulation.seal", "封条号应为4至32位字母、数字或横线，请核对后再提交")
	ErrSealUsed = fault.New(fault.Conflict, "circulation.seal_used", "这个封条号已经用过，请换一个新封条")
	ErrCarrier  = fault.New(fault.Invalid, "circulation.carrier", "请写明由谁承运，2至40个字")
	ErrWhy      = fault.New(fault.Invalid, "circulation.why", "请写明差异的处理情况，5至200个字")
	ErrUnknown  = fault.New(fault.Invalid, "circulation.unknown", "只能把本袋差异中的原件登记为遗失，请核对清单")
)

var seals = regexp.MustCompile(`^[A-Za-z0-9-]{4,32}$`)

// listMost bounds the originals of one act.
const listMost = 200

// readList checks a list of originals. Error: ErrFull.
func readList(list []string, least int) error {
	sorted := slices.Sorted(slices.Values(list))
	if len(list) < least || len(list) > listMost || len(slices.Compact(sorted)) != len(list) {
		return ErrFull
	}
	return nil
}

// inReach says who may do what: the sender until it is handed over, the
// receiver from then on. Errors: staff.ErrOtherOffice, staff.ErrNotAllowed.
func (b Bag) inReach(act Act, by staff.Member) error {
	side := b.From
	switch act {
	case Receive, Dispute, Settle:
		side = b.To
	}
	switch {
	case by.Office == "" || by.Office != side:
		return staff.ErrOtherOffice
	case act == Settle && by.Role != staff.OfficeManager:
		return staff.ErrNotAllowed
	default:
		return nil
	}
}

// after is the bag once the act is done. Errors: those of inReach, ErrNotNow.
func (b Bag) after(act Act, by staff.Member, at time.Time) (Bag, error) {
	if err := b.inReach(act, by); err != nil {
		return b, err
	}
	return b.turned(act, at)
}

func (b Bag) turned(act Act, at time.Time) (Bag, error) {
	next, err := b.State.After(act)
	if err != nil {
		return b, err
	}
	b.State = next
	b.Version++
	if len(table[next]) == 0 {
		b.EndedAt = at
	}
	return b, nil
}

// told are the acts by which paper changes hands, or by which it becomes known
// that it did not.
var told = map[Act]bool{Seal: true, HandOver: true, Receive: true, Dispute: true, Settle: true}

// Facts are what the ledger must hold of a step.
func (s Step) Facts(bag string) []ledger.Fact {
	if !told[s.Act] {
		return nil
	}
	return []ledger.Fact{{Kind: ledger.Kind("circulation." + string(s.Act)), Subject: bag, At: s.At, About: []ledger.Detail{
		{Name: "event", Value: strconv.Itoa(s.Seq)}, {Name: "actor", Value: string(s.Actor)}, {Name: "seal", Value: s.Seal},
		{Name: "originals", Value: strings.Join(s.List, " ")}, {Name: "note", Value: s.Note},
	}}}
}
