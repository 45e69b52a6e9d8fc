package casework

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Store remembers cases.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	Reader
	// CasesActedIn lists the cases of a principal that an agent has opened and
	// may act in now, newest first, before a given id.
	CasesActedIn(ctx context.Context, agent, principal citizen.ID, now time.Time, before ID, most int) ([]Case, error)
	// CasesOf lists a person's cases, newest first, before a given id.
	CasesOf(ctx context.Context, who citizen.ID, before ID, most int) ([]Case, error)
	// Worklist lists the open cases that match, oldest first, after a given id.
	Worklist(ctx context.Context, w Work, after ID, most int) ([]Case, error)
	// Overdue lists cases whose supplement was due before the day.
	Overdue(ctx context.Context, before workday.Date, most int) ([]ID, error)
	Files(ctx context.Context, id ID) ([]File, error)
	// File returns one file of the case. Error: ErrNoFile.
	File(ctx context.Context, id ID, file string) (File, error)
	Events(ctx context.Context, id ID) ([]Event, error)
}

// Reader reads what a decision rests on, inside or outside a transaction.
type Reader interface {
	Agents
	// Case returns a case with its materials. Error: ErrNoCase.
	Case(ctx context.Context, id ID) (Case, error)
	Person(ctx context.Context, id citizen.ID) (citizen.Person, error)
	// LastForm returns what the person filled in last, by field name.
	LastForm(ctx context.Context, who citizen.ID) (map[string]string, error)
	// Licensed lists the names of the valid licences that the person holds.
	Licensed(ctx context.Context, who citizen.ID) ([]string, error)
}

// Agents tells who may act for whom.
type Agents interface {
	// MayActFor says whether somebody may act for a principal in an item now:
	// as agent, as guardian, or as the representative of a legal person.
	MayActFor(ctx context.Context, agent, principal citizen.ID, item catalog.ItemCode, now time.Time) (bool, error)
	// AgentOf is who opened a case for its person, "" = the person.
	AgentOf(ctx context.Context, id ID) (citizen.ID, error)
	// ActsIn says whether somebody may act in a case for its person now.
	ActsIn(ctx context.Context, who citizen.ID, caseID string, now time.Time) (bool, error)
}

// Work selects cases for a worklist: those accepted at an office, or those
// that a department of a division's authority decides.
type Work struct {
	Office     place.OfficeCode
	Decides    place.DivisionCode
	Department catalog.DepartmentCode
}

// Tx is what a change of a case needs.
type Tx interface {
	Reader
	// OpenCases lists the person's submitted, undecided cases of an item.
	OpenCases(ctx context.Context, who citizen.ID, item catalog.ItemCode) ([]Case, error)
	InsertCase(ctx context.Context, cs Case) error
	// InsertCaseAgent keeps who acts in a new case for its person.
	InsertCaseAgent(ctx context.Context, id ID, agent citizen.ID) error
	// SaveCase stores the case and its materials if it still stands in the
	// state was. Error: ErrNotNow.
	SaveCase(ctx context.Context, cs Case, was State) error
	// RebaseCase stores the edition that the case now stands under and the
	// materials that it asks for.
	RebaseCase(ctx context.Context, cs Case) error
	// GrantCase stores a granted case, if it is accepted and each applicable
	// material is fit. Error: ErrMaterialsDue.
	GrantCase(ctx context.Context, cs Case) error
	// TakeCase gives an open case to a clerk if nobody has it. Error: ErrOtherClerk.
	TakeCase(ctx context.Context, cs Case) error
	// CloseCase moves a granted case to closed. Error: ErrNotNow.
	CloseCase(ctx context.Context, id string, at time.Time) error
	// InsertFile stores a file's name. Error: ErrHasFile.
	InsertFile(ctx context.Context, f File) error
	CountFiles(ctx context.Context, id ID) (int, error)
	InsertCommitment(ctx context.Context, c Commitment) error
	// BookedBy says whether who has booked the visit that the case is for: it
	// is open, at the case's office and for its item.
	BookedBy(ctx context.Context, who citizen.ID, cs Case) (bool, error)
	LogCase(ctx context.Context, id, act, actor, note string, at time.Time) error
	Tell(ctx context.Context, n notify.Notice) error
	// InsertLook keeps that a member of staff saw a person's data in full.
	InsertLook(ctx context.Context, l citizen.Look) error
}

// Inspector lets a file in, cleaned, or refuses it; *scan.Guard does.
type Inspector interface {
	Inspect(ctx context.Context, content []byte) (scan.File, error)
}

// Files keeps the contents of uploaded files, sealed. Putting the same id
// twice is harmless.
type Files interface {
	Put(ctx context.Context, id string, content []byte) error
	Get(ctx context.Context, id string) ([]byte, error)
}
