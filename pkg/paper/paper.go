// Package paper (公文) decides which papers a case has at which moment, what
// they say, and that they stay as they were issued: receipt, one-time notice,
// tolerance notice, commitment, decision, delivery note.
package paper

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Kind names a paper.
type Kind string

// The papers.
const (
	Receipt    Kind = "receipt"    // 受理通知书、收件凭证（行政许可法第三十二条）
	Notice     Kind = "notice"     // 一次性补正告知书
	Tolerance  Kind = "tolerance"  // 容缺受理通知书
	Commitment Kind = "commitment" // 容缺受理承诺书
	Decision   Kind = "decision"   // 准予、不予决定书
	Delivery   Kind = "delivery"   // 送达回证
)

// Kinds lists them all, in the order of their coming.
var Kinds = []Kind{Receipt, Notice, Tolerance, Commitment, Decision, Delivery}

// Paper is one paper as it was issued.
type Paper struct {
	ID       string
	Case     string
	Kind     Kind
	EventAt  time.Time // of what it tells; a second notice is another paper
	Person   citizen.ID
	Number   string
	Code     string // that anybody can check it with
	Title    string
	Office   place.OfficeCode
	Issuer   string // the office's name, as printed
	IssuedAt time.Time
	Page     []byte // printable, the same for ever
	Digest   string // hex SHA-256 of Page
}

// What can go wrong with papers.
var (
	ErrNotYet  = fault.New(fault.Conflict, "paper.not_yet", "办件还没有到出具这份文书的环节，请办到这一步后再打印")
	ErrNoPaper = fault.New(fault.NotFound, "paper.not_found", "没有找到这份文书，请核对编号后再试")
	// ErrIssued tells a press that another was faster; it never leaves here.
	ErrIssued = fault.New(fault.Conflict, "paper.issued", "这份文书已经出具，请刷新后查看")
)

// Store remembers papers.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// PapersOf lists the papers of a case, oldest first, without their pages.
	PapersOf(ctx context.Context, cs casework.ID) ([]Paper, error)
	// Paper returns one with its page. Error: ErrNoPaper.
	Paper(ctx context.Context, id string) (Paper, error)
	// PaperByCode finds one. Error: ErrNoPaper.
	PaperByCode(ctx context.Context, code string) (Paper, error)
	// PaperAbout finds the one of a case, kind and moment. Error: ErrNoPaper.
	PaperAbout(ctx context.Context, cs casework.ID, kind Kind, at time.Time) (Paper, error)
	// SignedCommitment returns what was signed. Error: ErrNotYet.
	SignedCommitment(ctx context.Context, cs casework.ID) (casework.Commitment, error)
	Person(ctx context.Context, id citizen.ID) (citizen.Person, error)
}

// Tx is what issuing needs.
type Tx interface {
	// NextSerial counts within a series, from 1.
	NextSerial(ctx context.Context, series string) (int, error)
	// InsertPaper stores a paper. Error: ErrIssued.
	InsertPaper(ctx context.Context, p Paper) error
}

// eventOf is when a case came to where a paper is due. Error: ErrNotYet.
func eventOf(cs casework.Case, kind Kind) (at time.Time, err error) {
	switch kind {
	case Receipt:
		at = cs.AcceptedAt
		if cs.State == casework.Receipt {
			at = cs.ReceivedAt
		}
	case Notice:
		if cs.State == casework.Notified {
			at = cs.ReceivedAt
		}
	case Tolerance:
		if cs.Tolerance || cs.State == casework.Receipt {
			at = cs.ReceivedAt
		}
	case Decision:
		at = cs.DecidedAt
	case Delivery:
		if cs.State == casework.Closed {
			at = cs.ClosedAt
		}
	}
	if at.IsZero() {
		return at, ErrNotYet
	}
	return at, nil
}
