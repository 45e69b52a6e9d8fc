// Package credit (信用等级) decides a person's credit grade: the worse of what
// the credit register says and of our own record of commitments that were not
// kept; and how that is repaired.
package credit

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Record (失信记录) is one commitment that was not kept.
type Record struct {
	ID         string
	Person     citizen.ID
	Case       casework.ID
	Office     place.OfficeCode // that may find it repaired
	At         time.Time
	RepairedAt time.Time // zero = not repaired
	RepairedBy staff.ID
	Reason     string // why it counts as repaired
}

// What can go wrong.
var (
	ErrNoRecord = fault.New(fault.NotFound, "credit.no_record", "没有找到这条失信记录，请刷新后再试")
	ErrRepaired = fault.New(fault.Conflict, "credit.repaired", "这条失信记录已经修复，请刷新后查看")
	ErrReason   = fault.New(fault.Invalid, "credit.reason", "请写明修复的依据，5至200个字")
	// ErrKnown tells that a case was recorded before; it never leaves here.
	ErrKnown = fault.New(fault.Conflict, "credit.known", "这件失信已经记录，请刷新后查看")
)

// Store remembers records.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// Broken lists cases that ended because what was promised did not come
	// after a commitment was signed, and that are not recorded yet.
	Broken(ctx context.Context, most int) ([]Record, error)
	// CreditRecords lists a person's records, newest first.
	CreditRecords(ctx context.Context, who citizen.ID) ([]Record, error)
}

// Tx is what a change of credit needs.
type Tx interface {
	// InsertRecord stores a record. Error: ErrKnown.
	InsertRecord(ctx context.Context, r Record) error
	// Record returns one. Error: ErrNoRecord.
	CreditRecord(ctx context.Context, id string) (Record, error)
	// RepairRecord stores that it is repaired. Error: ErrRepaired.
	RepairRecord(ctx context.Context, r Record) error
	// Standing counts what is not repaired, and gives the grade of the register.
	Standing(ctx context.Context, who citizen.ID) (unrepaired int, register citizen.Grade, err error)
	// SetGrade stores the grade that counts. A person who is barred by law stays so.
	SetGrade(ctx context.Context, who citizen.ID, g citizen.Grade) error
	Tell(ctx context.Context, n notify.Notice) error
}

// seriousFrom is how many broken commitments at a time are serious dishonesty.
const seriousFrom = 3

// Grade is the worse of the register's and our own: one broken commitment that
// is not repaired is a general failing (C), three are a serious one (D).
func Grade(register citizen.Grade, unrepaired int) citizen.Grade {
	own := citizen.GradeA
	switch {
	case unrepaired >= seriousFrom:
		own = citizen.GradeD
	case unrepaired > 0:
		own = citizen.GradeC
	}
	if register == citizen.Revoked || register > own {
		return register
	}
	return own
}

// Reading is how a city reads grade C.
type Reading string

// The readings.
const (
	AsWritten Reading = "as_written" // taken, accepted once complete
	Softer    Reading = "softer"     // like B: the first failing costs nothing yet
	Stricter  Reading = "stricter"   // like D: no tolerance before repair
)

// Read is the grade that the rules of tolerance see.
func (r Reading) Read(g citizen.Grade) citizen.Grade {
	switch {
	case g == citizen.GradeC && r == Softer:
		return citizen.GradeB
	case g == citizen.GradeC && r == Stricter:
		return citizen.GradeD
	}
	return g
}

// Bureau (信用管理) keeps records and grades.
type Bureau struct {
	Store Store
	Now   func() time.Time
	NewID func() string
}

const (
	sweepMost = 100

	noticeBroken   notify.Kind = "credit.recorded"
	noticeRepaired notify.Kind = "credit.repaired"
)

// Sweep records the commitments that were not kept, each once.
func (b *Bureau) Sweep(ctx context.Context) (recorded int, err error) {
	list, err := b.Store.Broken(ctx, sweepMost)
	if err != nil {
		return 0, err
	}
	for _, r := range list {
		r.ID = b.NewID()
		err := b.Store.InTx(ctx, func(tx Tx) error {
			if err := tx.InsertRecord(ctx, r); err != nil {
				return err
			}
			return b.regrade(ctx, tx, r.Person, notify.Notice{Kind: noticeBroken, Subject: string(r.Case),
				Text: "您承诺补交的材料逾期未补齐，已记入信用记录，会影响以后适用容缺；可在“我的信用”查看并申请修复"})
		})
		if err != nil && !errors.Is(err, ErrKnown) {
			return recorded, err
		}
		recorded++
	}
	return recorded, nil
}

func (b *Bureau) regrade(ctx context.Context, tx Tx, who citizen.ID, n notify.Notice) error {
	unrepaired, register, err := tx.Standing(ctx, who)
	if err != nil {
		return err
	}
	if err := tx.SetGrade(ctx, who, Grade(register, unrepaired)); err != nil {
		return err
	}
	n.To, n.At = who, b.Now()
	return tx.Tell(ctx, n)
}

// Mine lists one's own records. Error: citizen.ErrNeedRealName.
func (b *Bureau) Mine(ctx context.Context, who citizen.ID) ([]Record, error) {
	if who == "" {
		return nil, citizen.ErrNeedRealName
	}
	return b.Store.CreditRecords(ctx, who)
}

// Repair finds a record of one's own office repaired, and says why; tolerance
// is open again. Errors: ErrReason, ErrNoRecord, staff.ErrOtherOffice,
// ErrRepaired.
func (b *Bureau) Repair(ctx context.Context, m staff.Member, id, reason string) (r Record, err error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < 5 || n > 200 || strings.ContainsFunc(reason, unicode.IsControl) {
		return r, ErrReason
	}
	err = b.Store.InTx(ctx, func(tx Tx) error {
		if r, err = tx.CreditRecord(ctx, id); err != nil {
			return err
		}
		if r.Office != m.Office {
			return staff.ErrOtherOffice
		}
		r.RepairedAt, r.RepairedBy, r.Reason = b.Now(), m.ID, reason
		if err := tx.RepairRecord(ctx, r); err != nil {
			return err
		}
		return b.regrade(ctx, tx, r.Person, notify.Notice{Kind: noticeRepaired, Subject: string(r.Case),
			Text: "您的一条失信记录已经修复，可以再次适用容缺，请放心办理"})
	})
	return r, err
}
