package appointment

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// BookFor books a slot of a member's office for a person who calls or stands
// at the counter: held and confirmed in one. What a rush releases can be booked
// from its second on: who has no phone cannot wait in the room. Durable when it
// returns nil.
// Errors: those of Hold.
func (d *Desk) BookFor(ctx context.Context, m staff.Member, who citizen.ID, r Request) (a Appointment, err error) {
	r.Office = m.Office
	edition, err := d.City.Current(ctx)
	if err != nil {
		return a, err
	}
	err = d.fresh(func() error {
		v, err := d.visit(ctx, r.wish(), Office)
		if err != nil {
			return err
		}
		now := d.Now()
		v.rules.Lead = 0
		if err := d.offered(v, r.StartsAt, now); err != nil {
			return err
		}
		if why := d.heldBack(v, workday.DateOf(r.StartsAt)); why != "" {
			return ErrNotReleased.Saying(why)
		}
		held := v.hold(d, who, "", r.StartsAt, now)
		return d.Store.InTx(ctx, func(tx Tx) error {
			if err := d.seat(ctx, tx, v, &held, now); err != nil {
				return err
			}
			if a, err = held.confirm(now); err != nil {
				return err
			}
			if err := tx.UpdateAppointment(ctx, held, a); err != nil {
				return err
			}
			return tx.Tell(ctx, NoticeBooked.about(a, edition, now))
		})
	})
	return a, err
}

// suspendedUntil is until when somebody who missed appointments at these
// times, earliest first, cannot book; zero where they can. Those that led to
// one suspension do not count for the next.
func (r Rules) suspendedUntil(missed []time.Time) (until time.Time) {
	var lately []time.Time
	for _, at := range missed {
		for len(lately) > 0 && at.Sub(lately[0]) > r.NoShowWithin {
			lately = lately[1:]
		}
		if lately = append(lately, at); r.NoShowMost > 0 && len(lately) >= r.NoShowMost {
			until, lately = at.Add(r.SuspendFor), nil
		}
	}
	return until
}
