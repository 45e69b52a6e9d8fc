package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

// ReplacePageCode implements citizen.Tx.
func (tx *Tx) ReplacePageCode(ctx context.Context, c citizen.PageCode) error {
	if err := tx.exec(ctx, `DELETE FROM page_code WHERE account_id = $1`, c.Account); err != nil {
		return err
	}
	return tx.exec(ctx, `INSERT INTO page_code (code_hash, account_id, ends_at) VALUES ($1, $2, $3)`,
		c.Hash[:], c.Account, millis(c.EndsAt))
}

// UsePageCode implements citizen.Tx.
func (tx *Tx) UsePageCode(ctx context.Context, hash [32]byte, now time.Time) (citizen.AccountID, error) {
	read := func(s scanner) (id citizen.AccountID, err error) { return id, s.Scan(&id) }
	return one(ctx, &tx.queries, citizen.ErrWrongPageCode, read,
		`DELETE FROM page_code WHERE code_hash = $1 AND ends_at > $2 RETURNING account_id`, hash[:], millis(now))
}
