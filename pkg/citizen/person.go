package citizen

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// ID names a person; AccountID names a WeChat account.
type (
	ID        string
	AccountID string
)

// Grade is the credit grade (信用等级) that tolerance acceptance asks for.
type Grade string

// The credit grades; Revoked is a statutory bar on re-application
// (行政许可法 Art. 78, 79).
const (
	GradeA  Grade = "A"
	GradeB  Grade = "B"
	GradeC  Grade = "C"
	GradeD  Grade = "D"
	Revoked Grade = "revoked"
)

// Kind says what somebody is in law.
type Kind string

// The kinds of persons.
const (
	Natural Kind = "natural" // 自然人
	Legal   Kind = "legal"   // 法人和其他组织
)

// Person is a natural person, known by name and resident identity number, or a
// legal one, known by name and unified social credit code.
type Person struct {
	ID     ID
	Kind   Kind
	Name   Name
	Number IDNumber   // of a natural person
	Code   CreditCode // of a legal person
	Grade  Grade
	MadeAt time.Time
	// Home is where the person lives or has its seat, as they say; "" = not said.
	Home place.DivisionCode
	// ClosedAt is when a person gave up being served here; what the law keeps
	// stays. Zero = never.
	ClosedAt time.Time
}

// Identity is the whole number or code. Never log it.
func (p Person) Identity() string {
	if p.Kind == Legal {
		return p.Code.String()
	}
	return p.Number.String()
}

// Masked is the number or code as others may see it.
func (p Person) Masked() string {
	if p.Kind == Legal {
		return p.Code.Masked()
	}
	return p.Number.Masked()
}

// Account is a WeChat identity and what it has proved.
type Account struct {
	ID         AccountID
	OpenID     string
	Phone      Phone     // empty until bound
	Person     ID        // empty until proved by real name
	RealNameAt time.Time // when name and number were matched
	FaceAt     time.Time // when the face was last matched
	MadeAt     time.Time
}

// ErrNoPerson tells that there is no such person.
var ErrNoPerson = fault.New(fault.NotFound, "citizen.not_found", "没有找到此人，请核对后再试")
