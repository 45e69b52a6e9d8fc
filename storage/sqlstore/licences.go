package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var (
	_ licence.Store = Store[licence.Tx]{}
	_ licence.Tx    = (*Tx)(nil)
)

const licenceColumns = `SELECT id, number, case_id, person_id, item, name, kind, code, office, issuer,
	issued_at, state, revoked_at, revoked_for_sealed, valid_until, replaces, replaced_by, replaced_at, hide_holder FROM licence `

func (q *queries) readLicence(s scanner) (l licence.Licence, err error) {
	var issued, revoked, replaced int64
	var until string
	var reason []byte
	err = s.Scan(&l.ID, &l.Number, &l.Case, &l.Person, &l.Item, &l.Name, &l.Kind, &l.Code, &l.Office, &l.Issuer,
		&issued, &l.State, &revoked, &reason, &until, &l.Replaces, &l.ReplacedBy, &replaced, &l.HideHolder)
	if err != nil {
		return l, err
	}
	l.IssuedAt, l.RevokedAt, l.ReplacedAt = moment(issued), moment(revoked), moment(replaced)
	if until != "" {
		if l.ValidUntil, err = workday.ParseDate(until); err != nil {
			return l, err
		}
	}
	l.RevokedFor, err = q.opened("licence", "revoked_for", l.ID, reason)
	return l, err
}

// Licence implements licence.Store.
func (q *queries) Licence(ctx context.Context, id string) (licence.Licence, error) {
	return one(ctx, q, licence.ErrNoLicence, q.readLicence, licenceColumns+`WHERE id = $1`, id)
}

// LicenceOf implements licence.Tx.
func (q *queries) LicenceOf(ctx context.Context, caseID string) (licence.Licence, error) {
	return one(ctx, q, licence.ErrNoLicence, q.readLicence, licenceColumns+`WHERE case_id = $1 AND state <> 'replaced'`, caseID)
}

// LicenceByCode implements licence.Store.
func (q *queries) LicenceByCode(ctx context.Context, code string) (licence.Licence, error) {
	return one(ctx, q, licence.ErrWrongCode, q.readLicence, licenceColumns+`WHERE code = $1`, code)
}

// LicencesOf implements licence.Store.
func (q *queries) LicencesOf(ctx context.Context, who citizen.ID, after string, most int) ([]licence.Licence, error) {
	return all(ctx, q, q.readLicence, licenceColumns+`WHERE person_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, who, after, most)
}

// LicencesActedIn implements licence.Store.
func (q *queries) LicencesActedIn(ctx context.Context, agent, principal citizen.ID, now time.Time, after string, most int) ([]licence.Licence, error) {
	return all(ctx, q, q.readLicence, licenceColumns+`WHERE person_id = $3 AND ($4 = '' OR id < $4) AND `+actsInPaper+` ORDER BY id DESC LIMIT $5`,
		agent, millis(now), principal, after, most)
}

// CaseHead implements licence.Tx and delivery.Reader.
func (q *queries) CaseHead(ctx context.Context, id string) (licence.Case, error) {
	read := func(s scanner) (cs licence.Case, err error) {
		var decided int64
		err = s.Scan(&cs.ID, &cs.Number, &cs.Edition, &cs.Item, &cs.Person, &cs.Office, &cs.State, &decided)
		cs.Decided = moment(decided)
		return cs, err
	}
	return one(ctx, q, casework.ErrNoCase, read,
		`SELECT id, number, edition, item, person_id, office, state, decided_at FROM cases WHERE id = $1`, id)
}

// NextSerial implements licence.Tx and delivery.Tx. A number that was drawn in
// a transaction that failed is drawn again.
func (tx *Tx) NextSerial(ctx context.Context, series string) (int, error) {
	return one(ctx, &tx.queries, errNone, scalar[int], `INSERT INTO serial (series, last) VALUES ($1, 1)
		ON CONFLICT (series) DO UPDATE SET last = serial.last + 1 RETURNING last`, series)
}

// InsertLicence implements licence.Tx: the database itself issues nothing that
// was not granted.
func (tx *Tx) InsertLicence(ctx context.Context, l licence.Licence) error {
	err := tx.change(ctx, licence.ErrNotGranted, `INSERT INTO licence
		(id, number, case_id, person_id, item, name, kind, code, office, issuer, issued_at, state, valid_until)
		SELECT $1, $2, id, person_id, item, $3, $4, $5, office, $6, $7, $8, $9 FROM cases
		WHERE id = $10 AND state = 'granted' AND office = $11 AND person_id = $12 AND item = $13`,
		l.ID, l.Number, l.Name, l.Kind, l.Code, l.Issuer, millis(l.IssuedAt), l.State, l.ValidUntil.String(), l.Case, l.Office, l.Person, l.Item)
	if isDuplicate(err) {
		return licence.ErrIssued
	}
	return err
}

// RevokeLicence implements licence.Tx.
func (tx *Tx) RevokeLicence(ctx context.Context, l licence.Licence) error {
	return tx.change(ctx, licence.ErrRevoked, `UPDATE licence SET state = 'revoked', revoked_at = $2, revoked_for_sealed = $3
		WHERE id = $1 AND state = 'valid'`, l.ID, millis(l.RevokedAt), tx.sealed("licence", "revoked_for", l.ID, l.RevokedFor))
}

// ReplaceLicence implements licence.Tx: the new one is what the old one was,
// under its own number and code.
func (tx *Tx) ReplaceLicence(ctx context.Context, was, is licence.Licence) error {
	err := tx.change(ctx, licence.ErrReplaced, `UPDATE licence SET state = 'replaced', replaced_by = $2, replaced_at = $3, revoked_for_sealed = $4
		WHERE id = $1 AND state = 'valid'`, was.ID, is.ID, millis(was.ReplacedAt), tx.sealed("licence", "revoked_for", was.ID, was.RevokedFor))
	if err != nil {
		return err
	}
	return tx.change(ctx, licence.ErrNoLicence, `INSERT INTO licence
		(id, number, case_id, person_id, item, name, kind, code, office, issuer, issued_at, state, valid_until, replaces, hide_holder)
		SELECT $1, $2, case_id, person_id, item, name, kind, $3, office, issuer, $4, 'valid', valid_until, id, hide_holder
		FROM licence WHERE id = $5`, is.ID, is.Number, is.Code, millis(is.IssuedAt), was.ID)
}

// ShowHolder implements licence.Tx.
func (tx *Tx) ShowHolder(ctx context.Context, id string, show bool) error {
	return tx.change(ctx, licence.ErrNoLicence, `UPDATE licence SET hide_holder = $2 WHERE id = $1`, id, !show)
}
