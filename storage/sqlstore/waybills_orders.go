package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/delivery"
)

const orderColumns = `SELECT waybill_id, company, via, code, state, task, ref, number, salt_sealed, reason,
	asked_at, placed_at, told_at, heard_at FROM courier_order `

func (q *queries) readOrder(s scanner) (o delivery.Order, err error) {
	var salt []byte
	var asked, placed, told, heard int64
	err = s.Scan(&o.Waybill, &o.Company, &o.Via, &o.Code, &o.State, &o.Task, &o.Ref, &o.Number, &salt, &o.Reason, &asked, &placed, &told, &heard)
	if err != nil {
		return o, err
	}
	o.AskedAt, o.PlacedAt, o.ToldAt, o.HeardAt = moment(asked), moment(placed), moment(told), moment(heard)
	o.Salt, err = q.opened("courier_order", "salt", o.Waybill, salt)
	return o, err
}

// OrderOf implements delivery.Orders.
func (q *queries) OrderOf(ctx context.Context, waybill string) (delivery.Order, error) {
	return one(ctx, q, delivery.ErrNoOrder, q.readOrder, orderColumns+`WHERE waybill_id = $1`, waybill)
}

// Unheard implements delivery.Store.
func (q *queries) Unheard(ctx context.Context, since time.Time, most int) ([]delivery.Order, error) {
	return all(ctx, q, q.readOrder, orderColumns+`WHERE state = 'placed' AND heard_at < $1 AND EXISTS (SELECT 1 FROM waybill w
		WHERE w.id = courier_order.waybill_id AND w.state IN ('handed_over', 'in_transit', 'out_for_delivery', 'attempt_failed'))
		ORDER BY heard_at LIMIT $2`, millis(since), most)
}

// AskOrder implements delivery.Orders.
func (tx *Tx) AskOrder(ctx context.Context, o delivery.Order) error {
	return tx.change(ctx, delivery.ErrNoReason, `INSERT INTO courier_order (waybill_id, company, via, code, state, salt_sealed, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (waybill_id) DO UPDATE SET company = excluded.company, via = excluded.via,
		code = excluded.code, state = excluded.state, salt_sealed = excluded.salt_sealed, reason = '', asked_at = excluded.asked_at
		WHERE courier_order.state IN ('failed', 'dropped')`,
		o.Waybill, o.Company, o.Via, o.Code, o.State, tx.sealed("courier_order", "salt", o.Waybill, o.Salt), millis(o.AskedAt))
}

// SaveOrder implements delivery.Orders.
func (tx *Tx) SaveOrder(ctx context.Context, o delivery.Order) error {
	return tx.change(ctx, delivery.ErrNoOrder, `UPDATE courier_order SET state = $2, task = $3, ref = $4, number = $5, reason = $6,
		placed_at = $7, told_at = $8, heard_at = $9 WHERE waybill_id = $1`,
		o.Waybill, o.State, o.Task, o.Ref, o.Number, o.Reason, millis(o.PlacedAt), millis(o.ToldAt), millis(o.HeardAt))
}

// KeepTiding implements delivery.Orders.
func (tx *Tx) KeepTiding(ctx context.Context, t delivery.Told) (bool, error) {
	n, err := tx.run.exec(ctx, `INSERT INTO courier_tiding (waybill_id, digest, news, at, received_at, result, code)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (waybill_id, digest) DO NOTHING`,
		t.Waybill, t.Digest[:], t.News, millis(t.At), millis(t.ReceivedAt), t.Result, t.Code)
	return n == 1, err
}

// Tidings implements delivery.Store.
func (q *queries) Tidings(ctx context.Context, waybill string) ([]delivery.Told, error) {
	read := func(s scanner) (t delivery.Told, err error) {
		var digest []byte
		var at, received int64
		err = s.Scan(&t.Waybill, &digest, &t.News, &at, &received, &t.Result, &t.Code)
		copy(t.Digest[:], digest)
		t.At, t.ReceivedAt = moment(at), moment(received)
		return t, err
	}
	return all(ctx, q, read, `SELECT waybill_id, digest, news, at, received_at, result, code FROM courier_tiding
		WHERE waybill_id = $1 ORDER BY received_at, digest LIMIT 200`, waybill)
}
