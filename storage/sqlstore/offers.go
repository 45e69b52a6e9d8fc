package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/stage"
)

var (
	_ stage.Store = Store[stage.Tx]{}
	_ stage.Tx    = (*Tx)(nil)
)

// deceasedField is where a form names who has died.
const deceasedField = "deceased_id_number"

// LifeEvents implements stage.Store.
func (q *queries) LifeEvents(ctx context.Context, since time.Time, most int) ([]stage.Event, error) {
	read := func(s scanner) (e stage.Event, err error) {
		var form []byte
		if err := s.Scan(&e.Case, &e.Edition, &e.Item, &e.Person, &e.Kind, &form); err != nil {
			return e, err
		}
		fields, err := q.form(e.Case, form)
		e.Deceased = fields[deceasedField]
		return e, err
	}
	return all(ctx, q, read, `SELECT c.id, c.edition, c.item, c.person_id, p.kind, c.form_sealed FROM cases c
		JOIN offer_wish w ON w.person_id = c.person_id AND w.wants JOIN person p ON p.id = c.person_id
		WHERE c.state IN ('granted', 'closed') AND c.decided_at > $1
		AND NOT EXISTS (SELECT 1 FROM offer_event e WHERE e.case_id = c.id) ORDER BY c.decided_at LIMIT $2`, millis(since), most)
}

func (q *queries) readOffer(s scanner) (o stage.Offer, err error) {
	var offered, settled int64
	err = s.Scan(&o.ID, &o.Person, &o.Cause, &o.After, &o.Item, &o.Reason, &o.State, &offered, &settled)
	o.OfferedAt, o.SettledAt = moment(offered), moment(settled)
	return o, err
}

const offerColumns = `SELECT id, person_id, case_id, after_item, item, reason, state, offered_at, settled_at FROM offer `

// OffersOf implements stage.Store.
func (q *queries) OffersOf(ctx context.Context, who citizen.ID, since time.Time, most int) ([]stage.Offer, error) {
	return all(ctx, q, q.readOffer, offerColumns+`WHERE person_id = $1 AND state = 'offered' AND offered_at > $2
		ORDER BY offered_at DESC, id LIMIT $3`, who, millis(since), most)
}

// Wants implements stage.Store.
func (q *queries) Wants(ctx context.Context, who citizen.ID) (bool, error) {
	n, err := scalarCount(ctx, q, `SELECT count(*) FROM offer_wish WHERE person_id = $1 AND wants`, who)
	return n > 0, err
}

// OfferFigures implements stage.Store.
func (q *queries) OfferFigures(ctx context.Context, from, to time.Time) ([]stage.Figure, error) {
	read := func(s scanner) (f stage.Figure, err error) {
		return f, s.Scan(&f.After, &f.Item, &f.Offered, &f.Taken, &f.Dismissed, &f.Cases)
	}
	return all(ctx, q, read, `SELECT o.after_item, o.item, count(*), sum(CASE WHEN o.state = 'taken' THEN 1 ELSE 0 END),
		sum(CASE WHEN o.state = 'dismissed' THEN 1 ELSE 0 END),
		sum(CASE WHEN EXISTS (SELECT 1 FROM cases c WHERE c.person_id = o.person_id AND c.item = o.item AND c.opened_at > o.offered_at) THEN 1 ELSE 0 END)
		FROM offer o WHERE o.offered_at >= $1 AND o.offered_at < $2 GROUP BY o.after_item, o.item ORDER BY o.after_item, o.item`, millis(from), millis(to))
}

// SeeEvent implements stage.Tx.
func (tx *Tx) SeeEvent(ctx context.Context, cs string, at time.Time) error {
	return tx.insert(ctx, stage.ErrTwice, `INSERT INTO offer_event (case_id, at) VALUES ($1, $2)`, cs, millis(at))
}

func (q *queries) deceasedIndex(number string) []byte {
	if number == "" {
		return nil
	}
	return q.keys.Index("offer.deceased", number)
}

// InsertOffer implements stage.Tx.
func (tx *Tx) InsertOffer(ctx context.Context, o stage.Offer, year time.Time) error {
	p, err := tx.Person(ctx, o.Person)
	if err != nil {
		return err
	}
	return tx.change(ctx, stage.ErrTwice, `INSERT INTO offer (id, person_id, case_id, after_item, item, reason, deceased_index, state, offered_at)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM person WHERE id = $2
		AND NOT EXISTS (SELECT 1 FROM offer f WHERE f.deceased_index = $11)
		AND NOT EXISTS (SELECT 1 FROM offer f WHERE f.person_id = $2 AND f.item = $5 AND f.offered_at > $10)
		AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.person_id = $2 AND c.item = $5 AND c.opened_at > $10
			AND c.state NOT IN ('refused', 'terminated', 'withdrawn'))
		ON CONFLICT DO NOTHING`, o.ID, o.Person, o.Cause, o.After, o.Item, o.Reason, tx.deceasedIndex(o.Deceased), o.State,
		millis(o.OfferedAt), millis(year), tx.deceasedIndex(p.Identity()))
}

// SettleOffer implements stage.Tx.
func (tx *Tx) SettleOffer(ctx context.Context, who citizen.ID, id string, s stage.State, at time.Time) (stage.Offer, error) {
	o, err := one(ctx, &tx.queries, stage.ErrNoOffer, tx.readOffer, offerColumns+`WHERE id = $1 AND person_id = $2`, id, who)
	if err != nil || o.State == s {
		return o, err
	}
	o.State, o.SettledAt = s, at
	err = tx.change(ctx, stage.ErrSettled, `UPDATE offer SET state = $2, settled_at = $3 WHERE id = $1 AND state = 'offered'`, id, s, millis(at))
	return o, err
}

// Want implements stage.Tx.
func (tx *Tx) Want(ctx context.Context, who citizen.ID, wants bool, at time.Time) error {
	return tx.exec(ctx, `INSERT INTO offer_wish (person_id, wants, at) VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET wants = excluded.wants, at = excluded.at`, who, wants, millis(at))
}
