package appointment

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ErrCursor refuses a place in a list that is not in it.
var ErrCursor = fault.New(fault.Invalid, "appointment.cursor", "翻页位置已失效，请回到第一页重新查看")

// Book turns a person's hold into an appointment. Durable when it returns nil.
// Errors: ErrNoAppointment, ErrHoldExpired, ErrBegun, ErrWrongState.
func (d *Desk) Book(ctx context.Context, who citizen.ID, hold ID) (Appointment, error) {
	return d.turn(ctx, who, hold, NoticeBooked, func(tx Tx, was Appointment, now time.Time) (Appointment, error) {
		a, err := was.confirm(now)
		if err != nil {
			return was, err
		}
		if was.Waiting != "" {
			if err := tx.TurnWaiting(ctx, was.Waiting, Offered, Accepted); err != nil {
				return was, err
			}
		}
		return a, tx.UpdateAppointment(ctx, was, a)
	})
}

// Release gives a person's hold up at once.
// Errors: ErrNoAppointment, ErrHoldExpired, ErrWrongState.
func (d *Desk) Release(ctx context.Context, who citizen.ID, hold ID) (Appointment, error) {
	return d.turn(ctx, who, hold, noNotice, func(tx Tx, was Appointment, now time.Time) (Appointment, error) {
		a, err := was.release(now)
		if err != nil {
			return was, err
		}
		defer d.crowd.freed(was.Office)
		if was.Waiting != "" {
			if err := tx.UpdateAppointment(ctx, was, a); err != nil {
				return was, err
			}
			return a, d.endOffer(ctx, tx, was, Declined, now)
		}
		return a, drop(ctx, tx, was, Release)
	})
}

// Cancel gives a person's appointment up; its seats are free at once, or after
// the quiet time of its office.
// Errors: ErrNoAppointment, ErrBegun, ErrWrongState.
func (d *Desk) Cancel(ctx context.Context, who citizen.ID, id ID) (Appointment, error) {
	return d.turn(ctx, who, id, NoticeCancelled, func(tx Tx, was Appointment, now time.Time) (Appointment, error) {
		a, err := was.unbegun(Cancel, now)
		if err != nil {
			return was, err
		}
		defer d.crowd.freed(was.Office)
		a.RemindAt = time.Time{}
		if err := tx.UpdateAppointment(ctx, was, a); err != nil {
			return was, err
		}
		return a, d.giveUp(ctx, tx, was, now)
	})
}

// Move takes an appointment to another time, and to another office unless
// that is empty, for the same items and people. It is one act: without the new
// seats the old ones stay. What the office has closed may be moved past the
// limits, from its hour on too. Errors: those of Cancel and of Hold.
func (d *Desk) Move(ctx context.Context, who citizen.ID, id ID, startsAt time.Time, office place.OfficeCode) (a Appointment, err error) {
	err = d.fresh(func() error {
		known, err := d.own(ctx, who, id)
		if err != nil {
			return err
		}
		w := Wish{
			Office: cmp.Or(office, known.Office), Item: known.Item, More: known.More, People: known.People, Priority: known.Priority,
		}
		v, err := d.visit(ctx, w, known.Channel)
		if err != nil {
			return err
		}
		v.prefers = known.Window
		wanted := known
		wanted.Office, wanted.StartsAt = w.Office, startsAt
		if err := d.mayAsk(ctx, wanted); err != nil {
			return err
		}
		a, err = d.turn(ctx, who, id, NoticeMoved, func(tx Tx, was Appointment, now time.Time) (Appointment, error) {
			return d.move(ctx, tx, v, was, startsAt, now)
		})
		return err
	})
	return a, err
}

func (d *Desk) move(ctx context.Context, tx Tx, v visit, was Appointment, startsAt, now time.Time) (Appointment, error) {
	a, err := was.unbegun(Move, now)
	if err != nil {
		return was, err
	}
	if was.Displaced() {
		v.rules.Lead, v.rules.Horizon, v.rules.Release = 0, max(v.rules.Horizon, DaysMost), 0
	}
	if err := d.offered(v, startsAt, now); err != nil {
		return was, err
	}
	a.Office, a.DisplacedBy = v.office.Code, ""
	a.StartsAt = startsAt.In(workday.Zone)
	a.EndsAt, a.LapsesAt = a.StartsAt.Add(v.length()), dayEnds(a.StartsAt)
	a.RemindAt = nextReminder(a.StartsAt, now)
	err = d.reseat(ctx, tx, v, was, &a, now)
	return a, err
}

