package appointment

import (
	"context"
	"errors"
)

// Remind tells people of their appointments, on the day before and an hour
// before, each once, and returns how many it told. One that was moved or
// cancelled meanwhile is not told of.
func (d *Desk) Remind(ctx context.Context) (told int, err error) {
	now := d.Now()
	edition, err := d.City.Current(ctx)
	if err != nil {
		return 0, err
	}
	for {
		list, err := d.Store.RemindersDue(ctx, now, sweepMost)
		if err != nil || len(list) == 0 {
			return told, err
		}
		err = d.Store.InTx(ctx, func(tx Tx) error {
			for _, a := range list {
				next := nextReminder(a.StartsAt, now)
				if err := tx.Reminded(ctx, a, next); errors.Is(err, ErrChanged) {
					continue
				} else if err != nil {
					return err
				}
				if !now.Before(a.StartsAt) {
					continue
				}
				if err := tx.Tell(ctx, NoticeReminder.about(a, edition, now)); err != nil {
					return err
				}
				told++
			}
			return nil
		})
		if err != nil {
			return told, err
		}
	}
}
