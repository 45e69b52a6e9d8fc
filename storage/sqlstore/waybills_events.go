package sqlstore

import (
	"context"
	"strconv"

	"github.com/yimen-gov/yimen/pkg/delivery"
)

// AddEvent implements delivery.Tx.
func (tx *Tx) AddEvent(ctx context.Context, waybill string, e delivery.Event) error {
	seq, err := scalarCount(ctx, &tx.queries, `SELECT coalesce(max(seq), 0) + 1 FROM waybill_event WHERE waybill_id = $1`, waybill)
	if err != nil {
		return err
	}
	return tx.insert(ctx, delivery.ErrNotNow, `INSERT INTO waybill_event (waybill_id, seq, at, act, actor, reason, note_sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, waybill, seq, millis(e.At), e.Act, e.Actor, e.Reason,
		tx.sealed("waybill_event", "note", eventRow(waybill, seq), e.Note))
}

// WaybillEvents implements delivery.Store.
func (q *queries) WaybillEvents(ctx context.Context, waybill string) ([]delivery.Event, error) {
	read := func(s scanner) (e delivery.Event, err error) {
		var seq int
		var at int64
		var note []byte
		if err := s.Scan(&seq, &at, &e.Act, &e.Actor, &e.Reason, &note); err != nil {
			return e, err
		}
		e.At = moment(at)
		e.Note, err = q.opened("waybill_event", "note", eventRow(waybill, seq), note)
		return e, err
	}
	return all(ctx, q, read, `SELECT seq, at, act, actor, reason, note_sealed FROM waybill_event WHERE waybill_id = $1 ORDER BY seq`, waybill)
}

// eventRow names the row that a note is sealed for.
func eventRow(waybill string, seq int) string { return waybill + "|" + strconv.Itoa(seq) }
