package appointment

import "context"

// giveQuiet ends a quiet seat: whoever asks first may have it.
func giveQuiet(ctx context.Context, tx Tx, q Quiet) error {
	if err := tx.DropQuiet(ctx, q.ID); err != nil {
		return err
	}
	return tx.GiveSeats(ctx, q.Claim)
}
