package appointment

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"
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
	Words    citizen.Words // judges what people write; nil = every text is fit
	Gate     Gate          // before the seats that many want at once; nil = none

	crowd    crowd
	plans    sync.Map     // place.OfficeCode → *Plan
	arranged atomic.Int64 // version of the city's holidays that the calendar has
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
	// Edits counts the changes of what is held back.
	Edits() uint64
}

// Request asks for a slot. It has no length: that is the item's.
type Request struct {
	Office   place.OfficeCode
	Item     catalog.ItemCode
	More     []catalog.ItemCode // further items, done in the same visit
	StartsAt time.Time
	People   int
	Window   int // 0 = any
	Priority Priority
	OnBehalf citizen.ID // the principal whose visit it is; "" = one's own
}

func (r Request) wish() Wish {
	return Wish{Office: r.Office, Item: r.Item, More: r.More, People: r.People, Window: r.Window, Priority: r.Priority}
}

// ErrSlotFull tells that the last seat of a slot is gone.
var ErrSlotFull = fault.New(fault.Conflict, "appointment.slot_full", "该时段已约满，请选择其他时段")

// Hold keeps a slot for a person who is making up their mind, or for one who
// has given them leave to act; the limits are those of whose visit it is.
// Durable when it returns nil. Errors: citizen.ErrNeedRealName,
// citizen.ErrNotAgent, those of offered and visit, the limits, ErrSlotFull.
func (d *Desk) Hold(ctx context.Context, who citizen.Account, r Request) (a Appointment, err error) {
	if err := who.Require(citizen.LevelRealName, d.Now()); err != nil {
		return a, err
	}
	person, agent, by := r.whose(who.Person), citizen.ID(""), Online
	if person != who.Person {
		agent, by = who.Person, Agent
	}
	err = d.fresh(func() error {
		v, err := d.visit(ctx, r.wish(), by)
		if err != nil {
			return err
		}
		now := d.Now()
		a = v.hold(d, person, agent, r.StartsAt, now)
		if err := d.offered(v, r.StartsAt, now); err != nil {
			return err
		}
		if err := d.mayAsk(ctx, a); err != nil {
			return err
		}
		return d.amongMany(ctx, v, a, func() error {
			return d.Store.InTx(ctx, func(tx Tx) error { return d.seat(ctx, tx, v, &a, now) })
		})
	})
	return a, err
}

// mayAsk asks the gate.
func (d *Desk) mayAsk(ctx context.Context, a Appointment) error {
	if d.Gate == nil {
		return nil
	}
	for _, item := range a.items() {
		if err := d.Gate.MayAsk(ctx, a.Person, a.Office, item, a.StartsAt); err != nil {
			return err
		}
	}
	return nil
}

// amongMany lets attempt ask the database for the seats of a, unless it is
// known that they are gone.
func (d *Desk) amongMany(ctx context.Context, v visit, a Appointment, attempt func() error) error {
	look := func() (int, error) { return d.freeAt(ctx, v, a.StartsAt) }
	most := d.freeOf(v, a.StartsAt, newTally(workday.DateOf(a.StartsAt), 1))
	return d.crowd.try(ctx, wish{a.Office, a.StartsAt.Unix(), v.need, v.adds, v.limitsKey()}, most, d.Now, look, attempt)
}

// Turns counts how often seats of an office were taken, given back or held back
// through this desk: as long as it stays, what was read here still holds but for what
// other instances did.
func (d *Desk) Turns(office place.OfficeCode) (n uint64) {
	if d.Gate != nil {
		n = d.Gate.Edits()
	}
	return n + d.crowd.counter(office).Load()
}

// Tried is how often the database was asked for a seat, since the start.
func (d *Desk) Tried() int64 { return d.crowd.tried.Load() }

// fresh does something with the timetable once more where it has changed
// meanwhile.
func (d *Desk) fresh(do func() error) (err error) {
	for range 5 {
		if err = do(); !errors.Is(err, errStale) {
			return err
		}
	}
	return err
}

// hold is the appointment that a visit begins as.
func (v visit) hold(d *Desk, person, agent citizen.ID, at, now time.Time) Appointment {
	codes := make([]catalog.ItemCode, len(v.items))
	for i, item := range v.items {
		codes[i] = catalog.ItemCode(item)
	}
	return Appointment{
		ID: ID(d.NewID()), Person: person, MadeBy: agent, Office: v.office.Code, Item: codes[0], More: codes[1:], People: v.people,
		StartsAt: at.In(workday.Zone), EndsAt: at.In(workday.Zone).Add(v.length()),
		Window: v.window, Channel: v.claimed.Channel, Priority: v.claimed.Priority,
		State: Held, LapsesAt: now.Add(d.Rules.HoldLife), MadeAt: now,
	}
}

