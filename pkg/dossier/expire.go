package dossier

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
)

// ForgetFile removes one stored file.
const ForgetFile notify.JobKind = "file.forget"

// expireMost bounds one round.
const expireMost = 50

// Sweep erases what the law has kept long enough: of those who closed their
// account, the records of looks after three years, everything else personal
// after ten. It returns how many persons were erased.
func (k *Keeper) Sweep(ctx context.Context) (int, error) {
	now := k.Now()
	archive, record := now.AddDate(-archiveYears, 0, 0), now.AddDate(-recordYears, 0, 0)
	if err := k.Store.InTx(ctx, func(tx Tx) error { return tx.ForgetLooks(ctx, record) }); err != nil {
		return 0, err
	}
	due, err := k.Store.Expired(ctx, archive, expireMost)
	if err != nil {
		return 0, err
	}
	for i, who := range due {
		if err := k.erase(ctx, who, archive, now); err != nil {
			return i, err
		}
	}
	return len(due), nil
}

func (k *Keeper) erase(ctx context.Context, who citizen.ID, archive, now time.Time) error {
	return k.Store.InTx(ctx, func(tx Tx) error { return tx.Erase(ctx, who, archive, now) })
}
