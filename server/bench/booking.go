package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// bookedItem takes one cell and every town's centre takes it.
const bookedItem = "HJ-0001"

// bookings measures what a booking costs: hold and confirm, both durable.
func bookings(ctx context.Context, r *Report) error {
	return errors.Join(bookedInProcess(ctx, r, 1), bookedInProcess(ctx, r, 1_000), bookedOnPostgres(ctx, r),
		bookedOverHTTP(ctx, r), bookedWhereMuchIs(ctx, r))
}

// reception books in process.
type reception struct {
	desk   *appointment.Desk
	db     *sqlstore.DB
	people []citizen.Account
	next   atomic.Int64
	slots  int
	open   []place.OfficeCode
	first  time.Time
}

// peopleASecond is more than book in a second, each once.
const peopleASecond = 9_000

func openReception(ctx context.Context, r *Report, c sqlstore.Config, slots int) (*reception, error) {
	keys, err := freshKeys()
	if err != nil {
		return nil, err
	}
	edition, err := city.Read(foshan.Files)
	if err != nil {
		return nil, err
	}
	d := &reception{slots: slots, first: morning.Add(2 * time.Hour)}
	for _, o := range edition.Places.Offices() {
		if o.Level == place.Town {
			o.Windows = 10_000_000
			d.open = append(d.open, o.Code)
		}
	}
	c.Keys, c.Now = keys, func() time.Time { return morning }
	if d.db, err = sqlstore.Open(ctx, c); err != nil {
		return nil, err
	}
	d.desk = &appointment.Desk{
		Store: sqlstore.For[appointment.Tx](d.db), City: one{edition}, Calendar: workday.NewCalendar(),
		Now: c.Now, NewID: newUUID, Random: rand.Reader, Rules: appointment.DefaultRules(),
	}
	d.people, err = admitted(ctx, d.db, int(r.Length.Seconds()*peopleASecond)+200, morning)
	return d, err
}

// morning is a working Tuesday.
var morning = time.Date(2026, 11, 24, 8, 0, 0, 0, workday.Zone)

// one is a shelf with one edition.
type one struct{ edition *city.Edition }

func (s one) Current(context.Context) (*city.Edition, error)      { return s.edition, nil }
func (s one) Edition(context.Context, int) (*city.Edition, error) { return s.edition, nil }

func newUUID() string { return uuid.Must(uuid.NewV7()).String() }

// admitted stores so many people, each with an account proved by real name.
func admitted(ctx context.Context, db *sqlstore.DB, n int, at time.Time) (list []citizen.Account, err error) {
	name, err := citizen.ParseName("甄样本")
	if err != nil {
		return nil, err
	}
	for len(list) < n && err == nil {
		err = sqlstore.For[citizen.Tx](db).InTx(ctx, func(tx citizen.Tx) error {
			for range min(2_000, n-len(list)) {
				p := citizen.Person{ID: citizen.ID(newUUID()), Name: name, Number: numbered(len(list)), Grade: citizen.GradeA, MadeAt: at}
				a := citizen.Account{ID: citizen.AccountID(newUUID()), OpenID: "open-" + string(p.ID), MadeAt: at}
				err := errors.Join(tx.InsertPerson(ctx, p), tx.InsertAccount(ctx, a))
				a.Person, a.RealNameAt = p.ID, at
				if err := errors.Join(err, tx.UpdateAccount(ctx, a)); err != nil {
					return err
				}
				list = append(list, a)
			}
			return nil
		})
	}
	return list, err
}

// numbered is the i-th of many made-up identity numbers.
func numbered(i int) citizen.IDNumber {
	birth := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i/1000)
	stem := fmt.Sprintf("440604%s%03d", birth.Format("20060102"), i%1000)
	for _, check := range "0123456789X" {
		if n, err := citizen.ParseIDNumber(stem + string(check)); err == nil {
			return n
		}
	}
	return citizen.IDNumber{}
}

// slot is the i-th of the slots that are booked by turns.
func (d *reception) slot(i int) (place.OfficeCode, time.Time) {
	s := i % d.slots
	at := d.first.Add(time.Duration(s%8)*appointment.Cell).AddDate(0, 0, s/8%3)
	return d.open[s/24%len(d.open)], at
}

// together books from all writers until the deadline, or until nobody is left.
func (d *reception) together(ctx context.Context, until time.Time) ([]time.Duration, error) {
	return byWriters(until, func() (bool, error) {
		i := int(d.next.Add(1)) - 1
		if i >= len(d.people) {
			return false, nil
		}
		return true, d.book(ctx, i)
	})
}

func (d *reception) book(ctx context.Context, i int) error {
	office, at := d.slot(i)
	a, err := d.desk.Hold(ctx, d.people[i], appointment.Request{Office: office, Item: bookedItem, StartsAt: at, People: 1})
	if err != nil {
		return err
	}
	_, err = d.desk.Book(ctx, a.Person, a.ID)
	return err
}

func inFolder(do func(dir string) error) error {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return do(dir)
}

// bookedInProcess races bookings against SQLite alone: the very statements of a
// booking, and only the two that change seat and booking.
func bookedInProcess(ctx context.Context, r *Report, slots int) error {
	return inFolder(func(dir string) error {
		ours, err := openReception(ctx, r, sqlstore.Config{Path: filepath.Join(dir, "ours", databaseFile)}, slots)
		if err != nil {
			return err
		}
		defer ours.db.Close()
		same, err := openBareBookings(ctx, r, filepath.Join(dir, "same"), slots)
		if err != nil {
			return err
		}
		defer same.close()
		two, err := openBareBookings(ctx, r, filepath.Join(dir, "two"), slots)
		if err != nil {
			return err
		}
		defer two.close()
		scores, err := race(ctx, r, side{"bookings", ours.together}, side{"their statements", same.whole}, side{"two statements", two.least})
		if err != nil {
			return err
		}
		return bookingFigures(r, slots, scores[0], scores[1], scores[2])
	})
}

func bookingFigures(r *Report, slots int, ours, same, two score) error {
	what := "bookings in process, one hot slot, 64 clients"
	if slots > 1 {
		what = fmt.Sprintf("bookings in process, %d slots, 64 clients", slots)
	}
	err := r.Against(what+", against SQLite's group commits of their statements", ours.rate(), "1/s", same.rate(), ours.to(same), 0.70)
	if slots > 1 {
		return err
	}
	return errors.Join(err,
		r.Against(what+", against group commits of UPDATE seat and INSERT booking alone", ours.rate(), "1/s", two.rate(), ours.to(two), 0.30),
		r.Under(what+", p99", ours.ms(0.99), "ms", 15),
	)
}
