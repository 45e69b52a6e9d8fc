package exchange

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Store remembers answers, uses and what was taken back.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// FactsOn are the answers of a base about a person that hold at a time, by
	// material code or column.
	FactsOn(ctx context.Context, who citizen.ID, source string, at time.Time) (map[string]Fact, error)
	// UsesBy lists what was taken about a person, newest first, before a given id.
	UsesBy(ctx context.Context, who citizen.ID, before string, most int) ([]Use, error)
	// Flagged lists the revoked uses that a member's cases rest on, newest
	// first, before a given id.
	Flagged(ctx context.Context, f Flags, before string, most int) ([]Use, error)
	// Revocations lists what was taken back, newest first, before a given id.
	Revocations(ctx context.Context, before string, most int) ([]Revocation, error)
	// Mark is where the reading of a base's revocations stands.
	Mark(ctx context.Context, source string) (string, error)
}

// Tx is what a change needs.
type Tx interface {
	Case
	// InsertRevocation keeps that something was taken back.
	InsertRevocation(ctx context.Context, r Revocation) error
	// RevokeUses ends the uses that rest on it, forgets the kept answers, and
	// returns how many uses ended.
	RevokeUses(ctx context.Context, r Revocation) (int, error)
	SaveMark(ctx context.Context, source, mark string) error
	// ForgetFacts removes answers that do not hold any more.
	ForgetFacts(ctx context.Context, by time.Time) error
}

// Case is what the handling of applications needs of it.
type Case interface {
	// UsesOf lists the uses of a case, oldest first.
	UsesOf(ctx context.Context, id string) ([]Use, error)
	// Standings is where each base stands in a case.
	Standings(ctx context.Context, id string) ([]Standing, error)
	// KeepFact stores an answer in place of the one before.
	KeepFact(ctx context.Context, who citizen.ID, source string, f Fact) error
	// SaveStanding stores where a base stands in a case now; a consent stays.
	SaveStanding(ctx context.Context, id string, s Standing) error
	// InsertUse adds a line; one that stands for the same thing stays alone.
	InsertUse(ctx context.Context, u Use) error
	// ObjectTo ends the uses of a base in a case by its person's word.
	ObjectTo(ctx context.Context, id, source, why string, at time.Time) error
	// FlagUses keeps that those who handle a case were told of what was revoked.
	FlagUses(ctx context.Context, id string, at time.Time) error
}

// Flags selects flagged uses: of cases accepted at an office, or decided by a
// department of a division's authority.
type Flags struct {
	Office     place.OfficeCode
	Decides    place.DivisionCode
	Department catalog.DepartmentCode
}
