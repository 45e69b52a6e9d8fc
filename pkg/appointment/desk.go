package appointment

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Desk gives out appointments.
type Desk struct {
	Store    Store
	City     city.Shelf
	Calendar *workday.Calendar
	Now      func() time.Time
	NewID    func() string
	Random   io.Reader // for codes; must be fit for secrets
	Rules    Rules
	Gate     Gate // before the seats that many want at once; nil = none

	crowd crowd
}

// Gate stands before seats that many want at the same second. It says who may
// ask, and never who gets one.
type Gate interface {
	// MayAsk says whether a person may ask for a seat at that time. It is
	// asked outside any transaction.
	MayAsk(ctx context.Context, who citizen.ID, office place.OfficeCode, item catalog.ItemCode, at time.Time) error
	// ClosedUntil is when the seats of that time are released; zero where
	// nothing holds them back.
	ClosedUntil(office place.OfficeCode, item catalog.ItemCode, at time.Time) time.Time
}

// Request asks for a slot. It has no length: that is the item's.
type Request struct {
	Office   place.OfficeCode
	Item     catalog.ItemCode
	StartsAt time.Time
	People   int
	OnBehalf citizen.ID // the principal whose visit it is; "" = one's own
}

// ErrSlotFull tells that the last seat of a slot is gone.
var ErrSlotFull = fault.New(fault.Conflict, "appointment.slot_full", "该时段已约满，请选择其他时段")

// Hold keeps a slot for a person who is making up their mind, or for one who
// has given them leave to act; the limits are those of whose visit it is.
// Durable when it returns nil. Errors: citizen.ErrNeedRealName,
// citizen.ErrNotAgent, those of offered and visit, the limits, ErrSlotFull.
func (d *Desk) Hold(ctx context.Context, who citizen.Account, r Request) (a Appointment, err error) {
	now := d.Now()
	if err := who.Require(citizen.LevelRealName, now); err != nil {
		return a, err
	}
	v, err := d.visit(ctx, r.Office, r.Item, r.People)
	if err != nil {
		return a, err
	}
	if err := d.offered(v, r.StartsAt, now); err != nil {
		return a, err
	}
	a = Appointment{
		ID: ID(d.NewID()), Person: r.whose(who.Person), Office: r.Office, Item: r.Item, People: r.People,
		StartsAt: r.StartsAt.In(workday.Zone), EndsAt: r.StartsAt.In(workday.Zone).Add(v.length()),
		State: Held, LapsesAt: now.Add(d.Rules.HoldLife), MadeAt: now,
	}
	if err := d.mayAsk(ctx, a); err != nil {
		return a, err
	}
	err = d.amongMany(ctx, v, a, func() error {
		return d.Store.InTx(ctx, func(tx Tx) error {
			if err := d.mayActFor(ctx, tx, who.Person, a); err != nil {
				return err
			}
			if err := d.admit(ctx, tx, a, now); err != nil {
				return err
			}
			if err := takeSeats(ctx, tx, a, v.capacity, now); err != nil {
				return err
			}
			if err := d.insert(ctx, tx, &a); err != nil || a.Person == who.Person {
				return err
			}
			return tx.InsertVisitAgent(ctx, a.ID, who.Person)
		})
	})
	return a, err
}

// mayAsk asks the gate.
func (d *Desk) mayAsk(ctx context.Context, a Appointment) error {
	if d.Gate == nil {
		return nil
	}
	return d.Gate.MayAsk(ctx, a.Person, a.Office, a.Item, a.StartsAt)
}

// amongMany lets attempt ask the database for the seats of a, unless it is
// known that they are gone.
func (d *Desk) amongMany(ctx context.Context, v visit, a Appointment, attempt func() error) error {
	look := func() (int, error) { return d.freeAt(ctx, v, a.StartsAt) }
	return d.crowd.try(ctx, wish{a.Office, a.StartsAt.Unix(), v.need}, v.capacity, d.Now, look, attempt)
}

// admit applies the limits to a. The person's own holds that have ended are
// cleared on the way.
func (d *Desk) admit(ctx context.Context, tx Tx, a Appointment, now time.Time) error {
	open, err := tx.OpenAppointments(ctx, a.Person)
	if err != nil {
		return err
	}
	others := open[:0]
	for _, o := range open {
		switch {
		case o.ID == a.ID: // being moved
		case !o.expired(now):
			others = append(others, o)
		default:
			if err := lapse(ctx, tx, o); err != nil {
				return err
			}
		}
	}
	return d.Rules.admit(others, a)
}

// insert stores the hold under a code that nobody has.
func (d *Desk) insert(ctx context.Context, tx Tx, a *Appointment) (err error) {
	for range 8 {
		if a.Code, err = newCode(d.Random); err != nil {
			return err
		}
		if err = tx.InsertAppointment(ctx, *a); !errors.Is(err, ErrCodeTaken) {
			return err
		}
	}
	return err
}

// takeSeats is the one way to a seat, for whoever asks. Before it says that a
// slot is full it clears the holds there that have ended. Error: ErrSlotFull.
func takeSeats(ctx context.Context, tx Tx, a Appointment, capacity int, now time.Time) error {
	err := tx.TakeSeats(ctx, a.Office, a.StartsAt, a.EndsAt, capacity)
	if !errors.Is(err, ErrSlotFull) {
		return err
	}
	ended, err := tx.EndedHoldsAt(ctx, a.Office, a.StartsAt, a.EndsAt, now)
	if err != nil {
		return err
	}
	if len(ended) == 0 {
		return ErrSlotFull
	}
	for _, hold := range ended {
		if err := lapse(ctx, tx, hold); err != nil {
			return err
		}
	}
	return tx.TakeSeats(ctx, a.Office, a.StartsAt, a.EndsAt, capacity)
}

// lapse ends a hold whose time is up and gives its seats back.
func lapse(ctx context.Context, tx Tx, hold Appointment) error {
	return drop(ctx, tx, hold, Lapse)
}

// drop turns an appointment into one without seats.
func drop(ctx context.Context, tx Tx, was Appointment, act Act) error {
	a, err := was.turned(act)
	if err != nil {
		return err
	}
	if err := tx.UpdateAppointment(ctx, was, a); err != nil {
		return err
	}
	return tx.GiveSeats(ctx, was.Office, was.StartsAt, was.EndsAt)
}
