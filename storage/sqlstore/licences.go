package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/licence"
)

var (
	_ licence.Store = Store[licence.Tx]{}
	_ licence.Tx    = (*Tx)(nil)
)

const licenceColumns = `SELECT id, number, case_id, person_id, item, name, kind, code, office, issuer,
	issued_at, state, revoked_at, revoked_for FROM licence `

func readLicence(s scanner) (l licence.Licence, err error) {
	var issued, revoked int64
	err = s.Scan(&l.ID, &l.Number, &l.Case, &l.Person, &l.Item, &l.Name, &l.Kind, &l.Code, &l.Office, &l.Issuer,
		&issued, &l.State, &revoked, &l.RevokedFor)
	l.IssuedAt, l.RevokedAt = moment(issued), moment(revoked)
	return l, err
}

// Licence implements licence.Store.
func (q *queries) Licence(ctx context.Context, id string) (licence.Licence, error) {
	return one(ctx, q, licence.ErrNoLicence, readLicence, licenceColumns+`WHERE id = $1`, id)
}

// LicenceOf implements licence.Tx.
func (q *queries) LicenceOf(ctx context.Context, caseID string) (licence.Licence, error) {
	return one(ctx, q, licence.ErrNoLicence, readLicence, licenceColumns+`WHERE case_id = $1`, caseID)
}

// LicenceByCode implements licence.Store.
func (q *queries) LicenceByCode(ctx context.Context, code string) (licence.Licence, error) {
	return one(ctx, q, licence.ErrWrongCode, readLicence, licenceColumns+`WHERE code = $1`, code)
}

// LicencesOf implements licence.Store.
func (q *queries) LicencesOf(ctx context.Context, who citizen.ID, after string, most int) ([]licence.Licence, error) {
	return all(ctx, q, readLicence, licenceColumns+`WHERE person_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3`, who, after, most)
}

// CaseHead implements licence.Tx and delivery.Reader.
func (q *queries) CaseHead(ctx context.Context, id string) (licence.Case, error) {
	read := func(s scanner) (cs licence.Case, err error) {
		return cs, s.Scan(&cs.ID, &cs.Number, &cs.Edition, &cs.Item, &cs.Person, &cs.Office, &cs.State)
	}
	return one(ctx, q, casework.ErrNoCase, read,
		`SELECT id, number, edition, item, person_id, office, state FROM cases WHERE id = $1`, id)
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
		(id, number, case_id, person_id, item, name, kind, code, office, issuer, issued_at, state)
		SELECT $1, $2, id, person_id, item, $3, $4, $5, office, $6, $7, $8 FROM cases
		WHERE id = $9 AND state = 'granted' AND office = $10 AND person_id = $11 AND item = $12`,
		l.ID, l.Number, l.Name, l.Kind, l.Code, l.Issuer, millis(l.IssuedAt), l.State, l.Case, l.Office, l.Person, l.Item)
	if isDuplicate(err) {
		return licence.ErrIssued
	}
	return err
}

// RevokeLicence implements licence.Tx.
func (tx *Tx) RevokeLicence(ctx context.Context, l licence.Licence) error {
	return tx.change(ctx, licence.ErrRevoked, `UPDATE licence SET state = 'revoked', revoked_at = $2, revoked_for = $3
		WHERE id = $1 AND state = 'valid'`, l.ID, millis(l.RevokedAt), l.RevokedFor)
}
