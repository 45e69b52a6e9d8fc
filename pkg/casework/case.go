// Package casework (办件) decides what becomes of an application: whether it
// is accepted, with what may be missing, what is still owed, who may decide
// it, and when it is over.
package casework

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ID names a case.
type ID string

// Case (办件) is one person's application for one item.
type Case struct {
	ID          ID
	Number      string // printed on papers, no key to anything
	Edition     int    // of the catalogue that it was opened, later accepted under
	Item        catalog.ItemCode
	Department  catalog.DepartmentCode // of the item
	Person      citizen.ID
	Office      place.OfficeCode   // that accepts
	Decides     place.DivisionCode // whose authority decides
	Subject     place.DivisionCode // where the matter lies, "" = where it was accepted
	Appointment string             // "" = none
	State       State
	Rule        Rule // that decided the intake
	Tolerance   bool // accepted with materials owed
	Form        map[string]string
	Clerk       staff.ID // who has it in hand at the window, "" = nobody
	Reviewer    staff.ID // who has it in hand in the deciding department, "" = nobody

	OpenedAt, ReceivedAt, AcceptedAt, DecidedAt, ClosedAt time.Time

	AnswerDue     workday.Date // last day to answer what was received, zero where it was answered
	Due           workday.Date // the promised day, zero before acceptance and while nobody can know it
	LegalDue      workday.Date // the law's day, zero where there is none
	SupplementDue workday.Date // zero where nothing is owed
	DecidedBy     staff.ID
	DecisionText  string
	Materials     []Material
}

// Applies says whether a conditional requirement concerns this application.
type Applies string

// The answers; Unsaid stands until the applicant has said.
const (
	Yes    Applies = "yes"
	No     Applies = "no"
	Unsaid Applies = "unsaid"
)

// MaterialState is where one material of a case stands.
type MaterialState string

// The states of a material.
const (
	Missing   MaterialState = "missing"   // 缺
	Committed MaterialState = "committed" // 已承诺，待补齐
	Provided  MaterialState = "provided"  // 已交，待审
	Fit       MaterialState = "fit"       // 合格
	Unfit     MaterialState = "unfit"     // 不合格，可更换
)

// Source is the way a material came.
type Source string

// The sources of a material.
const (
	FromFile   Source = "file"   // uploaded by the applicant
	FromPaper  Source = "paper"  // original handed in at the window
	FromShared Source = "shared" // vouched for by shared data: nothing to hand in
	FromForm   Source = "form"   // the form filled in online is the application
)

// Material is one required material of a case.
type Material struct {
	Code      catalog.MaterialCode
	Applies   Applies
	State     MaterialState
	Source    Source
	Originals int // paper originals recorded at the window
	Note      string
}

// here says whether the material is in: handed in and not found unfit.
func (m Material) here() bool { return m.State == Provided || m.State == Fit }

// owed says whether it still has to come.
func (m Material) owed() bool { return m.Applies == Yes && !m.here() }

// Owed lists the materials that still have to come.
func (cs *Case) Owed() (list []Material) {
	for _, m := range cs.Materials {
		if m.owed() {
			list = append(list, m)
		}
	}
	return list
}

// late says whether the time for what was owed is over: what has not come by
// then, or was unfit, comes no more.
func (cs *Case) late(today workday.Date) bool {
	return !cs.SupplementDue.IsZero() && today.After(cs.SupplementDue)
}

// material finds a material of the case.
func (cs *Case) material(code catalog.MaterialCode) (*Material, error) {
	for i := range cs.Materials {
		if cs.Materials[i].Code == code {
			return &cs.Materials[i], nil
		}
	}
	return nil, ErrNoMaterial
}

// Why is what stands written at a missing material: why no base vouches for it.
func (cs *Case) Why(code catalog.MaterialCode) string {
	if m, err := cs.material(code); err == nil && (m.State == Missing || m.State == Committed) {
		return m.Note
	}
	return ""
}

// File is one uploaded file of a case; its content lies sealed elsewhere.
type File struct {
	ID       string
	Case     ID
	Material catalog.MaterialCode
	Name     string
	Media    string // image/jpeg, image/png or application/pdf
	Bytes    int64
	SHA256   string // of the content as kept, hex
	AddedAt  time.Time
	Check    string // of a picture's content: "" (not asked), asked, pass, review or risky
}

// Event is one line of a case's record.
type Event struct {
	At    time.Time
	Act   Act
	Actor string // applicant, the staff id, or system
	Note  string
	Text  string // written freely: kept sealed
}

// Commitment (承诺书) is kept as it was shown and signed.
type Commitment struct {
	Case     ID
	Text     string
	Digest   string // hex sha256 of the text
	SignedBy citizen.ID
	Level    citizen.Level
	SignedAt time.Time

	Witness   staff.ID // who read it out at the window, "" = it was signed on the person's own phone
	Signature []byte   // PNG drawn at the window, nil = none
}
