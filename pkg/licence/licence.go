// Package licence (证照) decides what is issued on a granted case, under which
// number, and what anybody may learn from its verification code.
package licence

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// State says whether a licence holds.
type State string

// The states of a licence.
const (
	Valid    State = "valid"    // 有效
	Revoked  State = "revoked"  // 已撤销
	Replaced State = "replaced" // 已换发新证
	Expired  State = "expired"  // 已过有效期：told by the day, never stored
)

// Licence is what a person holds as the result of a case: a licence,
// certificate, approval or notice. Name and Issuer are kept as they were on the
// day of issue, whatever the catalogue says later.
type Licence struct {
	ID       string
	Number   string // readable, printed on it, no key to anything
	Case     string
	Person   citizen.ID
	Item     catalog.ItemCode
	Name     string
	Kind     catalog.ResultKind
	Code     string // verification code: who has it may verify, and only that
	Office   place.OfficeCode
	Issuer   string // the office's name
	IssuedAt time.Time
	State    State

	RevokedAt  time.Time
	RevokedFor string // why it was revoked or replaced, shown to the holder

	ValidUntil workday.Date // the last day; zero = without end
	Replaces   string       // the id of the licence that this one took the place of
	ReplacedBy string       // the id of the one that took its place
	ReplacedAt time.Time
	HideHolder bool // the holder wants no name shown to who verifies
}

// StateOn is how the licence stands on a day. What was revoked or replaced
// stays so.
func (l Licence) StateOn(day workday.Date) State {
	if l.State == Valid && !l.ValidUntil.IsZero() && day.After(l.ValidUntil) {
		return Expired
	}
	return l.State
}

// Case is what issuing and handing over need to know of a case.
type Case struct {
	ID      string
	Number  string
	Edition int
	Item    catalog.ItemCode
	Person  citizen.ID
	Office  place.OfficeCode
	State   casework.State
	Decided time.Time // zero = not yet
}

// Proof is what anybody with the code learns, and no more.
type Proof struct {
	State    State
	Name     string
	Number   string
	Issuer   string
	IssuedAt time.Time
	Holder   string // masked: 张*; "" where the holder does not want it shown

	ValidUntil workday.Date
	EndedAt    time.Time // revoked or replaced
}

// What can go wrong with licences.
var (
	ErrNoLicence  = fault.New(fault.NotFound, "licence.not_found", "没有找到这份证照，请在“我的证照”里查看")
	ErrWrongCode  = fault.New(fault.NotFound, "licence.wrong_code", "查无此核验码，请核对16位核验码，或重新扫描证照上的二维码；如仍查不到，请向发证单位核实")
	ErrIssued     = fault.New(fault.Conflict, "licence.issued", "这个办件已经制发过证照，不能重复制发，请在办件里查看")
	ErrNotGranted = fault.New(fault.Conflict, "licence.not_granted", "办件还没有作出准予决定，或已经办结，不能制发证照；请刷新办件后再看")
	ErrNoResult   = fault.New(fault.Conflict, "licence.no_result", "本事项不发证照，不需要制证，请按办件提示办结")
	ErrRevoked    = fault.New(fault.Conflict, "licence.revoked", "这份证照已经撤销，不能再次撤销，请刷新后再看")
	ErrReplaced   = fault.New(fault.Conflict, "licence.replaced", "这份证照已经换发新证，请对新证操作")
	ErrUntil      = fault.New(fault.Invalid, "licence.valid_until", "有效期止日应在今天之后、50年之内，请更正后再提交")
	ErrReason     = fault.New(fault.Invalid, "licence.reason", "请写明理由，2至200个字")
)
