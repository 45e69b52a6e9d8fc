package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

var (
	_ delivery.Store = Store[delivery.Tx]{}
	_ delivery.Tx    = (*Tx)(nil)
)

const waybillColumns = `SELECT id, number, case_id, person_id, office, company, courier, state, area,
	recipient_sealed, phone_sealed, address_sealed, code_sealed, wrong_codes, refusals, attempts, made_at, ended_at FROM waybill `

func (q *queries) readWaybill(s scanner) (w delivery.Waybill, err error) {
	var recipient, phone, address, code []byte
	var made, ended int64
	err = s.Scan(&w.ID, &w.Number, &w.Case, &w.Person, &w.Office, &w.Company, &w.Courier, &w.State, &w.Area,
		&recipient, &phone, &address, &code, &w.WrongCodes, &w.Refusals, &w.Attempts, &made, &ended)
	if err != nil {
		return w, err
	}
	w.MadeAt, w.EndedAt = moment(made), moment(ended)
	if w.Recipient, err = openedAs(q, "waybill", "recipient", w.ID, recipient, citizen.ParseName); err != nil {
		return w, err
	}
	if w.Phone, err = openedAs(q, "waybill", "phone", w.ID, phone, citizen.ParsePhone); err != nil {
		return w, err
	}
	if w.Address, err = q.opened("waybill", "address", w.ID, address); err != nil {
		return w, err
	}
	plain, err := q.opened("waybill", "code", w.ID, code)
	w.Code = delivery.Code(plain)
	return w, err
}

// Waybill implements delivery.Reader.
func (q *queries) Waybill(ctx context.Context, id string) (delivery.Waybill, error) {
	return one(ctx, q, delivery.ErrNoWaybill, q.readWaybill, waybillColumns+`WHERE id = $1`, id)
}

// WaybillOf implements delivery.Reader.
func (q *queries) WaybillOf(ctx context.Context, caseID string) (delivery.Waybill, error) {
	return one(ctx, q, delivery.ErrNoWaybill, q.readWaybill, waybillColumns+`WHERE case_id = $1`, caseID)
}

// Carried implements delivery.Store.
func (q *queries) Carried(ctx context.Context, courier staff.ID) ([]delivery.Waybill, error) {
	return all(ctx, q, q.readWaybill, waybillColumns+`WHERE courier = $1 AND state IN ('in_transit', 'attempt_failed')`, courier)
}

// Waiting implements delivery.Store.
func (q *queries) Waiting(ctx context.Context, company, after string, most int) ([]delivery.Waybill, error) {
	return all(ctx, q, q.readWaybill, waybillColumns+`WHERE company = $1 AND state = 'handed_over'
		AND ($2 = '' OR (area, number) > (SELECT area, number FROM waybill WHERE id = $2 AND company = $1))
		ORDER BY area, number LIMIT $3`, company, after, most)
}

// WaybillsOf implements delivery.Store.
func (q *queries) WaybillsOf(ctx context.Context, office place.OfficeCode, state delivery.State, after string, most int) ([]delivery.Waybill, error) {
	return all(ctx, q, q.readWaybill, waybillColumns+`WHERE office = $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR id < $3)
		ORDER BY id DESC LIMIT $4`, office, state, after, most)
}

// Companies implements delivery.Tx.
func (q *queries) Companies(ctx context.Context) ([]string, error) {
	return all(ctx, q, scalar[string], `SELECT DISTINCT company FROM staff WHERE role = $1 AND left_at = 0 ORDER BY company`, staff.Courier)
}

// InsertWaybill implements delivery.Tx: the database itself sends nothing that
// was not granted, issued and wanted by courier.
func (tx *Tx) InsertWaybill(ctx context.Context, w delivery.Waybill) error {
	err := tx.change(ctx, delivery.ErrNotReady, `INSERT INTO waybill (id, number, case_id, person_id, office, company,
		state, area, recipient_sealed, phone_sealed, address_sealed, code_sealed, made_at)
		SELECT $1, $2, c.id, c.person_id, c.office, $3, $4, $5, $6, $7, $8, $9, $10
		FROM cases c JOIN licence l ON l.case_id = c.id JOIN delivery_choice d ON d.case_id = c.id
		WHERE c.id = $11 AND c.state = 'granted' AND c.office = $12 AND l.state = 'valid' AND d.way = 'courier'`,
		w.ID, w.Number, w.Company, w.State, w.Area,
		tx.sealed("waybill", "recipient", w.ID, w.Recipient.String()), tx.sealed("waybill", "phone", w.ID, w.Phone.String()),
		tx.sealed("waybill", "address", w.ID, w.Address), tx.sealed("waybill", "code", w.ID, string(w.Code)),
		millis(w.MadeAt), w.Case, w.Office)
	if isDuplicate(err) {
		return delivery.ErrMade
	}
	return err
}

// MoveWaybill implements delivery.Tx: nothing that decided may have changed.
func (tx *Tx) MoveWaybill(ctx context.Context, was, is delivery.Waybill) error {
	return tx.change(ctx, delivery.ErrNotNow, `UPDATE waybill SET state = $6, courier = $7, attempts = $8, ended_at = $9
		WHERE id = $1 AND state = $2 AND courier = $3 AND attempts = $4 AND wrong_codes = $5`,
		was.ID, was.State, was.Courier, was.Attempts, was.WrongCodes, is.State, is.Courier, is.Attempts, millis(is.EndedAt))
}

// CountWrongCode implements delivery.Tx.
func (tx *Tx) CountWrongCode(ctx context.Context, id string) error {
	return tx.change(ctx, delivery.ErrNotNow, `UPDATE waybill SET wrong_codes = wrong_codes + 1
		WHERE id = $1 AND state = 'in_transit' AND wrong_codes < $2`, id, delivery.WrongCodesMost)
}

// CountRefusal implements delivery.Tx.
func (tx *Tx) CountRefusal(ctx context.Context, id string) error {
	return tx.exec(ctx, `UPDATE waybill SET refusals = refusals + 1 WHERE id = $1`, id)
}
