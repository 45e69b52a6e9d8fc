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
	by := ""
	if cs.Person != r.Person {
		ok, err := tx.ActsIn(ctx, r.Person, r.Case, r.At)
		if err != nil {
			return err
		}
		if !ok {
			return casework.ErrNoCase
		}
		by = string(r.Person)
	}
	reasons := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		reasons[i] = string(reason)
	}
	err = tx.change(ctx, rating.ErrTooEarly, `INSERT INTO rating (case_id, person_id, grade, reasons, text_sealed, rated_at, rated_by)
		SELECT id, person_id, $3, $4, $5, $6, $7 FROM cases WHERE id = $1 AND person_id = $2 AND state IN ('granted', 'refused', 'closed')`,
		r.Case, cs.Person, r.Grade, strings.Join(reasons, ","), tx.sealed("rating", "text", r.Case, r.Text), millis(r.At), by)
	if isDuplicate(err) {
		return rating.ErrRated
	}
	return err
}