// seat stores a new hold with its seats, if its person may have it.
func (d *Desk) seat(ctx context.Context, tx Tx, v visit, a *Appointment, now time.Time) error {
	if err := d.mayHave(ctx, tx, *a, now); err != nil {
		return err
	}
	if err := d.admit(ctx, tx, *a, now); err != nil {
		return err
	}
	if err := d.takeSeats(ctx, tx, v, a, now); err != nil {
		return err
	}
	if err := d.insert(ctx, tx, a); err != nil || a.MadeBy == "" {
		return err
	}
	return tx.InsertVisitAgent(ctx, a.ID, a.MadeBy)
}

// mayHave checks missed appointments, the right of an agent and what is known
// of a priority.
// Errors: ErrSuspended, citizen.ErrNotAgent, ErrAgentMost, ErrNotElderly.
func (d *Desk) mayHave(ctx context.Context, tx Tx, a Appointment, now time.Time) error {
	missed, err := tx.Missed(ctx, a.Person, now.Add(-d.Rules.NoShowWithin-d.Rules.SuspendFor))
	if err != nil {
		return err
	}
	if until := d.Rules.suspendedUntil(missed); a.Channel != Office && now.Before(until) {
		return ErrSuspended.Saying("您多次爽约，线上预约已暂停至" + timeWords(until) + "；如有正当理由，请在“我的预约”提出申诉，也可以直接到现场取号")
	}
	if a.MadeBy != "" {
		for _, item := range a.items() {
			one := a
			one.Item = item
			if err := d.mayActFor(ctx, tx, a.MadeBy, one); err != nil {
				return err
			}
		}
		if n, err := tx.OpenByAgent(ctx, a.MadeBy, now); err != nil || n >= d.Rules.AgentMost {
			return cmp.Or(err, error(ErrAgentMost))
		}
	}
	if a.Priority != Elderly {
		return nil
	}
	p, err := tx.Person(ctx, a.Person)
	if err != nil {
		return err
	}
	return mayClaim(a.Priority, p, workday.DateOf(a.StartsAt))
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

// takeSeats is the one way to a seat, for whoever asks: the rules of the visit
// are still those in force, and the change of the rows is guarded by them.
// Before it says that a slot is full it clears what has ended there. A visit
// for whichever window may be given one of those that can be asked for.
// Errors: ErrSlotFull, ErrNoWindow, errStale.
func (d *Desk) takeSeats(ctx context.Context, tx Tx, v visit, a *Appointment, now time.Time) error {
	version, err := tx.PlanVersion(ctx, a.Office)
	if err != nil {
		return err
	}
	if version != v.plan.Times.Version {
		return errStale
	}
	date := workday.DateOf(a.StartsAt)
	sessions, _ := d.sessions(v, date)
	session, ok := sessionOf(sessions, v.need, a.StartsAt.Sub(date.Time()))
	if !ok {
		return ErrNotOffered
	}
	quota, named := v.quota(session, date), v.named(a.StartsAt, a.EndsAt)
	if v.window != 0 && len(named) == 0 {
		return ErrNoWindow
	}
	if err := v.mayTake(ctx, tx, *a, now); err != nil {
		return err
	}
	err = takeAny(ctx, tx, v, a, quota, named)
	if !errors.Is(err, ErrSlotFull) {
		return err
	}
	cleared, err := clearEnded(ctx, tx, a.claim(), now)
	if err != nil {
		return err
	}
	if !cleared {
		return ErrSlotFull
	}
	return takeAny(ctx, tx, v, a, quota, named)
}

// takeAny takes the seats at any window, or else at one of those named.
func takeAny(ctx context.Context, tx Tx, v visit, a *Appointment, q Quota, named []int) error {
	windows := named
	switch {
	case v.window != 0:
	case v.prefers != 0 && slices.Contains(named, v.prefers):
		windows = append([]int{v.prefers, 0}, named...)
	default:
		windows = append([]int{0}, named...)
	}
	for _, a.Window = range windows {
		if err := tx.TakeSeats(ctx, a.claim(), q); !errors.Is(err, ErrSlotFull) {
			return err
		}
	}
	return ErrSlotFull
}

// clearEnded gives back what has ended in the cells of a claim: holds, and
// seats whose quiet time is over.
func clearEnded(ctx context.Context, tx Tx, c Claim, now time.Time) (any bool, err error) {
	ended, err := tx.EndedHoldsAt(ctx, c.Office, c.From, c.To, now)
	if err != nil {
		return false, err
	}
	for _, hold := range ended {
		if err := lapse(ctx, tx, hold); err != nil {
			return false, err
		}
	}
	quiet, err := tx.QuietAt(ctx, c.Office, c.From, c.To, now)
	if err != nil {
		return false, err
	}
	for _, q := range quiet {
		if err := giveQuiet(ctx, tx, q); err != nil {
			return false, err
		}
	}
	return len(ended)+len(quiet) > 0, nil
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
	return tx.GiveSeats(ctx, was.claim())
}
