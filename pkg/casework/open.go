package casework

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/exchange"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Opening is what a person asks for.
type Opening struct {
	Item        catalog.ItemCode
	Office      place.OfficeCode
	Appointment string // "" = none
}

// Open starts a draft, with what is known already filled in and what is
// vouched for already there. Errors: ErrNotHere, ErrSubject.
func (c *Counter) Open(ctx context.Context, who citizen.Account, o Opening) (Case, error) {
	if err := who.Require(citizen.LevelRealName, c.Now()); err != nil {
		return Case{}, err
	}
	e, err := c.City.Current(ctx)
	if err != nil {
		return Case{}, err
	}
	item, office, err := offered(e, o)
	if err != nil {
		return Case{}, err
	}
	cs := Case{
		ID: ID(c.NewID()), Edition: e.Version, Item: item.Code, Department: item.Department.Code, Person: who.Person, Office: office.Code,
		Decides: decides(e.Places, item, office), Appointment: o.Appointment, State: Draft, OpenedAt: c.Now(),
	}
	if cs.Number, err = c.number(item.Code); err != nil {
		return Case{}, err
	}
	return cs, c.Store.InTx(ctx, func(tx Tx) error { return c.insert(ctx, tx, who, item, &cs) })
}

func (c *Counter) insert(ctx context.Context, tx Tx, who citizen.Account, item *catalog.Item, cs *Case) error {
	if cs.Appointment != "" {
		if ok, err := tx.BookedBy(ctx, cs.Appointment, who.Person); err != nil || !ok {
			return orElse(err, ErrNoAppointment)
		}
	}
	known, err := c.known(ctx, tx, who)
	if err != nil {
		return err
	}
	cs.Form = map[string]string{}
	for _, f := range item.Fields {
		if v, ok := known.Field(f); ok {
			cs.Form[f.Name] = v.Text
		}
	}
	for _, r := range item.Requirements {
		cs.Materials = append(cs.Materials, first(r, known))
	}
	if err := tx.InsertCase(ctx, *cs); err != nil {
		return err
	}
	return c.record(ctx, tx, *cs, OpenAct, entry{actor: applicant})
}

// known gathers what need not be asked.
func (c *Counter) known(ctx context.Context, r Reader, who citizen.Account) (k exchange.Known, err error) {
	k.Account = who
	if k.Person, err = r.Person(ctx, who.Person); err != nil {
		return k, err
	}
	if k.LastForm, err = r.LastForm(ctx, who.Person); err != nil {
		return k, err
	}
	k.Licences, err = r.Licensed(ctx, who.Person)
	return k, err
}

// first is how a requirement stands in a new draft.
func first(r catalog.Requirement, known exchange.Known) Material {
	m := Material{Code: r.Material.Code, Applies: Yes, State: Missing}
	if r.Condition != "" {
		m.Applies = Unsaid
	}
	if by, ok := known.Vouched(r.Material); ok {
		m.State, m.Source, m.Note = Fit, FromShared, by
	}
	return m
}

// offered checks that the office takes the item from a person.
func offered(e *city.Edition, o Opening) (*catalog.Item, *place.Office, error) {
	item, err := e.Catalogue.Item(o.Item)
	if err != nil {
		return nil, nil, err
	}
	office, err := e.Places.Office(o.Office)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case item.Subject == catalog.Legal:
		return nil, nil, ErrSubject
	case !item.AcceptableAt(office.Level):
		return nil, nil, ErrNotHere
	}
	return item, office, nil
}

// decides finds whose authority decides what this office accepts: the division
// of the deciding level above it, or its own where it stands as high.
func decides(places *place.Register, item *catalog.Item, office *place.Office) place.DivisionCode {
	for _, d := range places.Ancestors(office.Division) {
		if office.Level < item.DecideLevel && d.Level >= item.DecideLevel {
			return d.Code
		}
	}
	return office.Division
}

// letters leave out what is misread on paper: 0 O 1 I L 8 B.
const letters = "23456789ACDEFGHJKMNPQRSTUVWXYZ"

// number makes a case number such as 2026-SZ0004-7KQ2M9XA.
func (c *Counter) number(item catalog.ItemCode) (string, error) {
	tail, err := draw(c.Random, 8)
	return fmt.Sprintf("%d-%s-%s", c.today().Year, strings.ReplaceAll(string(item), "-", ""), tail), err
}

func draw(random io.Reader, n int) (string, error) {
	b := make([]byte, n)
	for i := range b {
		k, err := rand.Int(random, big.NewInt(int64(len(letters))))
		if err != nil {
			return "", err
		}
		b[i] = letters[k.Int64()]
	}
	return string(b), nil
}

func orElse(err, fallback error) error {
	if err != nil {
		return err
	}
	return fallback
}
