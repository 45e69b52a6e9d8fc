package errand

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

// Store remembers errands.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// Errand returns one with its turns in their order. Error: ErrNoErrand.
	Errand(ctx context.Context, id string) (Errand, error)
	// ErrandsOf lists a person's errands, newest first, before a given id.
	ErrandsOf(ctx context.Context, who citizen.ID, before string, most int) ([]Errand, error)
	// ErrandsWaiting lists errands with a turn to be looked at by now, those
	// that have waited longest first.
	ErrandsWaiting(ctx context.Context, now time.Time, most int) ([]string, error)
}

// Tx is what a change of an errand needs.
type Tx interface {
	Errand(ctx context.Context, id string) (Errand, error)
	InsertErrandFile(ctx context.Context, id string, f File, at time.Time) error
	InsertErrand(ctx context.Context, e Errand) error
	// SaveErrand stores what was filled in, if it still stands in the state
	// was. Error: ErrHandedIn.
	SaveErrand(ctx context.Context, e Errand, was State) error
	// SaveTurn stores where a waiting turn has come to, and when to look again.
	SaveTurn(ctx context.Context, id string, t Turn, next time.Time) error
}
