package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
)

// InsertLook implements citizen.Tx.
func (tx *Tx) InsertLook(ctx context.Context, l citizen.Look) error {
	return tx.exec(ctx, `INSERT INTO look (id, staff_id, person_id, what, purpose_sealed, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		l.ID, l.Staff, l.Person, l.What, tx.sealed("look", "purpose", l.ID, l.Purpose), millis(l.At))
}

// Looks implements citizen.Store.
func (q *queries) Looks(ctx context.Context, who citizen.ID, before string, most int) ([]citizen.Look, error) {
	read := func(s scanner) (l citizen.Look, err error) {
		var purpose []byte
		var at int64
		var role, office sql.NullString
		if err := s.Scan(&l.ID, &l.Staff, &l.Person, &l.What, &purpose, &at, &role, &office); err != nil {
			return l, err
		}
		l.At, l.Role, l.Office = moment(at), role.String, office.String
		l.Purpose, err = q.opened("look", "purpose", l.ID, purpose)
		return l, err
	}
	return all(ctx, q, read, `SELECT l.id, l.staff_id, l.person_id, l.what, l.purpose_sealed, l.at, m.role, m.office
		FROM look l LEFT JOIN staff m ON m.id = l.staff_id
		WHERE l.person_id = $1 AND ($2 = '' OR l.id < $2) ORDER BY l.id DESC LIMIT $3`, who, before, most)
}

// TellPerson implements citizen.Tx.
func (tx *Tx) TellPerson(ctx context.Context, to citizen.ID, kind, subject, text string, at time.Time) error {
	return tx.Tell(ctx, notify.Notice{To: to, Kind: notify.Kind(kind), Subject: subject, Text: text, At: at})
}
