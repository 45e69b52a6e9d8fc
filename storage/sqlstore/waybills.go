package sqlstore

import (
	"context"
	"strings"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var (
	_ delivery.Store = Store[delivery.Tx]{}
	_ delivery.Tx    = (*Tx)(nil)
)

const waybillColumns = `SELECT id, number, case_id, person_id, office, company, courier, state, version, area,
	recipient_sealed, phone_sealed, address_sealed, hold_at, code_sealed, code_until, digits_do, evidence_due, grams, papers,
	wrong_codes, refusals, attempts, redirects, renewals, calls, made_at, due_on, from_at, to_at, ended_at,
	division, fee, ordered, locker_may, claimed_at, arrived_at, locker, locker_code_sealed, locker_until FROM waybill `

// waybillRow is what has to be read before it can be opened.
type waybillRow struct {
	recipient, phone, address, code, opens []byte
	until, made, from, to, ended           int64
	claimed, arrived, kept                 int64
	papers, due                            string
}

func (q *queries) readWaybill(s scanner) (w delivery.Waybill, err error) {
	var r waybillRow
	err = s.Scan(&w.ID, &w.Number, &w.Case, &w.Person, &w.Office, &w.Company, &w.Courier, &w.State, &w.Version, &w.Area,
		&r.recipient, &r.phone, &r.address, &w.HoldAt, &r.code, &r.until, &w.Demand.Digits, &w.Demand.Evidence, &w.Grams, &r.papers,
		&w.WrongCodes, &w.Refusals, &w.Attempts, &w.Redirects, &w.Renewals, &w.Calls, &r.made, &r.due, &r.from, &r.to, &r.ended,
		&w.Division, &w.Fee, &w.Ordered, &w.Demand.Locker, &r.claimed, &r.arrived, &w.Locker, &r.opens, &r.kept)
	if err != nil {
		return w, err
	}
	w.CodeUntil, w.MadeAt, w.EndedAt = moment(r.until), moment(r.made), moment(r.ended)
	w.From, w.To = moment(r.from), moment(r.to)
	w.ClaimedAt, w.ArrivedAt, w.LockerUntil = moment(r.claimed), moment(r.arrived), moment(r.kept)
	if r.papers != "" {
		w.Papers = strings.Split(r.papers, "\n")
	}
	if r.due != "" {
		if w.DueOn, err = workday.ParseDate(r.due); err != nil {
			return w, err
		}
	}
	return w, q.openWaybill(&w, r)
}

func (q *queries) openWaybill(w *delivery.Waybill, r waybillRow) (err error) {
	if w.Recipient, err = openedAs(q, "waybill", "recipient", w.ID, r.recipient, citizen.ParseName); err != nil {
		return err
	}
	if w.Phone, err = openedAs(q, "waybill", "phone", w.ID, r.phone, citizen.ParsePhone); err != nil {
		return err
	}
	if w.Address, err = q.opened("waybill", "address", w.ID, r.address); err != nil {
		return err
	}
	if w.LockerCode, err = q.opened("waybill", "locker_code", w.ID, r.opens); err != nil {
		return err
	}
	plain, err := q.opened("waybill", "code", w.ID, r.code)
	w.Code = delivery.Code(plain)
	return err
}

// Waybill implements delivery.Reader.
func (q *queries) Waybill(ctx context.Context, id string) (delivery.Waybill, error) {
	return one(ctx, q, delivery.ErrNoWaybill, q.readWaybill, waybillColumns+`WHERE id = $1`, id)
}

// WaybillOf implements delivery.Reader.
func (q *queries) WaybillOf(ctx context.Context, caseID string) (delivery.Waybill, error) {
	return one(ctx, q, delivery.ErrNoWaybill, q.readWaybill, waybillColumns+`WHERE case_id = $1 ORDER BY id DESC LIMIT 1`, caseID)
}

// Carried implements delivery.Store.
func (q *queries) Carried(ctx context.Context, courier staff.ID) ([]delivery.Waybill, error) {
	return all(ctx, q, q.readWaybill, waybillColumns+`WHERE courier = $1
		AND (state IN ('in_transit', 'out_for_delivery', 'attempt_failed', 'returning') OR state = 'held' AND locker <> '')`, courier)
}

// Waiting implements delivery.Store.
func (q *queries) Waiting(ctx context.Context, company, after string, most int) ([]delivery.Waybill, error) {
	return all(ctx, q, q.readWaybill, waybillColumns+`WHERE company = $1 AND state = 'handed_over' AND NOT ordered
		AND ($2 = '' OR (area, number) > (SELECT area, number FROM waybill WHERE id = $2 AND company = $1))
		ORDER BY area, number LIMIT $3`, company, after, most)
}

// WaybillsOf implements delivery.Store.
func (q *queries) WaybillsOf(ctx context.Context, office place.OfficeCode, state delivery.State, after string, most int) ([]delivery.Waybill, error) {
	return all(ctx, q, q.readWaybill, waybillColumns+`WHERE (office = $1 OR hold_at = $1 AND hold_at <> '') AND ($2 = '' OR state = $2) AND ($3 = '' OR id < $3)
		ORDER BY id DESC LIMIT $4`, office, state, after, most)
}

// InsertWaybill implements delivery.Tx: the database itself sends nothing that
// was not granted, issued and wanted by courier.
func (tx *Tx) InsertWaybill(ctx context.Context, w delivery.Waybill) error {
	err := tx.change(ctx, delivery.ErrNotReady, `INSERT INTO waybill (id, number, case_id, person_id, office, company,
		state, version, area, recipient_sealed, phone_sealed, address_sealed, code_sealed, code_until,
		digits_do, evidence_due, grams, papers, made_at, due_on, division, fee, locker_may)
		SELECT $1, $2, c.id, c.person_id, c.office, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $20, $21, $22
		FROM cases c JOIN licence l ON l.case_id = c.id JOIN delivery_choice d ON d.case_id = c.id
		WHERE c.id = $18 AND c.state = 'granted' AND c.office = $19 AND l.state = 'valid' AND l.state <> 'replaced' AND d.way = 'courier'`,
		w.ID, w.Number, w.Company, w.State, w.Version, w.Area,
		tx.sealed("waybill", "recipient", w.ID, w.Recipient.String()), tx.sealed("waybill", "phone", w.ID, w.Phone.String()),
		tx.sealed("waybill", "address", w.ID, w.Address), tx.sealed("waybill", "code", w.ID, string(w.Code)), millis(w.CodeUntil),
		w.Demand.Digits, w.Demand.Evidence, w.Grams, strings.Join(w.Papers, "\n"), millis(w.MadeAt), w.DueOn.String(), w.Case, w.Office,
		w.Division, w.Fee, w.Demand.Locker)
	if isDuplicate(err) {
		return delivery.ErrMade
	}
	return err
}

// MoveWaybill implements delivery.Tx: nothing at all may have changed.
func (tx *Tx) MoveWaybill(ctx context.Context, was, is delivery.Waybill) error {
	err := tx.change(ctx, delivery.ErrNotNow, `UPDATE waybill SET state = $3, version = $4, courier = $5, attempts = $6, hold_at = $7,
		redirects = $8, renewals = $9, calls = $10, from_at = $11, to_at = $12, ended_at = $13
		WHERE id = $1 AND version = $2`,
		was.ID, was.Version, is.State, is.Version, is.Courier, is.Attempts, is.HoldAt,
		is.Redirects, is.Renewals, is.Calls, millis(is.From), millis(is.To), millis(is.EndedAt))
	if err != nil || seldom(was) == seldom(is) {
		return err
	}
	return tx.exec(ctx, `UPDATE waybill SET address_sealed = $2, area = $3, code_sealed = $4, code_until = $5,
		ordered = $6, claimed_at = $7, arrived_at = $8, locker = $9, locker_code_sealed = $10, locker_until = $11 WHERE id = $1`,
		is.ID, tx.sealed("waybill", "address", is.ID, is.Address), is.Area,
		tx.sealed("waybill", "code", is.ID, string(is.Code)), millis(is.CodeUntil), is.Ordered, millis(is.ClaimedAt), millis(is.ArrivedAt),
		is.Locker, tx.sealed("waybill", "locker_code", is.ID, is.LockerCode), millis(is.LockerUntil))
}

// seldom is what most acts leave as it is: sealing it anew would cost more than
// all the rest.
func seldom(w delivery.Waybill) [10]any {
	return [...]any{
		w.Address, w.Area, w.Code, millis(w.CodeUntil), w.Ordered, millis(w.ClaimedAt), millis(w.ArrivedAt), w.Locker, w.LockerCode, millis(w.LockerUntil),
	}
}

// CountWrongCode implements delivery.Tx.
func (tx *Tx) CountWrongCode(ctx context.Context, id string) error {
	return tx.change(ctx, delivery.ErrNotNow, `UPDATE waybill SET wrong_codes = wrong_codes + 1, version = version + 1
		WHERE id = $1 AND state IN ('in_transit', 'out_for_delivery') AND wrong_codes < $2`, id, delivery.WrongCodesMost)
}

// CountRefusal implements delivery.Tx.
func (tx *Tx) CountRefusal(ctx context.Context, id string) error {
	return tx.exec(ctx, `UPDATE waybill SET refusals = refusals + 1 WHERE id = $1`, id)
}
