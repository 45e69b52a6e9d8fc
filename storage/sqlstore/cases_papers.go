package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/casework"
)

// Papers implements casework.Store.
func (q *queries) Papers(ctx context.Context, id casework.ID) ([]casework.Paper, error) {
	read := func(s scanner) (p casework.Paper, err error) {
		var since int64
		var due string
		if err := s.Scan(&p.Material, &p.Where, &p.Office, &p.To, &since, &due); err != nil {
			return p, err
		}
		p.Since = moment(since)
		p.Due, err = day(due)
		return p, err
	}
	return all(ctx, q, read, `SELECT o.material, o.whereabouts, o.office, COALESCE(b.to_office, ''), o.since,
		COALESCE(CASE WHEN b.state IN ('on_the_way', 'disputed') THEN b.due_on END, '')
		FROM original o LEFT JOIN bag b ON b.id = o.bag_id AND o.whereabouts IN ('in_bag', 'missing')
		WHERE o.case_id = $1 AND o.whereabouts <> 'back' ORDER BY o.id`, id)
}
