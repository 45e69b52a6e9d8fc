package casework

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/exchange"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// AskSources is the job that asks the bases for a case afterwards, where its
// opening could not wait for them.
const AskSources notify.JobKind = "casework.ask_sources"

// What can go wrong with reuse.
var (
	ErrNoSource  = fault.New(fault.NotFound, "casework.no_source", "本办件没有从这个数据源获取信息，请刷新后核对")
	ErrNoConsent = fault.New(fault.Invalid, "casework.no_consent", "只能同意本事项需要的数据源，请按页面列出的数据源勾选")
)

// Reuse (零提供) is what a case takes, or could take, from bases.
type Reuse struct {
	Wants     []exchange.Want
	Standings map[string]exchange.Standing
	Uses      []exchange.Use
}

// sharing is what a case could take from bases, with the consents that its person
// has given and without the bases that the person objected to.
func (c *Counter) sharing(cs Case, item *catalog.Item, cat *catalog.Catalogue, p citizen.Person, standings []exchange.Standing) exchange.Need {
	n := exchange.Need{
		Person: p, Case: string(cs.ID), Catalogue: cat, Item: item, Consents: map[string]time.Time{}, Skip: map[string]bool{},
	}
	for _, s := range standings {
		n.Skip[s.Source] = s.State == exchange.Objected
		if !s.ConsentAt.IsZero() {
			n.Consents[s.Source] = s.ConsentAt
		}
	}
	return n
}

// reach asks the bases for a case that stands already. It is called before any
// transaction.
func (c *Counter) reach(ctx context.Context, cs Case, consents []string) (n exchange.Need, g exchange.Gathered, err error) {
	e, err := c.City.Edition(ctx, cs.Edition)
	if err != nil {
		return n, nil, err
	}
	item, err := e.Catalogue.Item(cs.Item)
	if err != nil {
		return n, nil, err
	}
	p, err := c.Store.Person(ctx, cs.Person)
	if err != nil {
		return n, nil, err
	}
	standings, err := c.Store.Standings(ctx, string(cs.ID))
	if err != nil {
		return n, nil, err
	}
	n = c.sharing(cs, item, e.Catalogue, p, standings)
	if n.BareForm, err = c.bare(ctx, cs, p); err != nil {
		return n, nil, err
	}
	for _, name := range consents {
		if !wanted(e.Catalogue, item, name) {
			return n, nil, ErrNoConsent
		}
		n.Consents[name], n.Skip[name] = c.Now(), false
	}
	g, err = c.Exchange.Gather(ctx, n)
	return n, g, err
}

// bare says whether the form is not to be filled from registers: an agent sees
// what a case needs of a natural person, and not their registers.
func (c *Counter) bare(ctx context.Context, cs Case, p citizen.Person) (bool, error) {
	agent, err := c.Store.AgentOf(ctx, cs.ID)
	return agent != "" && p.Kind == citizen.Natural, err
}

func wanted(cat *catalog.Catalogue, item *catalog.Item, source string) bool {
	for _, w := range exchange.Plan(cat, item) {
		if w.Source.Name == source {
			return true
		}
	}
	return false
}

// Ask asks the bases for one's own case once more, with the consents that are
// given with it. Errors: ErrNoConsent, ErrNoCase, ErrNotNow.
func (c *Counter) Ask(ctx context.Context, who citizen.ID, id ID, consents []string) (Case, error) {
	cs, err := c.Own(ctx, who, id)
	if err != nil {
		return Case{}, err
	}
	return c.ask(ctx, cs, c.mine(ctx, who, id), func(cs *Case) string { return cs.as(who) }, consents)
}

// AskAtWindow does it for the person at the window, who consents there; the
// clerk stands in the record. Errors: as of Ask, ErrNotTaken, ErrOtherClerk.
func (c *Counter) AskAtWindow(ctx context.Context, m staff.Member, id ID, consents []string) (Case, error) {
	cs, err := c.Seen(ctx, m, id)
	if err != nil {
		return Case{}, err
	}
	return c.ask(ctx, cs, c.inHand(ctx, m, id), func(*Case) string { return by(m) }, consents)
}

// AskLater does the job AskSources. A case that went on meanwhile is left alone.
func (c *Counter) AskLater(ctx context.Context, id ID) error {
	cs, err := c.Store.Case(ctx, id)
	if err != nil || !cs.State.Allows(Fill) {
		return err
	}
	_, err = c.ask(ctx, cs, func(tx Tx) (Case, error) { return tx.Case(ctx, id) }, func(*Case) string { return system }, nil)
	return err
}

func (c *Counter) ask(ctx context.Context, cs Case, find func(Tx) (Case, error), actor func(*Case) string, consents []string) (Case, error) {
	if err := cs.State.check(Fill); err != nil {
		return Case{}, err
	}
	n, g, err := c.reach(ctx, cs, consents)
	if err != nil || len(g) == 0 {
		return cs, err
	}
	return c.change(ctx, find, Fill, func(tx Tx, cs *Case) (entry, error) {
		cs.take(n.Item, g)
		return entry{actor: actor(cs), note: sharedNote}, c.keep(ctx, tx, cs, n, g)
	})
}

