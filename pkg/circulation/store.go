package circulation

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Case is what circulation needs to know of a case.
type Case struct {
	ID     string
	Person citizen.ID
	Item   catalog.ItemCode
	Office place.OfficeCode
	DueOn  workday.Date // of its decision; zero = no clock runs
}

// Store remembers bags and originals.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	Reader
	Turns(ctx context.Context, original string) ([]Turn, error)
	Steps(ctx context.Context, bag string) ([]Step, error)
	// OriginalsOfCase lists all that was taken in for a case, oldest first.
	OriginalsOfCase(ctx context.Context, caseID string) ([]Original, error)
	// OriginalsAt lists what lies at an office, oldest first, after a given id.
	OriginalsAt(ctx context.Context, office place.OfficeCode, after string, most int) ([]Original, error)
	// Bags lists those from or to an office in a state ("" = any), newest first,
	// after a given id.
	Bags(ctx context.Context, office place.OfficeCode, state State, after string, most int) ([]Bag, error)
	// LateBags lists bags that are not settled and were due before a day, whose
	// lateness was told less than so far up: of an office, or of all for "".
	LateBags(ctx context.Context, office place.OfficeCode, before workday.Date, told int, most int) ([]Bag, error)
}

// Reader reads, inside or outside a transaction.
type Reader interface {
	// CaseOnPaper returns one case. Error: casework.ErrNoCase.
	CaseOnPaper(ctx context.Context, id string) (Case, error)
	// Original returns one original. Error: ErrNoOriginal.
	Original(ctx context.Context, id string) (Original, error)
	// Bag returns one bag. Error: ErrNoBag.
	Bag(ctx context.Context, id string) (Bag, error)
	// InBag lists what a bag holds, or held when it was opened and has not been
	// found.
	InBag(ctx context.Context, bag string) ([]Original, error)
}

// Tx is what moving paper needs.
type Tx interface {
	Reader
	InsertOriginal(ctx context.Context, o Original) error
	// MoveOriginal stores where an original went, if nobody has moved it since
	// it was read. Error: ErrMoved.
	MoveOriginal(ctx context.Context, was, is Original) error
	AddTurn(ctx context.Context, original string, t Turn) error
	InsertBag(ctx context.Context, b Bag) error
	// MoveBag stores what became of a bag, if nobody has changed it since it was
	// read. Errors: ErrNotNow, ErrSealUsed.
	MoveBag(ctx context.Context, was, is Bag) error
	AddStep(ctx context.Context, bag string, s Step) error
	NextSerial(ctx context.Context, series string) (int, error)
	Person(ctx context.Context, id citizen.ID) (citizen.Person, error)
	// AgentsFor lists who may act for a person in an item at a time.
	AgentsFor(ctx context.Context, person citizen.ID, item catalog.ItemCode, at time.Time) ([]citizen.Person, error)
	Record(ctx context.Context, facts ...ledger.Fact) error
	LogCase(ctx context.Context, caseID, act, actor, note string, at time.Time) error
	Tell(ctx context.Context, n notify.Notice) error
}