// reseat gives the old seats back before it takes the new ones, so that an
// appointment does not stand in its own way when it moves by a cell; should
// the new ones be gone, the transaction undoes both.
func (d *Desk) reseat(ctx context.Context, tx Tx, v visit, was Appointment, a *Appointment, now time.Time) error {
	if !was.Displaced() {
		if err := d.admit(ctx, tx, *a, now); err != nil {
			return err
		}
	}
	if err := tx.UpdateAppointment(ctx, was, *a); err != nil {
		return err
	}
	defer d.crowd.freed(was.Office)
	if err := d.leaveSeats(ctx, tx, was, *a, now); err != nil {
		return err
	}
	placed := *a
	if err := d.takeSeats(ctx, tx, v, a, now); err != nil || a.Window == placed.Window {
		return err
	}
	return tx.UpdateAppointment(ctx, placed, *a)
}

// leaveSeats gives up the seats that an appointment moves away from: those
// that it moves over it takes again at once.
func (d *Desk) leaveSeats(ctx context.Context, tx Tx, was, a Appointment, now time.Time) error {
	if was.Office == a.Office && was.overlaps(a) {
		return tx.GiveSeats(ctx, was.claim())
	}
	return d.giveUp(ctx, tx, was, now)
}

// turn loads a person's appointment, lets do change it, and tells the person.
// Error: ErrNoAppointment, also for an appointment of somebody else.
func (d *Desk) turn(ctx context.Context, who citizen.ID, id ID, n notice, do func(Tx, Appointment, time.Time) (Appointment, error)) (a Appointment, err error) {
	now := d.Now()
	edition, err := d.City.Current(ctx)
	if err != nil {
		return a, err
	}
	err = unchanged(func() error {
		was, err := d.own(ctx, who, id)
		if err != nil {
			return err
		}
		return d.Store.InTx(ctx, func(tx Tx) error {
			if a, err = do(tx, was, now); err != nil || n == noNotice {
				return err
			}
			told := n.about(a, edition, now)
			if err := tx.Tell(ctx, told); err != nil || a.Person == who {
				return err
			}
			told.To = who // the agent hears what the person hears
			return tx.Tell(ctx, told)
		})
	})
	return a, err
}

// unchanged lets do read an appointment before its transaction, whose time is
// everybody's, and change it if it is still the same; otherwise once more,
// so that the answer is about what it has become.
func unchanged(do func() error) (err error) {
	for range 3 {
		if err = do(); !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return err
}

// own is a person's own appointment as it is stored, or one in which they act
// for its person.
func (d *Desk) own(ctx context.Context, who citizen.ID, id ID) (Appointment, error) {
	a, err := d.Store.Appointment(ctx, id)
	if err != nil {
		return Appointment{}, err
	}
	if a.Person == who && who != "" {
		return a, nil
	}
	ok, err := d.Store.ActsInVisit(ctx, who, id, d.Now())
	if err != nil {
		return Appointment{}, err
	}
	if !ok {
		return Appointment{}, ErrNoAppointment
	}
	return a, nil
}

// Appointment returns a person's own appointment or hold. Error:
// ErrNoAppointment.
func (d *Desk) Appointment(ctx context.Context, who citizen.ID, id ID) (Appointment, error) {
	a, err := d.own(ctx, who, id)
	return a.by(d.Now()), err
}

// otherTimesMost are the times that are offered instead of one.
const otherTimesMost = 12

// OtherTimes returns the next free times at its office for a person's own
// appointment. Errors: ErrNoAppointment, and those of an office or item that
// cannot be booked any more.
func (d *Desk) OtherTimes(ctx context.Context, who citizen.ID, id ID) (list []Slot, err error) {
	a, err := d.own(ctx, who, id)
	if err != nil {
		return nil, err
	}
	w := Wish{Office: a.Office, Item: a.Item, More: a.More, People: a.People, Priority: a.Priority}
	days, err := d.Days(ctx, w, workday.Date{}, DaysMost)
	for _, day := range days {
		for _, s := range day.Slots {
			if s.Free > 0 && !s.StartsAt.Equal(a.StartsAt) && len(list) < otherTimesMost {
				list = append(list, s)
			}
		}
	}
	return list, err
}

// Mine returns a person's appointments and holds, the latest first, at most
// so many, after the one named by the cursor. Error: ErrCursor.
func (d *Desk) Mine(ctx context.Context, who citizen.ID, cursor ID, most int) ([]Appointment, error) {
	mark, err := d.mark(ctx, cursor, func(a Appointment) bool { return a.Person == who })
	if err != nil {
		return nil, err
	}
	return d.Store.AppointmentsOf(ctx, who, d.Now(), mark, most)
}

// mark finds the place of a cursor, which must belong to the list.
func (d *Desk) mark(ctx context.Context, cursor ID, belongs func(Appointment) bool) (Mark, error) {
	if cursor == "" {
		return Mark{}, nil
	}
	a, err := d.Store.Appointment(ctx, cursor)
	switch {
	case errors.Is(err, ErrNoAppointment):
		return Mark{}, ErrCursor
	case err != nil:
		return Mark{}, err
	case !belongs(a):
		return Mark{}, ErrCursor
	}
	return Mark{a.StartsAt, a.ID}, nil
}
