package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/dossier"
)

var (
	_ dossier.Store = Store[dossier.Tx]{}
	_ dossier.Tx    = (*Tx)(nil)
)

// HeldAppointments implements dossier.Services.
func (q *queries) HeldAppointments(ctx context.Context, who citizen.ID) ([]appointment.Appointment, error) {
	return all(ctx, q, readAppointment, appointmentColumns+`WHERE person_id = $1 ORDER BY starts_at DESC, id DESC`, who)
}

// CommitmentText implements dossier.Services.
func (q *queries) CommitmentText(ctx context.Context, id casework.ID) (string, error) {
	text, err := maybe[[]byte](ctx, q, `SELECT text_sealed FROM commitment WHERE case_id = $1`, id)
	if err != nil {
		return "", err
	}
	return q.opened("commitment", "text", string(id), text)
}

// opening opens several sealed values of one row.
func (q *queries) opening(table, row string, parts map[string][]byte, into map[string]*string) (err error) {
	for column, sealed := range parts {
		if *into[column], err = q.opened(table, column, row, sealed); err != nil {
			return err
		}
	}
	return nil
}

// DeliveryOf implements dossier.Services.
func (q *queries) DeliveryOf(ctx context.Context, id casework.ID) (dossier.Delivery, error) {
	read := func(s scanner) (d dossier.Delivery, err error) {
		var recipient, phone, address []byte
		if err := s.Scan(&d.Way, &recipient, &phone, &address); err != nil {
			return d, err
		}
		err = q.opening("delivery_choice", string(id),
			map[string][]byte{"recipient": recipient, "phone": phone, "address": address},
			map[string]*string{"recipient": &d.Recipient, "phone": &d.Phone, "address": &d.Address})
		return d, err
	}
	list, err := all(ctx, q, read, `SELECT way, recipient_sealed, phone_sealed, address_sealed FROM delivery_choice WHERE case_id = $1`, id)
	if err != nil || len(list) == 0 {
		return dossier.Delivery{}, err
	}
	return list[0], nil
}

// HeldWaybills implements dossier.Services.
func (q *queries) HeldWaybills(ctx context.Context, who citizen.ID) ([]dossier.Waybill, error) {
	read := func(s scanner) (w dossier.Waybill, err error) {
		var id string
		var recipient, phone, address []byte
		var made, ended int64
		if err := s.Scan(&id, &w.Case, &w.Number, &w.Company, &w.State, &recipient, &phone, &address, &made, &ended); err != nil {
			return w, err
		}
		w.MadeAt, w.EndedAt = moment(made), moment(ended)
		err = q.opening("waybill", id,
			map[string][]byte{"recipient": recipient, "phone": phone, "address": address},
			map[string]*string{"recipient": &w.Recipient, "phone": &w.Phone, "address": &w.Address})
		return w, err
	}
	return all(ctx, q, read, `SELECT id, case_id, number, company, state, recipient_sealed, phone_sealed, address_sealed, made_at, ended_at
		FROM waybill WHERE person_id = $1 ORDER BY made_at DESC, id DESC`, who)
}

// HeldRatings implements dossier.Services.
func (q *queries) HeldRatings(ctx context.Context, who citizen.ID) ([]dossier.Rating, error) {
	read := func(s scanner) (r dossier.Rating, err error) {
		var text []byte
		var at int64
		if err := s.Scan(&r.Case, &r.Grade, &r.Reasons, &text, &at); err != nil {
			return r, err
		}
		r.At = moment(at)
		r.Text, err = q.opened("rating", "text", r.Case, text)
		return r, err
	}
	return all(ctx, q, read, `SELECT subject, grade, reasons, text_sealed, rated_at FROM rating WHERE person_id = $1 ORDER BY rated_at DESC`, who)
}

// Unfinished implements dossier.Tx.
func (q *queries) Unfinished(ctx context.Context, who citizen.ID, now time.Time) (dossier.Unfinished, error) {
	return one(ctx, q, errNone, func(s scanner) (u dossier.Unfinished, err error) {
		err = s.Scan(&u.Cases, &u.Appointments, &u.Posts)
		return u, err
	}, `SELECT
		(SELECT count(*) FROM cases WHERE person_id = $1 AND state IN ('draft', 'received', 'notified', 'receipt', 'accepted', 'granted')),
		(SELECT count(*) FROM appointment WHERE person_id = $1 AND state IN ('held', 'booked', 'checked_in') AND lapses_at > $2),
		(SELECT count(*) FROM staff m JOIN account a ON a.id = m.account_id WHERE a.person_id = $1 AND m.left_at = 0)`, who, millis(now))
}

// Remains implements dossier.Tx.
func (q *queries) Remains(ctx context.Context, who citizen.ID) (dossier.Remains, error) {
	return one(ctx, q, errNone, func(s scanner) (r dossier.Remains, err error) {
		err = s.Scan(&r.Cases, &r.Licences, &r.Waybills, &r.Ratings, &r.Appointments, &r.Looks)
		return r, err
	}, `SELECT (SELECT count(*) FROM cases WHERE person_id = $1), (SELECT count(*) FROM licence WHERE person_id = $1),
		(SELECT count(*) FROM waybill WHERE person_id = $1), (SELECT count(*) FROM rating WHERE person_id = $1),
		(SELECT count(*) FROM appointment WHERE person_id = $1), (SELECT count(*) FROM look WHERE person_id = $1)`, who)
}

// ForgetAccount implements dossier.Tx.
func (tx *Tx) ForgetAccount(ctx context.Context, id citizen.AccountID) error {
	for _, forget := range []string{
		`DELETE FROM session WHERE account_id = $1`,
		`DELETE FROM page_code WHERE account_id = $1`,
		`DELETE FROM face_check WHERE account_id = $1`,
		`UPDATE account SET person_id = NULL, phone_sealed = NULL, real_name_at = 0, face_at = 0 WHERE id = $1`,
		`DELETE FROM account WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM staff m WHERE m.account_id = $1)`,
	} {
		if err := tx.exec(ctx, forget, id); err != nil {
			return err
		}
	}
	return nil
}

// ForgetPerson implements dossier.Tx.
func (tx *Tx) ForgetPerson(ctx context.Context, who citizen.ID) error {
	for _, forget := range []string{
		`DELETE FROM message_call WHERE message_id IN (SELECT id FROM message WHERE person_id = $1)`,
		`DELETE FROM message WHERE person_id = $1`,
		`DELETE FROM representative WHERE representative_id = $1`,
	} {
		if err := tx.exec(ctx, forget, who); err != nil {
			return err
		}
	}
	return nil
}
