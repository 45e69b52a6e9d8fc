package citizen

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// Grant is what a principal gives an agent.
type Grant struct {
	Principal ID // "" = oneself; otherwise a legal person that one represents
	Name      Name
	Number    IDNumber // the agent's
	Relation  Relation
	Items     []string // empty = every item
	Until     workday.Date
}

// Offer gives somebody leave to act; it counts once the agent has accepted.
// Errors: what Account.Require says of LevelRealName, ErrNoMatch,
// ErrAgencyTime, ErrAgencySelf, ErrNotForOrg.
func (d *Door) Offer(ctx context.Context, who Account, g Grant) (a Agency, err error) {
	now := d.Now()
	if err := who.Require(LevelRealName, now); err != nil {
		return a, err
	}
	a = Agency{ID: d.NewID(), Kind: Granted, Relation: g.Relation, Principal: g.Principal, Items: g.Items, State: Offered, MadeAt: now, EndsAt: endOf(g.Until)}
	if a.Principal == "" {
		a.Principal = who.Person
	}
	if !a.EndsAt.After(now) || a.EndsAt.Sub(now) > agencyMost {
		return a, ErrAgencyTime
	}
	if err := d.matched(ctx, g.Name, g.Number); err != nil {
		return a, err
	}
	return a, d.Store.InTx(ctx, func(tx Tx) error { return d.offer(ctx, tx, who, g, &a) })
}

func (d *Door) offer(ctx context.Context, tx Tx, who Account, g Grant, a *Agency) error {
	if err := speaksFor(ctx, tx, who.Person, a.Principal); err != nil {
		return err
	}
	agent, err := d.person(ctx, tx, g.Name, g.Number)
	if err != nil {
		return err
	}
	if agent.ID == a.Principal || agent.ID == who.Person {
		return ErrAgencySelf
	}
	principal, err := tx.Person(ctx, a.Principal)
	if err != nil {
		return err
	}
	a.Agent, a.AgentName, a.PrincipalName, a.PrincipalKind = agent.ID, agent.Name, principal.Name, principal.Kind
	if err := tx.InsertAgency(ctx, *a); err != nil {
		return err
	}
	return tx.TellPerson(ctx, a.Agent, "agency.offered", a.ID, "有人请您代为办事，请在“我的—代办授权”查看并选择是否接受", d.Now())
}

// speaksFor says whether somebody decides for a principal: oneself, or the
// legal person that one represents. Error: ErrNotForOrg.
func speaksFor(ctx context.Context, r Reader, who, principal ID) error {
	if who == principal {
		return nil
	}
	rep, err := r.RepresentativeOf(ctx, principal)
	if err == nil && rep != who {
		return ErrNotForOrg
	}
	return err
}

// AcceptAgency takes up what was offered to oneself. Errors: ErrNoAgency,
// ErrAgencyOver and what Account.Require says of LevelRealName.
func (d *Door) AcceptAgency(ctx context.Context, who Account, id string) (a Agency, err error) {
	now := d.Now()
	if err := who.Require(LevelRealName, now); err != nil {
		return a, err
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		a, err = tx.Agency(ctx, id)
		switch {
		case err != nil:
			return err
		case a.Agent != who.Person:
			return ErrNoAgency
		case !now.Before(a.EndsAt):
			return ErrAgencyOver
		}
		a.State, a.AcceptedAt = Active, now
		if err := tx.AcceptAgency(ctx, id, now); err != nil {
			return err
		}
		return tx.TellPerson(ctx, a.Principal, "agency.accepted", a.ID, "您的代办人已接受授权，可以为您办事；您可随时在“我的—代办授权”撤销", now)
	})
	return a, err
}

// EndAgency ends an agency: the principal revokes it, the agent gives it up.
// What the agent may do for the principal ends at once.
// Errors: ErrNoAgency, ErrAgencyOver.
func (d *Door) EndAgency(ctx context.Context, who Account, id string) error {
	return d.Store.InTx(ctx, func(tx Tx) error {
		a, err := tx.Agency(ctx, id)
		if err != nil {
			return err
		}
		other, err := otherSide(ctx, tx, who.Person, a)
		if err != nil {
			return err
		}
		if err := tx.EndAgency(ctx, id, who.Person, d.Now()); err != nil {
			return err
		}
		return tx.TellPerson(ctx, other, "agency.ended", a.ID, "一项代办授权已终止，代办人不能再为委托人办事", d.Now())
	})
}

// otherSide is who hears of the end. Somebody who is no side of it learns
// nothing of it: ErrNoAgency.
func otherSide(ctx context.Context, r Reader, who ID, a Agency) (ID, error) {
	switch {
	case who == "":
		return "", ErrNoAgency
	case who == a.Agent:
		return a.Principal, nil
	case speaksFor(ctx, r, who, a.Principal) == nil:
		return a.Agent, nil
	}
	return "", ErrNoAgency
}

// Agencies lists the agencies of one side, newest first.
func (d *Door) Agencies(ctx context.Context, who Account, side Side) ([]Agency, error) {
	if who.Person == "" {
		return nil, nil
	}
	return d.Store.Agencies(ctx, who.Person, side)
}

// AddChild makes somebody the agent of the child whose guardian they are, until
// the child is of age. Errors: ErrNoMatch, ErrGrownUp, ErrNotGuardian and what
// Account.Require says of LevelRealName.
func (d *Door) AddChild(ctx context.Context, who Account, name Name, number IDNumber) (a Agency, err error) {
	now := d.Now()
	if err := who.Require(LevelRealName, now); err != nil {
		return a, err
	}
	until := birthday(number, ofAge)
	if !now.Before(until) {
		return a, ErrGrownUp
	}
	if err := d.matched(ctx, name, number); err != nil {
		return a, err
	}
	guardian, err := d.Store.Person(ctx, who.Person)
	if err != nil {
		return a, err
	}
	ok, err := d.Registry.Guards(ctx, guardian, Person{Kind: Natural, Name: name, Number: number})
	if err != nil || !ok {
		return a, orElse(err, ErrNotGuardian)
	}
	a = Agency{ID: d.NewID(), Kind: Guardian, Relation: Parent, Agent: who.Person, State: Active, MadeAt: now, AcceptedAt: now, EndsAt: until}
	return a, d.Store.InTx(ctx, func(tx Tx) error { return d.guard(ctx, tx, name, number, &a) })
}

// guard stores a guardianship, unless it stands already.
func (d *Door) guard(ctx context.Context, tx Tx, name Name, number IDNumber, a *Agency) error {
	child, err := d.person(ctx, tx, name, number)
	if err != nil {
		return err
	}
	guardian, err := tx.Person(ctx, a.Agent)
	if err != nil {
		return err
	}
	a.Principal, a.PrincipalName, a.PrincipalKind, a.AgentName = child.ID, child.Name, child.Kind, guardian.Name
	have, err := tx.Agencies(ctx, a.Agent, AsAgent)
	if err != nil {
		return err
	}
	for _, h := range have {
		if h.Kind == Guardian && h.Principal == child.ID && h.State == Active {
			*a = h
			return nil
		}
	}
	return tx.InsertAgency(ctx, *a)
}

// endOf is the moment at which a day is over in Asia/Shanghai.
func endOf(d workday.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, workday.Zone)
}

// birthday is the moment at which a person has an age; those born on
// 29 February have it on 1 March.
func birthday(n IDNumber, age int) time.Time {
	y, m, day := n.Birth()
	return time.Date(y+age, m, day, 0, 0, 0, 0, workday.Zone)
}

func orElse(err, fallback error) error {
	if err != nil {
		return err
	}
	return fallback
}
