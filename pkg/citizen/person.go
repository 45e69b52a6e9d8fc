package citizen

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
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

// Person is a natural person, known by name and resident identity number.
type Person struct {
	ID     ID
	Name   Name
	Number IDNumber
	Grade  Grade
	MadeAt time.Time
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
