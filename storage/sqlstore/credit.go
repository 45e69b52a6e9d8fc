package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/credit"
)

var (
	_ credit.Store = Store[credit.Tx]{}
	_ credit.Tx    = (*Tx)(nil)
)

// Broken implements credit.Store.
func (q *queries) Broken(ctx context.Context, most int) ([]credit.Record, error) {
	read := func(s scanner) (r credit.Record, err error) {
		var at int64
		err = s.Scan(&r.Person, &r.Case, &r.Office, &at)
		r.At = moment(at)
		return r, err
	}
	return all(ctx, q, read, `SELECT c.person_id, c.id, c.office, c.closed_at FROM cases c JOIN commitment k ON k.case_id = c.id
		WHERE c.state = 'terminated' AND c.rule = 'R-24' AND NOT EXISTS (SELECT 1 FROM credit_record r WHERE r.case_id = c.id)
		ORDER BY c.closed_at LIMIT $1`, most)
}

const creditColumns = `SELECT id, person_id, case_id, office, at, repaired_at, repaired_by, reason_sealed FROM credit_record `

func (q *queries) readCredit(s scanner) (r credit.Record, err error) {
	var at, repaired int64
	var reason []byte
	if err := s.Scan(&r.ID, &r.Person, &r.Case, &r.Office, &at, &repaired, &r.RepairedBy, &reason); err != nil {
		return r, err
	}
	r.At, r.RepairedAt = moment(at), moment(repaired)
	r.Reason, err = q.opened("credit_record", "reason", r.ID, reason)
	return r, err
}

// CreditRecords implements credit.Store.
func (q *queries) CreditRecords(ctx context.Context, who citizen.ID) ([]credit.Record, error) {
	return all(ctx, q, q.readCredit, creditColumns+`WHERE person_id = $1 ORDER BY at DESC, id DESC LIMIT 200`, who)
}

// CreditRecord implements credit.Tx.
func (q *queries) CreditRecord(ctx context.Context, id string) (credit.Record, error) {
	return one(ctx, q, credit.ErrNoRecord, q.readCredit, creditColumns+`WHERE id = $1`, id)
}

// InsertRecord implements credit.Tx. With the first record of a person, the
// grade until then is kept as what the register says.
func (tx *Tx) InsertRecord(ctx context.Context, r credit.Record) error {
	err := tx.exec(ctx, `INSERT INTO credit_register (person_id, grade) SELECT id, credit_grade FROM person WHERE id = $1
		ON CONFLICT (person_id) DO NOTHING`, r.Person)
	if err != nil {
		return err
	}
	return tx.insert(ctx, credit.ErrKnown, `INSERT INTO credit_record (id, person_id, case_id, office, at) VALUES ($1, $2, $3, $4, $5)`,
		r.ID, r.Person, r.Case, r.Office, millis(r.At))
}

// RepairRecord implements credit.Tx.
func (tx *Tx) RepairRecord(ctx context.Context, r credit.Record) error {
	return tx.change(ctx, credit.ErrRepaired, `UPDATE credit_record SET repaired_at = $2, repaired_by = $3, reason_sealed = $4
		WHERE id = $1 AND repaired_at = 0`, r.ID, millis(r.RepairedAt), r.RepairedBy, tx.sealed("credit_record", "reason", r.ID, r.Reason))
}

// Standing implements credit.Tx.
func (tx *Tx) Standing(ctx context.Context, who citizen.ID) (unrepaired int, register citizen.Grade, err error) {
	unrepaired, err = scalarCount(ctx, &tx.queries, `SELECT count(*) FROM credit_record WHERE person_id = $1 AND repaired_at = 0`, who)
	if err != nil {
		return 0, "", err
	}
	register, err = one(ctx, &tx.queries, credit.ErrNoRecord, scalar[citizen.Grade], `SELECT grade FROM credit_register WHERE person_id = $1`, who)
	return unrepaired, register, err
}

// SetGrade implements credit.Tx.
func (tx *Tx) SetGrade(ctx context.Context, who citizen.ID, g citizen.Grade) error {
	return tx.exec(ctx, `UPDATE person SET credit_grade = $2 WHERE id = $1 AND credit_grade <> 'revoked'`, who, g)
}
