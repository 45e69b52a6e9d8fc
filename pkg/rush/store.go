package rush

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
)

// Store remembers what was announced.
type Store interface {
	// InTx runs fn in one transaction, durable when it returns nil.
	InTx(ctx context.Context, fn func(Tx) error) error
	// Rushes returns those that end after a time and were not called off, the
	// first to open first.
	Rushes(ctx context.Context, after time.Time) ([]Rush, error)
}

// Tx is what announcing needs.
type Tx interface {
	// InsertRush stores a rush, unless one that stands and ends later than this
	// is made has the same office and item and any of its dates: ErrClashes.
	InsertRush(ctx context.Context, r Rush) error
	// CallOffRush ends one of an office that is not over. Error: ErrNoRush.
	CallOffRush(ctx context.Context, id ID, office place.OfficeCode, at time.Time) error
}

// Marks remembers who is in the room and counts them, for all instances. What
// it loses costs people nothing that their tickets say.
type Marks interface {
	Get(ctx context.Context, key string) (value []byte, found bool, err error)
	// SetNX keeps a value where there is none. Of many at once one succeeds.
	SetNX(ctx context.Context, key string, value []byte, ttl time.Duration) (set bool, err error)
	// Count adds to a counter, which lives ttl from its last change, and
	// returns it; to add 0 is to read.
	Count(ctx context.Context, key string, add int, ttl time.Duration) (int64, error)
}
