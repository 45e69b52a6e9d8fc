package rating

import (
	"context"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// Store remembers ratings.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
}

// Tx is what rating needs.
type Tx interface {
	// InsertRating stores the rating of a decided case, which is the person's own
	// or one in which they act for another. Errors: casework.ErrNoCase,
	// ErrTooEarly, ErrRated.
	InsertRating(ctx context.Context, r Rating) error
}

// What can go wrong with a rating.
var (
	ErrTooEarly = fault.New(fault.Conflict, "rating.too_early", "办件作出决定后才能评价，请等办结后再来")
	ErrUnfit    = fault.New(fault.Invalid, "rating.unfit", "评价内容含有不宜提交的文字，请修改后再提交")
	ErrRated    = fault.New(fault.Conflict, "rating.rated", "这个办件您已经评价过了，感谢您的意见；如要补充，请联系受理网点")
)

// Words judges what people write freely. Whoever judges and cannot say lets it
// pass: a complaint must not be lost to an outage.
type Words interface {
	Fit(ctx context.Context, who citizen.ID, text string) bool
}

// Box takes ratings.
type Box struct {
	Store Store
	Words Words // nil = every text is fit
	Now   func() time.Time
}

// Rate keeps what a person says about a decided case that is their own, or in
// which they act for another, once. Errors:
// ErrInvalid, ErrUnfit, casework.ErrNoCase, ErrTooEarly, ErrRated.
func (b *Box) Rate(ctx context.Context, r Rating) (Rating, error) {
	r.Text, r.At = strings.TrimSpace(r.Text), b.Now()
	if err := r.check(); err != nil {
		return r, err
	}
	if b.Words != nil && r.Text != "" && !b.Words.Fit(ctx, r.Person, r.Text) {
		return r, ErrUnfit
	}
	return r, b.Store.InTx(ctx, func(tx Tx) error { return tx.InsertRating(ctx, r) })
}
