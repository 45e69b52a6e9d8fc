package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Companies implements delivery.Tx.
func (q *queries) Companies(ctx context.Context) ([]string, error) {
	return all(ctx, q, scalar[string], `SELECT DISTINCT company FROM staff WHERE role = $1 AND left_at = 0 ORDER BY company`, staff.Courier)
}

const carrierColumns = `SELECT id, name_sealed, company FROM staff `

func (q *queries) readCarrier(s scanner) (m staff.Member, err error) {
	var name []byte
	if err := s.Scan(&m.ID, &name, &m.Company); err != nil {
		return m, err
	}
	m.Role = staff.Courier
	m.Name, err = openedAs(q, "staff", "name", string(m.ID), name, citizen.ParseName)
	return m, err
}

// Carrier implements delivery.Tx.
func (q *queries) Carrier(ctx context.Context, id staff.ID) (staff.Member, error) {
	return one(ctx, q, delivery.ErrCarrier, q.readCarrier, carrierColumns+`WHERE id = $1 AND role = 'courier' AND left_at = 0`, id)
}

// Couriers implements delivery.Store.
func (q *queries) Couriers(ctx context.Context, company string) ([]staff.Member, error) {
	return all(ctx, q, q.readCarrier, carrierColumns+`WHERE company = $1 AND role = 'courier' AND left_at = 0 ORDER BY id`, company)
}

const actColumns = `SELECT a.courier, a.id, a.hash, a.waybill_id, a.act, a.device_at, a.received_at, a.result, a.code, a.state FROM courier_act a `

func readAct(s scanner) (k delivery.Kept, err error) {
	var hash []byte
	var device, received int64
	err = s.Scan(&k.Courier, &k.ID, &hash, &k.Waybill, &k.Act, &device, &received, &k.Result, &k.Code, &k.State)
	copy(k.Hash[:], hash)
	k.At, k.ReceivedAt = moment(device), moment(received)
	return k, err
}

// KeptAct implements delivery.Tx.
func (q *queries) KeptAct(ctx context.Context, courier staff.ID, id string) (delivery.Kept, error) {
	return one(ctx, q, delivery.ErrNoAct, readAct, actColumns+`WHERE a.courier = $1 AND a.id = $2`, courier, id)
}

// KeepAct implements delivery.Tx.
func (tx *Tx) KeepAct(ctx context.Context, k delivery.Kept) error {
	return tx.insert(ctx, delivery.ErrReused, `INSERT INTO courier_act
		(courier, id, hash, waybill_id, act, device_at, received_at, result, code, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		k.Courier, k.ID, k.Hash[:], k.Waybill, k.Act, millis(k.At), millis(k.ReceivedAt), k.Result, k.Code, k.State)
}

// CourierActs implements delivery.Store.
func (q *queries) CourierActs(ctx context.Context, office place.OfficeCode, after string, most int) ([]delivery.Kept, error) {
	return all(ctx, q, readAct, actColumns+`JOIN waybill w ON w.id = a.waybill_id
		WHERE w.office = $1 AND a.result = 'conflict' AND ($2 = '' OR a.received_at < (SELECT received_at FROM courier_act WHERE id = $2 LIMIT 1)
			OR a.received_at = (SELECT received_at FROM courier_act WHERE id = $2 LIMIT 1) AND a.id < $2)
		ORDER BY a.received_at DESC, a.id DESC LIMIT $3`, office, after, most)
}
