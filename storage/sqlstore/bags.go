package sqlstore

import (
	"context"
	"strings"

	"github.com/yimen-gov/yimen/pkg/circulation"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var (
	_ circulation.Store = Store[circulation.Tx]{}
	_ circulation.Tx    = (*Tx)(nil)
)

const bagColumns = `SELECT id, number, from_office, to_office, state, version, seal, carrier, made_at, handed_at, due_on, escalated, ended_at FROM bag `

func readBag(s scanner) (b circulation.Bag, err error) {
	var made, handed, ended int64
	var due string
	err = s.Scan(&b.ID, &b.Number, &b.From, &b.To, &b.State, &b.Version, &b.Seal, &b.Carrier, &made, &handed, &due, &b.Escalated, &ended)
	b.MadeAt, b.HandedAt, b.EndedAt = moment(made), moment(handed), moment(ended)
	if err == nil && due != "" {
		b.DueOn, err = workday.ParseDate(due)
	}
	return b, err
}

// Bag implements circulation.Reader.
func (q *queries) Bag(ctx context.Context, id string) (circulation.Bag, error) {
	return one(ctx, q, circulation.ErrNoBag, readBag, bagColumns+`WHERE id = $1`, id)
}

// Bags implements circulation.Store.
func (q *queries) Bags(ctx context.Context, office place.OfficeCode, state circulation.State, after string, most int) ([]circulation.Bag, error) {
	return all(ctx, q, readBag, bagColumns+`WHERE (from_office = $1 OR to_office = $1) AND ($2 = '' OR state = $2)
		AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT $4`, office, state, after, most)
}

// LateBags implements circulation.Store.
func (q *queries) LateBags(ctx context.Context, office place.OfficeCode, before workday.Date, told, most int) ([]circulation.Bag, error) {
	return all(ctx, q, readBag, bagColumns+`WHERE state IN ('on_the_way', 'disputed') AND due_on < $1 AND escalated < $2
		AND ($3 = '' OR from_office = $3 OR to_office = $3) ORDER BY due_on, id LIMIT $4`, before.String(), told, office, most)
}

// InsertBag implements circulation.Tx.
func (tx *Tx) InsertBag(ctx context.Context, b circulation.Bag) error {
	return tx.exec(ctx, `INSERT INTO bag (id, number, from_office, to_office, state, version, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		b.ID, b.Number, b.From, b.To, b.State, b.Version, millis(b.MadeAt))
}

// MoveBag implements circulation.Tx.
func (tx *Tx) MoveBag(ctx context.Context, was, is circulation.Bag) error {
	err := tx.change(ctx, circulation.ErrNotNow, `UPDATE bag SET state = $3, version = $4, seal = $5, carrier = $6, handed_at = $7,
		due_on = $8, escalated = $9, ended_at = $10 WHERE id = $1 AND version = $2`,
		was.ID, was.Version, is.State, is.Version, is.Seal, is.Carrier, millis(is.HandedAt), is.DueOn.String(), is.Escalated, millis(is.EndedAt))
	if isDuplicate(err) {
		return circulation.ErrSealUsed
	}
	return err
}

// AddStep implements circulation.Tx.
func (tx *Tx) AddStep(ctx context.Context, bag string, s circulation.Step) error {
	return tx.insert(ctx, circulation.ErrNotNow, `INSERT INTO bag_step (bag_id, seq, at, act, actor, seal, list, note_sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, bag, s.Seq, millis(s.At), s.Act, s.Actor, s.Seal, strings.Join(s.List, " "),
		tx.sealed("bag_step", "note", eventRow(bag, s.Seq), s.Note))
}

const stepColumns = `SELECT bag_id, seq, at, act, actor, seal, list, note_sealed FROM bag_step `

// bagStep is a step with its bag.
type bagStep struct {
	bag string
	circulation.Step
}

func (q *queries) readStep(s scanner) (r bagStep, err error) {
	var at int64
	var list string
	var note []byte
	if err := s.Scan(&r.bag, &r.Seq, &at, &r.Act, &r.Actor, &r.Seal, &list, &note); err != nil {
		return r, err
	}
	r.At, r.List = moment(at), strings.Fields(list)
	r.Note, err = q.opened("bag_step", "note", eventRow(r.bag, r.Seq), note)
	return r, err
}

// Steps implements circulation.Store.
func (q *queries) Steps(ctx context.Context, bag string) ([]circulation.Step, error) {
	read := func(s scanner) (circulation.Step, error) {
		r, err := q.readStep(s)
		return r.Step, err
	}
	return all(ctx, q, read, stepColumns+`WHERE bag_id = $1 ORDER BY seq`, bag)
}

func (db *DB) bagFacts(ctx context.Context, yield func(ledger.Fact) bool) (bool, error) {
	page := func(last *bagStep) ([]bagStep, error) {
		var after bagStep
		if last != nil {
			after = *last
		}
		return all(ctx, &db.queries, db.readStep, stepColumns+`WHERE (bag_id, seq) > ($1, $2) ORDER BY bag_id, seq LIMIT $3`, after.bag, after.Seq, factsPage)
	}
	return each(page, func(r bagStep) []ledger.Fact { return r.Facts(r.bag) }, yield)
}
