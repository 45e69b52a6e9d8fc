package appointment

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// offersMost bounds what one sweep offers at one office.
const offersMost = 200

// OfferFreed offers freed seats to those who wait for them, who has asked
// first first, and returns how many it offered. An offer is a hold like any
// other, but only its person can have it until it ends.
func (d *Desk) OfferFreed(ctx context.Context) (offered int, err error) {
	now := d.Now()
	if err := d.Store.InTx(ctx, func(tx Tx) error { return tx.EndWaiting(ctx, now) }); err != nil {
		return 0, err
	}
	offices, err := d.Store.WaitingOffices(ctx)
	if err != nil {
		return 0, err
	}
	for _, office := range offices {
		list, err := d.Store.WaitingAt(ctx, office, offersMost)
		if err != nil {
			return offered, err
		}
		for _, w := range list {
			ok, err := d.offer(ctx, w)
			if err != nil {
				return offered, err
			}
			if ok {
				offered++
			}
		}
	}
	return offered, d.endQuiet(ctx, now)
}

// endQuiet gives seats free whose quiet time is over.
func (d *Desk) endQuiet(ctx context.Context, now time.Time) error {
	over, err := d.Store.QuietOver(ctx, now, offersMost)
	if err != nil || len(over) == 0 {
		return err
	}
	return d.Store.InTx(ctx, func(tx Tx) error {
		for _, q := range over {
			if err := giveQuiet(ctx, tx, q); err != nil && !errors.Is(err, ErrChanged) {
				return err
			}
		}
		return nil
	})
}

// offer finds the first seat that somebody waits for. That there is none, or
// that the person may not have it, is no error.
func (d *Desk) offer(ctx context.Context, w Waiting) (ok bool, err error) {
	v, err := d.visit(ctx, Wish{Office: w.Office, Item: w.Item, People: w.People, Priority: w.Priority}, Online)
	if isRefusal(err) {
		return false, nil // the office takes that item no more
	}
	if err != nil {
		return false, err
	}
	slots, err := d.waitedFor(ctx, v, w)
	if err != nil {
		return false, err
	}
	for _, s := range slots {
		err := d.offerSlot(ctx, v, w, s.StartsAt)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, ErrSlotFull), errors.Is(err, ErrSameDay), errors.Is(err, ErrOverlap), errors.Is(err, ErrDayMost):
			continue
		case isRefusal(err), errors.Is(err, errStale), errors.Is(err, ErrChanged):
			return false, nil
		default:
			return false, err
		}
	}
	return false, nil
}

// isRefusal says whether an error is one that a person is told, and not a
// failure of ours.
func isRefusal(err error) bool {
	if err == nil {
		return false
	}
	k := fault.From(err).Kind
	return k != fault.Internal && k != fault.Unavailable
}

// waitedFor lists the slots with a seat free or quiet that somebody waits for.
func (d *Desk) waitedFor(ctx context.Context, v visit, w Waiting) (list []Slot, err error) {
	now := d.Now()
	first := workday.DateOf(later(w.From, now))
	days := min(DaysMost, workday.DateOf(w.To.Add(-1)).DaysSince(first)+1)
	if days < 1 {
		return nil, nil
	}
	taken, err := d.tally(ctx, w.Office, first, days, later(w.To, now).AddDate(1, 0, 0))
	if err != nil {
		return nil, err
	}
	if err := d.countLimited(ctx, v, taken, days, now); err != nil {
		return nil, err
	}
	for i := range days {
		for _, s := range d.day(v, first.AddDays(i), taken, now).Slots {
			if s.Free > 0 {
				list = append(list, s)
			}
		}
	}
	return list, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (d *Desk) offerSlot(ctx context.Context, v visit, w Waiting, at time.Time) error {
	now := d.Now()
	edition, err := d.City.Current(ctx)
	if err != nil {
		return err
	}
	if err := d.mayAsk(ctx, v.hold(d, w.Person, "", at, now)); err != nil {
		return err
	}
	return d.Store.InTx(ctx, func(tx Tx) error {
		a := v.hold(d, w.Person, "", at, now)
		a.Waiting, a.LapsesAt = w.ID, now.Add(d.Rules.OfferLife)
		if a.StartsAt.Before(a.LapsesAt) {
			a.LapsesAt = a.StartsAt
		}
		if err := freeQuiet(ctx, tx, w.Office, a.StartsAt, a.EndsAt, now); err != nil {
			return err
		}
		if err := d.seat(ctx, tx, v, &a, now); err != nil {
			return err
		}
		if err := tx.OfferWaiting(ctx, w.ID, a.ID, a.LapsesAt); err != nil {
			return err
		}
		return tx.Tell(ctx, NoticeOffered.about(a, edition, now))
	})
}

// freeQuiet opens the quiet seats of some time to those who wait. A refusal
// afterwards undoes it.
func freeQuiet(ctx context.Context, tx Tx, office place.OfficeCode, from, to, now time.Time) error {
	list, err := tx.QuietAt(ctx, office, from, to, now.AddDate(1, 0, 0))
	if err != nil || len(list) == 0 {
		return err
	}
	return giveQuiet(ctx, tx, list[0])
}
