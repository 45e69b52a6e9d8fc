package rating

import (
	"context"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Store remembers ratings.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
}

// Tx is what rating needs.
type Tx interface {
	// InsertRating stores the rating of a case that is the person's own and is
	// decided. Errors: casework.ErrNoCase, ErrTooEarly, ErrRated.
	InsertRating(ctx context.Context, r Rating) error
}

// What can go wrong with a rating.
var (
	ErrTooEarly = fault.New(fault.Conflict, "rating.too_early", "办件作出决定后才能评价，请等办结后再来")
	ErrRated    = fault.New(fault.Conflict, "rating.rated", "这个办件您已经评价过了，感谢您的意见")
)

// Box takes ratings.
type Box struct {
	Store Store
	Now   func() time.Time
}

// Rate keeps what a person says about his own decided case, once. Errors:
// ErrInvalid, casework.ErrNoCase, ErrTooEarly, ErrRated.
func (b *Box) Rate(ctx context.Context, r Rating) (Rating, error) {
	r.Text, r.At = strings.TrimSpace(r.Text), b.Now()
	if err := r.check(); err != nil {
		return r, err
	}
	return r, b.Store.InTx(ctx, func(tx Tx) error { return tx.InsertRating(ctx, r) })
}
