package sqlstore

import (
	"context"
	"iter"

	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/licence"
)

// factsPage is how many rows are read at a time.
const factsPage = 1000

// Facts tells, from the rows of today, every fact that the ledger must hold.
func (db *DB) Facts(ctx context.Context) iter.Seq2[ledger.Fact, error] {
	return func(yield func(ledger.Fact, error) bool) {
		for _, source := range []func(context.Context, func(ledger.Fact) bool) (bool, error){
			db.licenceFacts, db.parcelFacts, db.windowFacts, db.bagFacts, db.originalFacts,
		} {
			more, err := source(ctx, func(f ledger.Fact) bool { return yield(f, nil) })
			if err != nil {
				yield(ledger.Fact{}, err)
				return
			}
			if !more {
				return
			}
		}
	}
}

// each goes over pages of rows; read gives a row's facts and the keys that it
// sorts by.
func each[T any](page func(last *T) ([]T, error), facts func(T) []ledger.Fact, yield func(ledger.Fact) bool) (bool, error) {
	var last *T
	for {
		list, err := page(last)
		if err != nil || len(list) == 0 {
			return true, err
		}
		for _, row := range list {
			for _, f := range facts(row) {
				if !yield(f) {
					return false, nil
				}
			}
		}
		last = &list[len(list)-1]
	}
}

func (db *DB) licenceFacts(ctx context.Context, yield func(ledger.Fact) bool) (bool, error) {
	page := func(last *licence.Licence) ([]licence.Licence, error) {
		after := ""
		if last != nil {
			after = last.ID
		}
		return all(ctx, &db.queries, db.readLicence, licenceColumns+`WHERE id > $1 ORDER BY id LIMIT $2`, after, factsPage)
	}
	return each(page, licence.Licence.Facts, yield)
}

// parcelEvent is an event with its waybill.
type parcelEvent struct {
	waybill string
	delivery.Event
}

func (db *DB) parcelFacts(ctx context.Context, yield func(ledger.Fact) bool) (bool, error) {
	read := func(s scanner) (e parcelEvent, err error) {
		e.waybill, e.Event, err = db.readEvent(s)
		return e, err
	}
	page := func(last *parcelEvent) ([]parcelEvent, error) {
		after, seq := "", 0
		if last != nil {
			after, seq = last.waybill, last.Seq
		}
		return all(ctx, &db.queries, read, eventColumns+`WHERE (waybill_id, seq) > ($1, $2) ORDER BY waybill_id, seq LIMIT $3`, after, seq, factsPage)
	}
	return each(page, func(e parcelEvent) []ledger.Fact { return e.Facts(e.waybill) }, yield)
}

// handed is a result that left its office's window.
type handed struct {
	caseID       string
	seq          int
	at           int64
	actor, proof string
	why          []byte
}

// windowFacts leaves out the cases that a waybill concluded: those are told by
// its events.
func (db *DB) windowFacts(ctx context.Context, yield func(ledger.Fact) bool) (bool, error) {
	read := func(s scanner) (h handed, err error) {
		return h, s.Scan(&h.caseID, &h.seq, &h.at, &h.actor, &h.proof, &h.why)
	}
	page := func(last *handed) ([]handed, error) {
		var after handed
		if last != nil {
			after = *last
		}
		return all(ctx, &db.queries, read, `SELECT e.case_id, e.seq, e.at, e.actor, e.note, r.why_sealed
			FROM case_event e LEFT JOIN delivery_release r ON r.case_id = e.case_id
			WHERE e.act = 'hand' AND (e.case_id, e.seq) > ($1, $2)
			AND NOT EXISTS (SELECT 1 FROM waybill w WHERE w.case_id = e.case_id AND w.state = 'delivered')
			ORDER BY e.case_id, e.seq LIMIT $3`, after.caseID, after.seq, factsPage)
	}
	return each(page, func(h handed) []ledger.Fact {
		why, err := db.opened("delivery_release", "why", h.caseID, h.why)
		if err != nil {
			why = err.Error() // then no leaf is like it
		}
		return []ledger.Fact{delivery.CollectedFact(h.caseID, h.actor, h.proof, why, moment(h.at))}
	}, yield)
}
