package terminal

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Store remembers terminals, visits and prints.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	Reader
	// Terminals lists an office's, those in use first, newest first.
	Terminals(ctx context.Context, office place.OfficeCode) ([]Terminal, error)
	// Licence returns one licence. Error: licence.ErrNoLicence.
	Licence(ctx context.Context, id string) (licence.Licence, error)
	Person(ctx context.Context, id citizen.ID) (citizen.Person, error)
}

// Reader reads, inside or outside a transaction.
type Reader interface {
	// Terminal returns one that is in use. Error: ErrNoTerminal.
	Terminal(ctx context.Context, id string) (Terminal, error)
	// VisitByCode finds a visit. Error: ErrCode.
	VisitByCode(ctx context.Context, codeHash [32]byte) (Visit, error)
	// LiveVisit is the one that has not ended at a terminal. Error: ErrNobody.
	LiveVisit(ctx context.Context, terminal string) (Visit, error)
	// LastVisit is the newest at a terminal, ended or not. Error: ErrNobody.
	LastVisit(ctx context.Context, terminal string) (Visit, error)
	// Visit returns one. Error: ErrVisitOver.
	Visit(ctx context.Context, id string) (Visit, error)
	// Print returns one. Error: ErrNoPrint.
	Print(ctx context.Context, id string) (Print, error)
	// PrintsOf lists what was printed for a person of one thing since a time.
	PrintsOf(ctx context.Context, who citizen.ID, kind Kind, subject string, since time.Time) ([]Print, error)
}

// Tx is what changes of terminals need.
type Tx interface {
	Reader
	InsertTerminalInvitation(ctx context.Context, i Invitation) error
	// UseTerminalInvitation marks an unused, unexpired one as used and returns
	// it. Error: ErrInvitation.
	UseTerminalInvitation(ctx context.Context, codeHash [32]byte, now time.Time) (Invitation, error)
	// SlipBlocks lists the posts of an office that have numbers of the paper
	// block, with those that are still to be taken up.
	SlipBlocks(ctx context.Context, office place.OfficeCode, now time.Time) ([]Post, error)
	// InsertTerminal stores a device. Error: ErrEnrolled.
	InsertTerminal(ctx context.Context, t Terminal) error
	// RevokeTerminal ends its use, and its session. Error: ErrNoTerminal.
	RevokeTerminal(ctx context.Context, t Terminal) error
	// SaveDeviceSession stores the one session of a device. Error: ErrNoTerminal.
	SaveDeviceSession(ctx context.Context, terminal string, tokenHash [32]byte, now, ends time.Time) error
	// SavePrinter stores how its printer does. Error: ErrNoTerminal.
	SavePrinter(ctx context.Context, terminal string, p Printer, now time.Time) error
	InsertChallenge(ctx context.Context, terminal string, hash [32]byte, ends time.Time) error
	// UseChallenge takes it away. Error: ErrChallenge.
	UseChallenge(ctx context.Context, terminal string, hash [32]byte, now time.Time) error
	// ForgetChallenges takes away those that have ended.
	ForgetChallenges(ctx context.Context, now time.Time) error

	InsertVisit(ctx context.Context, v Visit) error
	// SaveVisit stores a visit if it is still in the state that it was in.
	// Error: ErrVisitOver.
	SaveVisit(ctx context.Context, was State, v Visit) error
	// LiveVisits lists all that have not ended.
	LiveVisits(ctx context.Context, most int) ([]Visit, error)
	InsertSession(ctx context.Context, s citizen.Session) error
	// EndTerminalSession ends the session of a visit; twice is no error.
	EndTerminalSession(ctx context.Context, visit string) error
	// HasDraft says whether a case is still one.
	HasDraft(ctx context.Context, id string) (bool, error)
	Tell(ctx context.Context, n notify.Notice) error

	InsertPrint(ctx context.Context, p Print) error
	// SavePrint stores a print if it is still in the state that it was in.
	// Error: ErrPrintMoved.
	SavePrint(ctx context.Context, was PrintState, p Print) error
	// PrintsWaiting lists those that are asked or printing since before a time,
	// and those asked of a visit.
	PrintsWaiting(ctx context.Context, before time.Time, most int) ([]Print, error)
	// PrintsAsked lists those of a visit that the printer has not begun.
	PrintsAsked(ctx context.Context, visit string) ([]Print, error)
}