// sharedNote is how the record says that bases were asked.
const sharedNote = "shared"

// take puts what was found to what is still missing. What a person has written
// or handed in stays.
func (cs *Case) take(item *catalog.Item, g exchange.Gathered) {
	for _, f := range item.Fields {
		if v, ok := g.Value(f); ok && cs.Form[f.Name] == "" && ReasonAgainst(f, v.Text) == "" {
			cs.Form[f.Name] = v.Text
		}
	}
	for i := range cs.Materials {
		m := &cs.Materials[i]
		if m.here() {
			continue
		}
		if words, ok := g.Voucher(m.Code); ok {
			m.State, m.Source, m.Note = Fit, FromShared, words
		} else if why := g.Why(m.Code); why != "" && m.State == Missing {
			m.Note = why
		}
	}
}

func (c *Counter) keep(ctx context.Context, tx Tx, cs *Case, n exchange.Need, g exchange.Gathered) error {
	took := func(code catalog.MaterialCode, words string) bool {
		m, err := cs.material(code)
		return err == nil && m.Source == FromShared && m.Note == words
	}
	return c.Exchange.Keep(ctx, tx, n, g, took, cs.Form)
}

// again asks, before an application is handed in, the bases for what is
// missing and could be had: those that were down, or were not asked yet.
func (c *Counter) again(ctx context.Context, cs Case) (n exchange.Need, g exchange.Gathered, err error) {
	if !c.Exchange.Asks() || !cs.State.Allows(Submit) || !lacks(cs) {
		return n, nil, nil
	}
	return c.reach(ctx, cs, nil)
}

func lacks(cs Case) bool {
	for _, m := range cs.Materials {
		if m.owed() {
			return true
		}
	}
	return false
}

// Object takes back what a base told for one's own case: the person writes and
// brings it themselves, and the base is not asked again for it. Errors:
// ErrNoSource, ErrNoCase, ErrNotNow.
func (c *Counter) Object(ctx context.Context, who citizen.ID, id ID, source, why string) (Case, error) {
	return c.change(ctx, c.mine(ctx, who, id), Fill, func(tx Tx, cs *Case) (entry, error) {
		standings, err := tx.Standings(ctx, string(id))
		if err != nil {
			return entry{}, err
		}
		s, ok := standing(standings, source)
		if !ok {
			return entry{}, ErrNoSource
		}
		uses, err := tx.UsesOf(ctx, string(id))
		if err != nil {
			return entry{}, err
		}
		cs.drop(uses, func(u exchange.Use) bool { return u.Source == source && u.State == exchange.InUse }, "")
		if err := tx.ObjectTo(ctx, string(id), source, why, c.Now()); err != nil {
			return entry{}, err
		}
		s.State, s.AskedAt = exchange.Objected, c.Now()
		return entry{actor: cs.as(who), note: sharedNote}, tx.SaveStanding(ctx, string(id), s)
	})
}

func standing(list []exchange.Standing, source string) (exchange.Standing, bool) {
	for _, s := range list {
		if s.Source == source {
			return s, true
		}
	}
	return exchange.Standing{}, false
}

// drop takes out what came by uses; what the person has changed since stays.
func (cs *Case) drop(uses []exchange.Use, which func(exchange.Use) bool, note string) {
	for _, u := range uses {
		if !which(u) {
			continue
		}
		if u.Field != "" && cs.Form[u.Field] == u.Value {
			delete(cs.Form, u.Field)
		}
		if m, err := cs.material(u.Material); err == nil && m.Source == FromShared {
			m.State, m.Source, m.Note = Missing, "", note
		}
	}
}

// ReuseOf is what one's own case takes from where. Error: ErrNoCase.
func (c *Counter) ReuseOf(ctx context.Context, who citizen.ID, id ID) (Reuse, error) {
	cs, err := c.Own(ctx, who, id)
	if err != nil {
		return Reuse{}, err
	}
	return c.reuse(ctx, cs)
}

// ReuseSeen is the same for a member whom the case concerns.
func (c *Counter) ReuseSeen(ctx context.Context, m staff.Member, id ID) (Reuse, error) {
	cs, err := c.Seen(ctx, m, id)
	if err != nil {
		return Reuse{}, err
	}
	return c.reuse(ctx, cs)
}

func (c *Counter) reuse(ctx context.Context, cs Case) (r Reuse, err error) {
	e, err := c.City.Edition(ctx, cs.Edition)
	if err != nil {
		return r, err
	}
	item, err := e.Catalogue.Item(cs.Item)
	if err != nil {
		return r, err
	}
	if c.Exchange.Asks() {
		r.Wants = exchange.Plan(e.Catalogue, item)
	}
	if r.Uses, err = c.Store.UsesOf(ctx, string(cs.ID)); err != nil {
		return r, err
	}
	list, err := c.Store.Standings(ctx, string(cs.ID))
	r.Standings = map[string]exchange.Standing{}
	for _, s := range list {
		r.Standings[s.Source] = s
	}
	return r, err
}
