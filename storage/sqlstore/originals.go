package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/circulation"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// CaseOnPaper implements circulation.Reader.
func (q *queries) CaseOnPaper(ctx context.Context, id string) (circulation.Case, error) {
	read := func(s scanner) (cs circulation.Case, err error) {
		var due string
		var decided int64
		if err := s.Scan(&cs.ID, &cs.Person, &cs.Item, &cs.Office, &due, &decided); err != nil {
			return cs, err
		}
		if due != "" && decided == 0 {
			cs.DueOn, err = workday.ParseDate(due)
		}
		return cs, err
	}
	return one(ctx, q, casework.ErrNoCase, read, `SELECT id, person_id, item, office, due_on, decided_at FROM cases WHERE id = $1`, id)
}

const originalColumns = `SELECT id, case_id, person_id, material, label_sealed, whereabouts, office, bag_id, version, taken_at, since FROM original `

func (q *queries) readOriginal(s scanner) (o circulation.Original, err error) {
	var label []byte
	var taken, since int64
	err = s.Scan(&o.ID, &o.Case, &o.Person, &o.Material, &label, &o.Where, &o.Office, &o.Bag, &o.Version, &taken, &since)
	if err != nil {
		return o, err
	}
	o.TakenAt, o.Since = moment(taken), moment(since)
	o.Label, err = q.opened("original", "label", o.ID, label)
	return o, err
}

// Original implements circulation.Reader.
func (q *queries) Original(ctx context.Context, id string) (circulation.Original, error) {
	return one(ctx, q, circulation.ErrNoOriginal, q.readOriginal, originalColumns+`WHERE id = $1`, id)
}

// InBag implements circulation.Reader.
func (q *queries) InBag(ctx context.Context, bag string) ([]circulation.Original, error) {
	return all(ctx, q, q.readOriginal, originalColumns+`WHERE bag_id = $1 AND bag_id <> '' AND whereabouts IN ('in_bag', 'missing') ORDER BY id`, bag)
}

// OriginalsOfCase implements circulation.Store.
func (q *queries) OriginalsOfCase(ctx context.Context, caseID string) ([]circulation.Original, error) {
	return all(ctx, q, q.readOriginal, originalColumns+`WHERE case_id = $1 ORDER BY id`, caseID)
}

// OriginalsAt implements circulation.Store.
func (q *queries) OriginalsAt(ctx context.Context, office place.OfficeCode, after string, most int) ([]circulation.Original, error) {
	return all(ctx, q, q.readOriginal, originalColumns+`WHERE office = $1 AND whereabouts = 'at_office' AND ($2 = '' OR id > $2)
		ORDER BY id LIMIT $3`, office, after, most)
}

// InsertOriginal implements circulation.Tx.
func (tx *Tx) InsertOriginal(ctx context.Context, o circulation.Original) error {
	return tx.exec(ctx, `INSERT INTO original (id, case_id, person_id, material, label_sealed, whereabouts, office, version, taken_at, since)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, o.ID, o.Case, o.Person, o.Material, tx.sealed("original", "label", o.ID, o.Label),
		o.Where, o.Office, o.Version, millis(o.TakenAt), millis(o.Since))
}

// MoveOriginal implements circulation.Tx.
func (tx *Tx) MoveOriginal(ctx context.Context, was, is circulation.Original) error {
	return tx.change(ctx, circulation.ErrMoved, `UPDATE original SET whereabouts = $3, office = $4, bag_id = $5, version = $6, since = $7
		WHERE id = $1 AND version = $2`, was.ID, was.Version, is.Where, is.Office, is.Bag, is.Version, millis(is.Since))
}

// AddTurn implements circulation.Tx.
func (tx *Tx) AddTurn(ctx context.Context, original string, t circulation.Turn) error {
	return tx.insert(ctx, circulation.ErrMoved, `INSERT INTO original_turn (original_id, seq, at, whereabouts, office, bag_id, actor)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, original, t.Seq, millis(t.At), t.Where, t.Office, t.Bag, t.Actor)
}

const turnColumns = `SELECT original_id, seq, at, whereabouts, office, bag_id, actor FROM original_turn `

// originalTurn is a turn with its original.
type originalTurn struct {
	original string
	circulation.Turn
}

func readTurn(s scanner) (t originalTurn, err error) {
	var at int64
	err = s.Scan(&t.original, &t.Seq, &at, &t.Where, &t.Office, &t.Bag, &t.Actor)
	t.At = moment(at)
	return t, err
}

// Turns implements circulation.Store.
func (q *queries) Turns(ctx context.Context, original string) ([]circulation.Turn, error) {
	read := func(s scanner) (circulation.Turn, error) {
		t, err := readTurn(s)
		return t.Turn, err
	}
	return all(ctx, q, read, turnColumns+`WHERE original_id = $1 ORDER BY seq`, original)
}

func (db *DB) originalFacts(ctx context.Context, yield func(ledger.Fact) bool) (bool, error) {
	page := func(last *originalTurn) ([]originalTurn, error) {
		var after originalTurn
		if last != nil {
			after = *last
		}
		return all(ctx, &db.queries, readTurn, turnColumns+`WHERE (original_id, seq) > ($1, $2) ORDER BY original_id, seq LIMIT $3`,
			after.original, after.Seq, factsPage)
	}
	return each(page, func(t originalTurn) []ledger.Fact { return t.Facts(t.original) }, yield)
}
