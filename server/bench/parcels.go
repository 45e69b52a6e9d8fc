package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// parcels is a database with parcels in one courier's hands.
type parcels struct {
	db      *sqlstore.DB
	desk    *delivery.Desk
	courier staff.Member
	person  citizen.Person
	office  place.OfficeCode
	ready   []delivery.Waybill // that can be delivered
}

// only is a shelf with one edition.
type only struct{ edition *city.Edition }

func (o only) Current(context.Context) (*city.Edition, error)      { return o.edition, nil }
func (o only) Edition(context.Context, int) (*city.Edition, error) { return o.edition, nil }

// openParcels makes an empty database; where the ledger is left out, nothing is
// appended to it.
func openParcels(ctx context.Context, dir string, withLedger bool) (*parcels, error) {
	j, err := openJobs(ctx, dir)
	if err != nil {
		return nil, err
	}
	edition, err := city.Read(foshan.Files)
	if err != nil {
		return nil, errors.Join(err, j.db.Close())
	}
	p := &parcels{db: j.db, office: edition.Places.Offices()[0].Code}
	p.courier = staff.Member{ID: staff.ID(newID()), Role: staff.Courier, Company: "样例快递"}
	var store delivery.Store = sqlstore.For[delivery.Tx](p.db)
	if !withLedger {
		store = silent{store}
	}
	p.desk = &delivery.Desk{
		Store: store, City: only{edition}, Calendar: workday.NewCalendar(), Now: time.Now, NewID: newID, Random: rand.Reader,
	}
	return p, errors.Join(p.people(ctx))
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// people stores the edition and the one person.
func (p *parcels) people(ctx context.Context) error {
	if _, _, err := p.db.AddEdition(ctx, "bench", []byte("files"), time.Now()); err != nil {
		return err
	}
	name, err := citizen.ParseName("甄样本")
	if err != nil {
		return err
	}
	number, err := citizen.ParseIDNumber("11010519491231002X")
	if err != nil {
		return err
	}
	p.person = citizen.Person{ID: citizen.ID(newID()), Name: name, Number: number, Grade: citizen.GradeA, MadeAt: time.Now()}
	return sqlstore.For[citizen.Tx](p.db).InTx(ctx, func(tx citizen.Tx) error { return tx.InsertPerson(ctx, p.person) })
}

// silent leaves the ledger out.
type silent struct{ delivery.Store }

type silentTx struct{ delivery.Tx }

func (silentTx) Record(context.Context, ...ledger.Fact) error { return nil }

// InTx implements delivery.Store.
func (s silent) InTx(ctx context.Context, fn func(delivery.Tx) error) error {
	return s.Store.InTx(ctx, func(tx delivery.Tx) error { return fn(silentTx{tx}) })
}

// stock makes n more parcels that can be delivered, many in one transaction.
func (p *parcels) stock(ctx context.Context, n int) error {
	for n > 0 {
		some := min(n, 500)
		err := sqlstore.For[delivery.Tx](p.db).InTx(ctx, func(tx delivery.Tx) error {
			for range some {
				w, err := p.one(ctx, tx)
				if err != nil {
					return err
				}
				p.ready = append(p.ready, w)
			}
			return nil
		})
		if err != nil {
			return err
		}
		n -= some
	}
	return nil
}

// one is a parcel with all that it rests on.
func (p *parcels) one(ctx context.Context, tx delivery.Tx) (w delivery.Waybill, err error) {
	caseID, now := newID(), time.Now()
	if err := p.granted(ctx, tx.(casework.Tx), caseID, now); err != nil {
		return w, err
	}
	l := licence.Licence{
		ID: newID(), Number: caseID, Case: caseID, Person: p.person.ID, Item: "HJ-0001", Name: "居民户口簿", Kind: "certificate",
		Code: caseID, Office: p.office, Issuer: "样例", IssuedAt: now, State: licence.Valid,
	}
	if err := tx.(licence.Tx).InsertLicence(ctx, l); err != nil {
		return w, err
	}
	phone, err := citizen.ParsePhone("19900000101")
	if err != nil {
		return w, err
	}
	choice := delivery.Choice{Case: caseID, Way: delivery.ByCourier, Recipient: p.person.Name, Phone: phone, Address: "样例路1号", Area: "禅城区", ChosenAt: now}
	if err := tx.SaveChoice(ctx, choice, p.person.ID); err != nil {
		return w, err
	}
	w = delivery.Waybill{
		ID: newID(), Number: caseID, Case: caseID, Person: p.person.ID, Office: p.office, Company: p.courier.Company, State: delivery.HandedOver,
		Version: 1, Area: choice.Area, Recipient: choice.Recipient, Phone: choice.Phone, Address: choice.Address, Code: "012345",
		CodeUntil: now.Add(24 * time.Hour), MadeAt: now,
	}
	if err := tx.InsertWaybill(ctx, w); err != nil {
		return w, err
	}
	out := w
	out.State, out.Courier, out.Version = delivery.InTransit, p.courier.ID, 2
	return out, tx.MoveWaybill(ctx, w, out)
}

func (p *parcels) granted(ctx context.Context, tx casework.Tx, id string, now time.Time) error {
	cs := casework.Case{
		ID: casework.ID(id), Number: id, Edition: 1, Item: "HJ-0001", Person: p.person.ID, Office: p.office,
		State: casework.Draft, Form: map[string]string{}, OpenedAt: now,
	}
	if err := tx.InsertCase(ctx, cs); err != nil {
		return err
	}
	cs.State, cs.DecidedAt = casework.Granted, now
	return tx.SaveCase(ctx, cs, casework.Draft)
}

// deliver confirms n deliveries from many couriers' phones at once.
func (p *parcels) deliver(ctx context.Context, n int) (took time.Duration, err error) {
	work := make(chan delivery.Waybill, n)
	for _, w := range p.ready[:n] {
		work <- w
	}
	close(work)
	p.ready = p.ready[n:]
	var all sync.WaitGroup
	failed := make([]error, writers)
	start := time.Now()
	for i := range writers {
		all.Go(func() {
			for w := range work {
				if _, err := p.desk.Deliver(ctx, p.courier, w.ID, delivery.Proof{Code: string(w.Code)}); err != nil {
					failed[i] = fmt.Errorf("deliver: %w", err)
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(start), errors.Join(failed...)
}

func parcelsIn(ctx context.Context, dir, name string, withLedger bool) (*parcels, error) {
	return openParcels(ctx, filepath.Join(dir, name), withLedger)
}
