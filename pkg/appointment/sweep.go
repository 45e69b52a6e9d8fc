package appointment

import (
	"context"
	"errors"
)

// sweepMost bounds a transaction of the sweep, so that nobody waits long
// behind it.
const sweepMost = 100

// Sweep clears what time has ended, and returns how many appointments that
// were. Nothing depends on when it comes: a hold ends by its time, and its
// seats can be had from then on. Days past leave no-shows, and appointments
// that were checked in count as served.
func (d *Desk) Sweep(ctx context.Context) (cleared int, err error) {
	now := d.Now()
	for {
		list, err := d.Store.Ended(ctx, now, sweepMost)
		if err != nil || len(list) == 0 {
			return cleared, err
		}
		err = d.Store.InTx(ctx, func(tx Tx) error { return d.settle(ctx, tx, list) })
		if err != nil {
			return cleared, err
		}
		cleared += len(list)
		if len(list) < sweepMost {
			return cleared, nil
		}
	}
}

// settle ends each appointment as its state asks for. One that somebody has
// changed meanwhile is left alone.
func (d *Desk) settle(ctx context.Context, tx Tx, list []Appointment) error {
	for _, was := range list {
		err := d.end(ctx, tx, was)
		if err != nil && !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return nil
}

func (d *Desk) end(ctx context.Context, tx Tx, was Appointment) error {
	switch {
	case was.State == Held && was.Waiting != "":
		if err := keepSeats(ctx, tx, was, Lapse); err != nil {
			return err
		}
		return d.endOffer(ctx, tx, was, Passed, d.Now())
	case was.State == Held:
		return lapse(ctx, tx, was)
	case was.Displaced():
		return keepSeats(ctx, tx, was, Void)
	case was.State == CheckedIn:
		return keepSeats(ctx, tx, was, Serve)
	default:
		return keepSeats(ctx, tx, was, Miss)
	}
}

// keepSeats turns an appointment whose time has been used.
func keepSeats(ctx context.Context, tx Tx, was Appointment, act Act) error {
	a, err := was.turned(act)
	if err != nil {
		return err
	}
	return tx.UpdateAppointment(ctx, was, a)
}
