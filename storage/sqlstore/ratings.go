package sqlstore

import (
	"context"
	"strings"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/rating"
)

var (
	_ rating.Store = Store[rating.Tx]{}
	_ rating.Tx    = (*Tx)(nil)
)

// InsertRating implements rating.Tx.
func (tx *Tx) InsertRating(ctx context.Context, r rating.Rating) error {
	cs, err := tx.CaseHead(ctx, r.Case)
	if err != nil {
		return err
	}
	if r.Person == "" || cs.Person != r.Person {
		return casework.ErrNoCase
	}
	reasons := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		reasons[i] = string(reason)
	}
	err = tx.change(ctx, rating.ErrTooEarly, `INSERT INTO rating (case_id, person_id, grade, reasons, text_sealed, rated_at)
		SELECT id, person_id, $3, $4, $5, $6 FROM cases WHERE id = $1 AND person_id = $2 AND state IN ('granted', 'refused', 'closed')`,
		r.Case, r.Person, r.Grade, strings.Join(reasons, ","), tx.sealed("rating", "text", r.Case, r.Text), millis(r.At))
	if isDuplicate(err) {
		return rating.ErrRated
	}
	return err
}
