package delivery

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Store remembers choices and waybills.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	Reader
	// ProofFiles lists what was filed for a waybill, oldest first.
	ProofFiles(ctx context.Context, waybill string) ([]ProofFile, error)
	// OrderOf returns what a company was asked for. Error: ErrNoOrder.
	OrderOf(ctx context.Context, waybill string) (Order, error)
	// Tidings lists what a company told of a waybill, as it came.
	Tidings(ctx context.Context, waybill string) ([]Told, error)
	// Unheard lists orders that are out and of which nothing was heard since.
	Unheard(ctx context.Context, since time.Time, most int) ([]Order, error)
	WaybillEvents(ctx context.Context, waybill string) ([]Event, error)
	// Carried lists what a courier has picked up and not settled.
	Carried(ctx context.Context, courier staff.ID) ([]Waybill, error)
	// Waiting lists what a company has been given and nobody has picked up, by
	// area and number, after a given id.
	Waiting(ctx context.Context, company, after string, most int) ([]Waybill, error)
	// Couriers lists who works for a company today, by name.
	Couriers(ctx context.Context, company string) ([]staff.Member, error)
	// Undelivered lists an office's granted cases (of all offices for "") that
	// were decided before a time, oldest first, with the waybill where there is
	// one, after a given case.
	Undelivered(ctx context.Context, office place.OfficeCode, before time.Time, after string, most int) ([]Owed, error)
	// CourierActs lists what couriers of an office's parcels sent in late and
	// what could not be done as it was sent, newest first, after a given id.
	CourierActs(ctx context.Context, office place.OfficeCode, after string, most int) ([]Kept, error)
	// WaybillsOf lists an office's waybills, and those kept there, in a state
	// ("" = any), newest first, after a given id.
	WaybillsOf(ctx context.Context, office place.OfficeCode, state State, after string, most int) ([]Waybill, error)
}

// Reader reads, inside or outside a transaction.
type Reader interface {
	// CaseHead returns what a delivery rests on. Error: casework.ErrNoCase.
	CaseHead(ctx context.Context, id string) (licence.Case, error)
	// ActsIn says whether somebody may act in a case for its person now.
	ActsIn(ctx context.Context, who citizen.ID, caseID string, now time.Time) (bool, error)
	// Choice returns what was chosen for a case. Error: ErrNoChoice.
	Choice(ctx context.Context, caseID string) (Choice, error)
	// Waybill returns one waybill. Error: ErrNoWaybill.
	Waybill(ctx context.Context, id string) (Waybill, error)
	// WaybillOf returns the waybill of a case, the newest one where another
	// came to nothing. Error: ErrNoWaybill.
	WaybillOf(ctx context.Context, caseID string) (Waybill, error)
}

// Tx is what choosing, making and moving need.
type Tx interface {
	Reader
	Cases
	// SaveChoice stores a choice of the case's own person while the case is not
	// over and has no waybill. Error: ErrOnItsWay.
	SaveChoice(ctx context.Context, c Choice, who citizen.ID) error
	// Companies lists the companies that have couriers, sorted.
	Companies(ctx context.Context) ([]string, error)
	// AgentsFor lists who may act for a person in an item at a time: who
	// represents an organisation, and agents who have accepted.
	AgentsFor(ctx context.Context, person citizen.ID, item catalog.ItemCode, at time.Time) ([]citizen.Person, error)
	Files
	Orders
	// Carrier returns a courier who works today. Error: ErrCarrier.
	Carrier(ctx context.Context, id staff.ID) (staff.Member, error)
	// LastEvent returns the newest line of a waybill's timeline. Error: ErrNoWaybill.
	LastEvent(ctx context.Context, waybill string) (Event, error)
	// KeptAct returns what became of a courier's act. Error: ErrNoAct.
	KeptAct(ctx context.Context, courier staff.ID, id string) (Kept, error)
	KeepAct(ctx context.Context, k Kept) error
	// KeepRelease keeps why a result was let go without proof.
	KeepRelease(ctx context.Context, caseID string, by staff.ID, why string, at time.Time) error
	// Warn notes that the lateness of a case was told; false where it had been.
	Warn(ctx context.Context, caseID string, at time.Time) (first bool, err error)
	NextSerial(ctx context.Context, series string) (int, error)
	// InsertWaybill stores a waybill if its case stands granted at its office,
	// has a valid licence, and goes by courier. Errors: ErrOnItsWay, ErrNotReady.
	InsertWaybill(ctx context.Context, w Waybill) error
	// MoveWaybill stores what became of a waybill, if nobody has changed it
	// since it was read. Error: ErrNotNow.
	MoveWaybill(ctx context.Context, was, is Waybill) error
	// CountWrongCode counts one of at most five. Error: ErrNotNow.
	CountWrongCode(ctx context.Context, id string) error
	// CountRefusal counts any other act that was refused.
	CountRefusal(ctx context.Context, id string) error
	// AddEvent adds a line under its own number.
	AddEvent(ctx context.Context, waybill string, e Event) error
}

// Cases is what delivery asks of a case and its person.
type Cases interface {
	// LicenceOf returns the licence of a case. Error: licence.ErrNoLicence.
	LicenceOf(ctx context.Context, caseID string) (licence.Licence, error)
	Person(ctx context.Context, id citizen.ID) (citizen.Person, error)
	// CloseCase ends a granted case: its result is in the right hands.
	CloseCase(ctx context.Context, caseID string, at time.Time) error
	// Record appends facts to the ledger with this transaction.
	Record(ctx context.Context, facts ...ledger.Fact) error
	LogCase(ctx context.Context, caseID, act, actor, note string, at time.Time) error
	Tell(ctx context.Context, n notify.Notice) error
}
