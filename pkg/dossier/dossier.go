// Package dossier (个人数据档案) decides what a person is shown of everything
// held on them, and what becomes of it when they close the account: what may
// go, what the law keeps, why and until when (个人信息保护法 Art. 44 to 47).
package dossier

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/exchange"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Dossier is everything held on one person.
type Dossier struct {
	At           time.Time
	Person       citizen.Person
	Accounts     []citizen.Account
	Sessions     []citizen.Session
	Granted      []citizen.Agency // who acts for the person
	Held         []citizen.Agency // for whom the person acts
	Represented  []citizen.Person
	Appointments []appointment.Appointment
	Tickets      []queue.Ticket
	Cases        []Case
	Licences     []licence.Licence
	Waybills     []Waybill
	Ratings      []Rating
	Messages     []notify.Notice
	Looks        []citizen.Look
	Uses         []exchange.Use
	Records      []Record // all that has no part of its own
}

// Case is one case with all that hangs on it.
type Case struct {
	casework.Case
	Files      []casework.File
	Events     []casework.Event
	Commitment string // its text, "" where none was signed
	Delivery   Delivery
}

// Delivery is how the person wants the result of a case.
type Delivery struct{ Way, Recipient, Phone, Address string }

// Waybill is one parcel to the person.
type Waybill struct {
	Case, Number, Company, State string
	Recipient, Phone, Address    string
	MadeAt, EndedAt              time.Time
}

// Rating is what the person said about a case.
type Rating struct {
	Case    string
	Grade   int
	Reasons string
	Text    string
	At      time.Time
}

// Record is what is held of one kind, such as 信用记录.
type Record struct {
	Kind, Title string
	Entries     []Entry
}

// Entry is one row of a record: its values by name, moments in RFC 3339.
type Entry map[string]string

// Store gathers what is held on a person.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	Person(ctx context.Context, id citizen.ID) (citizen.Person, error)
	AccountsOf(ctx context.Context, who citizen.ID) ([]citizen.Account, error)
	Sessions(ctx context.Context, who citizen.AccountID, person citizen.ID, now time.Time) ([]citizen.Session, error)
	Agencies(ctx context.Context, who citizen.ID, side citizen.Side) ([]citizen.Agency, error)
	Represented(ctx context.Context, who citizen.ID) ([]citizen.Person, error)
	Looks(ctx context.Context, who citizen.ID, before string, most int) ([]citizen.Look, error)
	// Expired lists persons who closed their account by then, have not come
	// back and are not erased yet, the first to close first.
	Expired(ctx context.Context, closedBy time.Time, most int) ([]citizen.ID, error)
	Services
}

// Services are the traces of what the person was served with.
type Services interface {
	// HeldAppointments lists all appointments of a person, whatever became of them.
	HeldAppointments(ctx context.Context, who citizen.ID) ([]appointment.Appointment, error)
	// TicketsOf returns a person's tickets from a day on, newest first.
	TicketsOf(ctx context.Context, who citizen.ID, since workday.Date, most int) ([]queue.Ticket, error)
	CasesOf(ctx context.Context, who citizen.ID, before casework.ID, most int) ([]casework.Case, error)
	// Case returns a case with its materials. Error: casework.ErrNoCase.
	Case(ctx context.Context, id casework.ID) (casework.Case, error)
	Files(ctx context.Context, id casework.ID) ([]casework.File, error)
	Events(ctx context.Context, id casework.ID) ([]casework.Event, error)
	// CommitmentText is what the person signed for a case, "" where nothing.
	CommitmentText(ctx context.Context, id casework.ID) (string, error)
	// DeliveryOf is how the result of a case is wanted; zero where unsaid.
	DeliveryOf(ctx context.Context, id casework.ID) (Delivery, error)
	LicencesOf(ctx context.Context, who citizen.ID, after string, most int) ([]licence.Licence, error)
	HeldWaybills(ctx context.Context, who citizen.ID) ([]Waybill, error)
	// UsesBy lists what was taken about the person from shared bases.
	UsesBy(ctx context.Context, who citizen.ID, before string, most int) ([]exchange.Use, error)
	HeldRatings(ctx context.Context, who citizen.ID) ([]Rating, error)
	Notices(ctx context.Context, who citizen.ID, before string, most int) ([]notify.Notice, error)
	// Records returns what stands about a person anywhere else.
	Records(ctx context.Context, who citizen.ID) ([]Record, error)
}

