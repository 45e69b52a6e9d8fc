package appointment

import (
	"context"
	"encoding/binary"
	"io"
	"time"
)

// waitingFirst is for how long a freed seat is kept for the waiting list where
// no quiet time is set.
const waitingFirst = 2 * time.Minute

// giveUp gives the seats of a booked appointment back: at once, or after a
// quiet time that nobody can foretell, so that whoever buys places cannot have
// one freed for them. Where people wait for the office, the seats are shown to
// them first.
func (d *Desk) giveUp(ctx context.Context, tx Tx, was Appointment, now time.Time) error {
	plan, err := d.plan(ctx, was.Office)
	if err != nil {
		return err
	}
	quiet := plan.rules(d.Rules, was.items()...).Quiet
	if quiet > 0 {
		if quiet, err = around(quiet, d.Random); err != nil {
			return err
		}
	}
	waits, err := tx.SomebodyWaits(ctx, was.Office, was.StartsAt)
	if err != nil {
		return err
	}
	if waits {
		quiet = max(quiet, waitingFirst)
	}
	if quiet == 0 || !now.Before(was.StartsAt) {
		return tx.GiveSeats(ctx, was.claim())
	}
	return tx.InsertQuiet(ctx, Quiet{ID: d.NewID(), Claim: was.claim(), Until: now.Add(quiet)})
}

// around draws a time between a half and one and a half of another.
func around(d time.Duration, random io.Reader) (time.Duration, error) {
	var b [8]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return 0, err
	}
	return d/2 + time.Duration(binary.LittleEndian.Uint64(b[:])%uint64(d)), nil
}

// giveQuiet ends a quiet seat: whoever asks first may have it.
func giveQuiet(ctx context.Context, tx Tx, q Quiet) error {
	if err := tx.DropQuiet(ctx, q.ID); err != nil {
		return err
	}
	return tx.GiveSeats(ctx, q.Claim)
}
