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
)

// State says whether a licence holds.
type State string

// The states of a licence.
const (
	Valid   State = "valid"   // 有效
	Revoked State = "revoked" // 已撤销
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
	RevokedFor string // the reason, shown to the holder
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
}

// Proof is what anybody with the code learns, and no more.
type Proof struct {
	State    State
	Name     string
	Number   string
	Issuer   string
	IssuedAt time.Time
	Holder   string // masked: 张*
}

// What can go wrong with licences.
var (
	ErrNoLicence  = fault.New(fault.NotFound, "licence.not_found", "没有找到这份证照，请在“我的证照”里查看")
	ErrWrongCode  = fault.New(fault.NotFound, "licence.wrong_code", "查无此核验码，请核对16位核验码，或重新扫描证照上的二维码；如仍查不到，请向发证单位核实")
	ErrIssued     = fault.New(fault.Conflict, "licence.issued", "这个办件已经制发过证照，不能重复制发")
	ErrNotGranted = fault.New(fault.Conflict, "licence.not_granted", "办件还没有作出准予决定，或已经办结，不能制发证照；请刷新办件后再看")
	ErrNoResult   = fault.New(fault.Conflict, "licence.no_result", "本事项不发证照，办结时不需要制证")
	ErrRevoked    = fault.New(fault.Conflict, "licence.revoked", "这份证照已经撤销，不能再次撤销")
	ErrReason     = fault.New(fault.Invalid, "licence.reason", "请写明撤销理由，2至200个字")
)