// everything bounds each part of a dossier; nobody has as much.
const everything = 100_000

// Keeper keeps dossiers.
type Keeper struct {
	Store Store
	// Changed, if set, hears of every account that is closed, before it is durable.
	Changed func(citizen.AccountID)
	Now     func() time.Time
}

// Of gathers everything held on the account's person. Error: citizen.ErrNeedRealName.
func (k *Keeper) Of(ctx context.Context, who citizen.Account) (d Dossier, err error) {
	if who.Person == "" {
		return d, citizen.ErrNeedRealName
	}
	d.At = k.Now()
	for _, part := range []func(context.Context, citizen.ID, *Dossier) error{k.identity, k.services, k.cases} {
		if err := part(ctx, who.Person, &d); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (k *Keeper) identity(ctx context.Context, who citizen.ID, d *Dossier) (err error) {
	if d.Person, err = k.Store.Person(ctx, who); err != nil {
		return err
	}
	if d.Accounts, err = k.Store.AccountsOf(ctx, who); err != nil {
		return err
	}
	if d.Sessions, err = k.Store.Sessions(ctx, "", who, k.Now()); err != nil {
		return err
	}
	if d.Granted, err = k.Store.Agencies(ctx, who, citizen.AsPrincipal); err != nil {
		return err
	}
	if d.Held, err = k.Store.Agencies(ctx, who, citizen.AsAgent); err != nil {
		return err
	}
	if d.Represented, err = k.Store.Represented(ctx, who); err != nil {
		return err
	}
	d.Looks, err = k.Store.Looks(ctx, who, "", everything)
	return err
}

func (k *Keeper) services(ctx context.Context, who citizen.ID, d *Dossier) (err error) {
	if d.Appointments, err = k.Store.HeldAppointments(ctx, who); err != nil {
		return err
	}
	if d.Tickets, err = k.Store.TicketsOf(ctx, who, workday.Date{}, everything); err != nil {
		return err
	}
	if d.Licences, err = k.Store.LicencesOf(ctx, who, "", everything); err != nil {
		return err
	}
	if d.Waybills, err = k.Store.HeldWaybills(ctx, who); err != nil {
		return err
	}
	if d.Ratings, err = k.Store.HeldRatings(ctx, who); err != nil {
		return err
	}
	if d.Uses, err = k.Store.UsesBy(ctx, who, "", everything); err != nil {
		return err
	}
	if d.Messages, err = k.Store.Notices(ctx, who, "", everything); err != nil {
		return err
	}
	d.Records, err = k.Store.Records(ctx, who)
	return err
}

func (k *Keeper) cases(ctx context.Context, who citizen.ID, d *Dossier) error {
	list, err := k.Store.CasesOf(ctx, who, "", everything)
	if err != nil {
		return err
	}
	for _, cs := range list {
		c, err := k.whole(ctx, cs.ID)
		if err != nil {
			return err
		}
		d.Cases = append(d.Cases, c)
	}
	return nil
}

// whole reads a case with all that hangs on it.
func (k *Keeper) whole(ctx context.Context, id casework.ID) (c Case, err error) {
	if c.Case, err = k.Store.Case(ctx, id); err != nil {
		return c, err
	}
	if c.Files, err = k.Store.Files(ctx, id); err != nil {
		return c, err
	}
	if c.Events, err = k.Store.Events(ctx, id); err != nil {
		return c, err
	}
	if c.Commitment, err = k.Store.CommitmentText(ctx, id); err != nil {
		return c, err
	}
	c.Delivery, err = k.Store.DeliveryOf(ctx, id)
	return c, err
}
