package sqlstore

import (
	"context"
	"strconv"

	"github.com/yimen-gov/yimen/pkg/delivery"
)

// AddEvent implements delivery.Tx.
func (tx *Tx) AddEvent(ctx context.Context, waybill string, e delivery.Event) error {
	return tx.insert(ctx, delivery.ErrNotNow, `INSERT INTO waybill_event
		(waybill_id, seq, at, act, actor, passed_to, proof, evidence, reason, note_sealed, device_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, waybill, e.Seq, millis(e.At), e.Act, e.Actor, e.To, e.Proof, e.Evidence,
		e.Reason, tx.sealed("waybill_event", "note", eventRow(waybill, e.Seq), e.Note), millis(e.DeviceAt))
}

const eventColumns = `SELECT waybill_id, seq, at, act, actor, passed_to, proof, evidence, reason, note_sealed, device_at FROM waybill_event `

func (q *queries) readEvent(s scanner) (waybill string, e delivery.Event, err error) {
	var at, device int64
	var note []byte
	err = s.Scan(&waybill, &e.Seq, &at, &e.Act, &e.Actor, &e.To, &e.Proof, &e.Evidence, &e.Reason, &note, &device)
	if err != nil {
		return "", e, err
	}
	e.At, e.DeviceAt = moment(at), moment(device)
	e.Note, err = q.opened("waybill_event", "note", eventRow(waybill, e.Seq), note)
	return waybill, e, err
}

func (q *queries) readOwnEvent(s scanner) (delivery.Event, error) {
	_, e, err := q.readEvent(s)
	return e, err
}

// WaybillEvents implements delivery.Store.
func (q *queries) WaybillEvents(ctx context.Context, waybill string) ([]delivery.Event, error) {
	return all(ctx, q, q.readOwnEvent, eventColumns+`WHERE waybill_id = $1 ORDER BY seq`, waybill)
}

// LastEvent implements delivery.Tx.
func (q *queries) LastEvent(ctx context.Context, waybill string) (delivery.Event, error) {
	return one(ctx, q, delivery.ErrNoWaybill, q.readOwnEvent, eventColumns+`WHERE waybill_id = $1 ORDER BY seq DESC LIMIT 1`, waybill)
}

// eventRow names the row that a note is sealed for.
func eventRow(waybill string, seq int) string { return waybill + "|" + strconv.Itoa(seq) }
