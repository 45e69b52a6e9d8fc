package casework

import (
	"cmp"
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
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Opening is what a person asks for.
type Opening struct {
	Item        catalog.ItemCode
	Office      place.OfficeCode
	Appointment string     // "" = none
	OnBehalf    citizen.ID // the principal; "" = oneself
	// Division is where the thing stands that it is about, such as a shop or a
	// house; "" = where the person lives.
	Division place.DivisionCode
}

// opener is who opens a case, and for whom.
type opener struct {
	person  citizen.ID      // whose case it is
	account citizen.Account // the person's own, zero where another acts for them
	agent   citizen.ID      // who acts for them, "" = nobody
	clerk   *staff.Member   // who serves them at the window, nil online
}

// Open starts a draft, with what is known already filled in and what is
// vouched for already there; on behalf of another who has given leave.
// Errors: ErrNotHere, ErrSubject, citizen.ErrNotAgent.
func (c *Counter) Open(ctx context.Context, who citizen.Account, o Opening) (Case, error) {
	if err := who.Require(citizen.LevelRealName, c.Now()); err != nil {
		return Case{}, err
	}
	from := opener{person: who.Person, account: who}
	if o.OnBehalf != "" && o.OnBehalf != who.Person {
		from = opener{person: o.OnBehalf, agent: who.Person}
	}
	return c.open(ctx, from, o)
}

// OpenAtWindow starts a draft for a person who stands at the window, with or
// without WeChat; the clerk has it in hand and stands in the record.
// Errors: ErrNotHere, ErrSubject.
func (c *Counter) OpenAtWindow(ctx context.Context, m staff.Member, who citizen.ID, o Opening) (Case, error) {
	o.Office = m.Office
	return c.open(ctx, opener{person: who, clerk: &m}, o)
}

func (c *Counter) open(ctx context.Context, from opener, o Opening) (Case, error) {
	return c.openAs(ctx, from, o, ID(c.NewID()))
}

func (c *Counter) openAs(ctx context.Context, from opener, o Opening, id ID) (Case, error) {
	e, err := c.City.Current(ctx)
	if err != nil {
		return Case{}, err
	}
	at, err := offered(e, o)
	if err != nil {
		return Case{}, err
	}
	item := at.item
	cs := Case{
		ID: id, Edition: e.Version, Item: item.Code, Department: item.Department.Code, Person: from.person, Office: at.office.Code,
		Subject: o.Division, Appointment: o.Appointment, State: Draft, OpenedAt: c.Now(),
	}
	if cs.Number, err = c.number(item.Code); err != nil {
		return Case{}, err
	}
	n, err := c.ahead(ctx, from, at, cs)
	if err != nil {
		return Case{}, err
	}
	g, err := c.Exchange.Gather(ctx, n)
	if err != nil {
		return Case{}, err
	}
	err = c.Store.InTx(ctx, func(tx Tx) error {
		if err := c.insert(ctx, tx, from, at, &cs, g); err != nil {
			return err
		}
		if from.clerk != nil && c.Exchange.Asks() { // the window's transaction is open already: nothing is asked in it
			return tx.Enqueue(ctx, notify.Job{Kind: AskSources, Subject: string(cs.ID), At: c.Now()})
		}
		return c.keep(ctx, tx, &cs, n, g)
	})
	return cs, err
}

// ahead is what a case that is being opened could take from bases. Nothing is
// asked about somebody whom the agent may not act for, and nothing of theirs
// but materials is read for an agent of a natural person.
func (c *Counter) ahead(ctx context.Context, from opener, at counterAt, cs Case) (n exchange.Need, err error) {
	if !c.Exchange.Asks() || from.clerk != nil {
		return n, nil
	}
	p, err := c.Store.Person(ctx, from.person)
	if err != nil {
		return n, err
	}
	if from.agent != "" {
		if err := c.mayAct(ctx, c.Store, from.agent, cs); err != nil {
			return n, err
		}
	}
	n = c.sharing(cs, at.item, at.edition.Catalogue, p, nil)
	n.BareForm = from.agent != "" && p.Kind == citizen.Natural
	return n, nil
}

func (c *Counter) insert(ctx context.Context, tx Tx, from opener, at counterAt, cs *Case, g exchange.Gathered) error {
	if from.agent != "" {
		if err := c.mayAct(ctx, tx, from.agent, *cs); err != nil {
			return err
		}
	}
	if err := bookedFor(ctx, tx, from, *cs); err != nil {
		return err
	}
	known, err := c.known(ctx, tx, from)
	if err != nil {
		return err
	}
	known.Shared = g
	if !suits(at.item.Subject, known.Person.Kind) {
		return ErrSubject
	}
	if cs.Decides, err = at.decides(known.Person.Home); err != nil {
		return err
	}
	prefill(cs, at.item, known)
	if err := tx.InsertCase(ctx, *cs); err != nil {
		return err
	}
	return c.opened(ctx, tx, from, at.item, cs)
}

// bookedFor checks that the visit is the person's own, or that of who acts,
// and was booked for this item at this office.
func bookedFor(ctx context.Context, tx Tx, from opener, cs Case) error {
	if cs.Appointment == "" {
		return nil
	}
	for _, who := range []citizen.ID{from.person, from.agent} {
		if ok, err := tx.BookedBy(ctx, who, cs); err != nil || ok {
			return err
		}
	}
	return ErrNoAppointment
}

// suits says whether an item is for this kind of person.
func suits(subject catalog.Subject, kind citizen.Kind) bool {
	return subject == catalog.Both || (subject == catalog.Legal) == (kind == citizen.Legal)
}

// prefill writes what is known into a new draft.
func prefill(cs *Case, item *catalog.Item, known exchange.Known) {
	cs.Form = map[string]string{}
	for _, f := range item.Fields {
		if v, ok := known.Field(f); ok {
			cs.Form[f.Name] = v.Text
		}
	}
	for _, r := range item.Requirements {
		cs.Materials = append(cs.Materials, first(r, known))
	}
}

// openedFor tells a person that another has opened a case in their name.
const openedFor notify.Kind = "case.opened_for_you"

// opened keeps who opened a case; a person for whom another did it is told.
func (c *Counter) opened(ctx context.Context, tx Tx, from opener, item *catalog.Item, cs *Case) error {
	e := entry{actor: applicant}
	switch {
	case from.clerk != nil:
		cs.Clerk = from.clerk.ID
		if err := tx.TakeCase(ctx, *cs); err != nil {
			return err
		}
		e = entry{actor: by(*from.clerk), told: openedFor, text: "窗口工作人员已为您建立“" + item.Name + "”申请；如您没有到窗口办理，请联系该单位"}
	case from.agent != "":
		if err := tx.InsertCaseAgent(ctx, cs.ID, from.agent); err != nil {
			return err
		}
		e = entry{actor: cs.as(from.agent), told: openedFor, text: "“" + item.Name + "”申请已由代办人建立；如非委托人的意思，请在“我的—代办授权”撤销授权"}
	}
	return c.record(ctx, tx, *cs, OpenAct, e)
}

// known gathers what need not be asked. Where another acts for a person, the
// person's own match with the population register vouches for who it is; the
// phone of who acts is not theirs.
func (c *Counter) known(ctx context.Context, r Reader, from opener) (k exchange.Known, err error) {
	if k.Person, err = r.Person(ctx, from.person); err != nil {
		return k, err
	}
	k.Account = from.account
	if from.account.ID == "" && k.Person.Kind == citizen.Natural {
		k.Account.RealNameAt = k.Person.MadeAt
	}
	if k.LastForm, err = r.LastForm(ctx, from.person); err != nil {
		return k, err
	}
	k.Licences, err = r.Licensed(ctx, from.person)
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
		return m
	}
	m.Note = known.Shared.Why(m.Code)
	return m
}

// counterAt is where a case is opened: an office, for an item.
type counterAt struct {
	edition  *city.Edition
	item     *catalog.Item
	office   *place.Office
	division place.DivisionCode
}

// offered checks that the office takes the item.
func offered(e *city.Edition, o Opening) (at counterAt, err error) {
	at.edition, at.division = e, o.Division
	if at.item, err = e.Catalogue.Item(o.Item); err != nil {
		return at, err
	}
	if at.office, err = e.Places.Office(o.Office); err != nil {
		return at, err
	}
	if o.Division != "" {
		if _, err := e.Places.Division(o.Division); err != nil {
			return at, err
		}
	}
	if !e.Takes(at.item, at.office, "") {
		return at, ErrNotHere
	}
	return at, nil
}

// decides finds whose authority decides for somebody who lives there, if the
// office may accept it from them.
func (at counterAt) decides(home place.DivisionCode) (place.DivisionCode, error) {
	home = cmp.Or(at.division, home)
	if !at.edition.Takes(at.item, at.office, home) {
		return "", ErrNotFromThere
	}
	return at.edition.Decides(at.item, at.office, home), nil
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
