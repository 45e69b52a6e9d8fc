package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// SecondFactor implements staff.Tx.
func (q *queries) SecondFactor(ctx context.Context, of staff.ID) (staff.SecondFactor, error) {
	read := func(s scanner) (f staff.SecondFactor, err error) {
		var secret []byte
		var confirmed, locked int64
		if err := s.Scan(&f.Member, &secret, &confirmed, &f.LastStep, &f.Wrong, &locked); err != nil {
			return f, err
		}
		f.ConfirmedAt, f.LockedUntil = moment(confirmed), moment(locked)
		f.Secret, err = q.opened("second_factor", "secret", string(f.Member), secret)
		return f, err
	}
	return one(ctx, q, staff.ErrNotEnrolled, read, `SELECT staff_id, secret_sealed, confirmed_at, last_step, wrong, locked_until
		FROM second_factor WHERE staff_id = $1`, of)
}

// PutSecondFactor implements staff.Tx.
func (tx *Tx) PutSecondFactor(ctx context.Context, f staff.SecondFactor) error {
	return tx.change(ctx, staff.ErrEnrolled, `INSERT INTO second_factor (staff_id, secret_sealed) VALUES ($1, $2)
		ON CONFLICT (staff_id) DO UPDATE SET secret_sealed = excluded.secret_sealed WHERE second_factor.confirmed_at = 0`,
		f.Member, tx.sealed("second_factor", "secret", string(f.Member), f.Secret))
}

// MoveSecondFactor implements staff.Tx.
func (tx *Tx) MoveSecondFactor(ctx context.Context, was, is staff.SecondFactor) error {
	return tx.change(ctx, staff.ErrCodeUsed, `UPDATE second_factor SET confirmed_at = $4, last_step = $5, wrong = $6, locked_until = $7
		WHERE staff_id = $1 AND last_step = $2 AND wrong = $3`,
		was.Member, was.LastStep, was.Wrong, millis(is.ConfirmedAt), is.LastStep, is.Wrong, millis(is.LockedUntil))
}

// DeleteSecondFactor implements staff.Tx.
func (tx *Tx) DeleteSecondFactor(ctx context.Context, of staff.ID) error {
	if err := tx.exec(ctx, `DELETE FROM second_factor WHERE staff_id = $1`, of); err != nil {
		return err
	}
	return tx.exec(ctx, `UPDATE session SET raised_at = 0 WHERE account_id = (SELECT account_id FROM staff WHERE id = $1)`, of)
}
