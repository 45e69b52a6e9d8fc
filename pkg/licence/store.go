package licence

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/notify"
)

// Store remembers licences.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// Licence returns one licence. Error: ErrNoLicence.
	Licence(ctx context.Context, id string) (Licence, error)
	// LicenceByCode finds a licence by its verification code. Error: ErrWrongCode.
	LicenceByCode(ctx context.Context, code string) (Licence, error)
	// LicencesOf lists a person's licences, newest first, after a given id.
	LicencesOf(ctx context.Context, who citizen.ID, after string, most int) ([]Licence, error)
	// ActsIn says whether somebody may act in a case for its person now.
	ActsIn(ctx context.Context, who citizen.ID, caseID string, now time.Time) (bool, error)
	// LicencesActedIn lists a principal's licences from cases in which somebody
	// may act now, newest first, after a given id.
	LicencesActedIn(ctx context.Context, agent, principal citizen.ID, now time.Time, after string, most int) ([]Licence, error)
	// Person returns one person. Error: citizen.ErrNoPerson.
	Person(ctx context.Context, id citizen.ID) (citizen.Person, error)
}

// Tx is what issuing and revoking need.
type Tx interface {
	// CaseHead returns what a licence rests on. Error: casework.ErrNoCase.
	CaseHead(ctx context.Context, id string) (Case, error)
	Licence(ctx context.Context, id string) (Licence, error)
	// LicenceOf returns the licence of a case, the newest one where it was
	// replaced. Error: ErrNoLicence.
	LicenceOf(ctx context.Context, caseID string) (Licence, error)
	// NextSerial counts a series up from 1, without gaps and without doubles.
	NextSerial(ctx context.Context, series string) (int, error)
	// InsertLicence stores a licence if its case stands granted at its office
	// and has none yet. Errors: ErrIssued, ErrNotGranted.
	InsertLicence(ctx context.Context, l Licence) error
	// RevokeLicence stores that a valid licence is revoked. Error: ErrRevoked.
	RevokeLicence(ctx context.Context, l Licence) error
	// ReplaceLicence stores that a valid licence was replaced, and the new one in
	// its place. Error: ErrReplaced, when it is no longer valid.
	ReplaceLicence(ctx context.Context, was, is Licence) error
	ShowHolder(ctx context.Context, id string, show bool) error
	// Record appends facts to the ledger with this transaction.
	Record(ctx context.Context, facts ...ledger.Fact) error
	LogCase(ctx context.Context, caseID, act, actor, note string, at time.Time) error
	Tell(ctx context.Context, n notify.Notice) error
}
