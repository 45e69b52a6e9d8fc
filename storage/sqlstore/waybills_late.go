package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Undelivered implements delivery.Store.
func (q *queries) Undelivered(ctx context.Context, office place.OfficeCode, before time.Time, after string, most int) ([]delivery.Owed, error) {
	read := func(s scanner) (o delivery.Owed, err error) {
		var decided int64
		err = s.Scan(&o.Case, &o.Number, &o.Office, &o.Person, &decided, &o.Waybill, &o.State)
		o.Decided = moment(decided)
		return o, err
	}
	return all(ctx, q, read, `SELECT c.id, c.number, c.office, c.person_id, c.decided_at, coalesce(w.id, ''), coalesce(w.state, '')
		FROM cases c LEFT JOIN waybill w ON w.case_id = c.id AND w.state NOT IN ('cancelled', 'lost', 'damaged')
		WHERE c.state = 'granted' AND c.decided_at > 0 AND c.decided_at < $1 AND ($2 = '' OR c.office = $2)
		AND ($3 = '' OR (c.decided_at, c.id) > (SELECT decided_at, id FROM cases WHERE id = $3))
		ORDER BY c.decided_at, c.id LIMIT $4`, millis(before), office, after, most)
}

// Warn implements delivery.Tx.
func (tx *Tx) Warn(ctx context.Context, caseID string, at time.Time) (bool, error) {
	n, err := tx.run.exec(ctx, `INSERT INTO delivery_warning (case_id, at) VALUES ($1, $2) ON CONFLICT (case_id) DO NOTHING`, caseID, millis(at))
	return n == 1, err
}

// KeepRelease implements delivery.Tx.
func (tx *Tx) KeepRelease(ctx context.Context, caseID string, by staff.ID, why string, at time.Time) error {
	return tx.insert(ctx, delivery.ErrClosed, `INSERT INTO delivery_release (case_id, actor, at, why_sealed) VALUES ($1, $2, $3, $4)`,
		caseID, by, millis(at), tx.sealed("delivery_release", "why", caseID, why))
}
