package casework

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/exchange"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Counter is where cases are opened, handed in, reviewed and decided.
type Counter struct {
	Store     Store
	City      city.Shelf
	Calendar  *workday.Calendar
	Files     Files
	Inspector Inspector
	Exchange  *exchange.Desk                    // nil = no base is asked
	Lines     exchange.Lines                    // nil = no department has a system of its own
	ReadGrade func(citizen.Grade) citizen.Grade // nil = as it stands
	Words     citizen.Words                     // judges what people write; nil = every text is fit
	Now       func() time.Time
	NewID     func() string
	Random    io.Reader
}

// applicant is how the record names the person; their name stays out of it.
const (
	applicant = "applicant"
	system    = "system"
)

// Item is the case's item, as the edition has it that the case was opened under.
func (c *Counter) Item(ctx context.Context, cs Case) (*catalog.Item, error) {
	e, err := c.City.Edition(ctx, cs.Edition)
	if err != nil {
		return nil, err
	}
	return e.Catalogue.Item(cs.Item)
}

// Own returns the person's own case, or one in which they act for another.
// Somebody else's is as good as none. Errors: ErrNoCase, citizen.ErrNotAgent.
// One that is not accepted yet is shown as the edition in force would have it.
func (c *Counter) Own(ctx context.Context, who citizen.ID, id ID) (Case, error) {
	cs, err := c.own(ctx, c.Store, who, id)
	if err != nil {
		return cs, err
	}
	if _, err := c.rebase(ctx, &cs); err != nil && !errors.Is(err, catalog.ErrNoItem) {
		return cs, err
	}
	return cs, nil
}

func (c *Counter) own(ctx context.Context, r Reader, who citizen.ID, id ID) (Case, error) {
	cs, err := r.Case(ctx, id)
	switch {
	case err != nil:
		return Case{}, err
	case who == "":
		return Case{}, ErrNoCase
	case cs.Person == who:
		return cs, nil
	}
	if err := c.actsIn(ctx, r, who, cs); err != nil {
		return Case{}, err
	}
	return cs, nil
}

// Mine lists the person's cases, newest first.
func (c *Counter) Mine(ctx context.Context, who citizen.ID, before ID, most int) ([]Case, error) {
	return c.Store.CasesOf(ctx, who, before, most)
}

// change loads a case through find, lets do work on it and stores it with its
// record and, if told is not empty, a notice: the frame of every act.
func (c *Counter) change(ctx context.Context, find func(Tx) (Case, error), act Act, do func(Tx, *Case) (entry, error)) (cs Case, err error) {
	err = c.Store.InTx(ctx, func(tx Tx) error {
		if cs, err = find(tx); err != nil {
			return err
		}
		if err := cs.State.check(act); err != nil {
			return err
		}
		was := cs.State
		if err := c.upToDate(ctx, tx, &cs, act); err != nil {
			return err
		}
		e, err := do(tx, &cs)
		if err != nil {
			return err
		}
		if err := tx.SaveCase(ctx, cs, was); err != nil {
			return err
		}
		if err := c.record(ctx, tx, cs, act, e); err != nil || e.then == nil {
			return err
		}
		return e.then(tx)
	})
	return cs, err
}

// upToDate puts the applicant's acts before acceptance on the edition in force.
func (c *Counter) upToDate(ctx context.Context, tx Tx, cs *Case, act Act) error {
	if act == Withdraw || act == HandOver {
		return nil
	}
	moved, err := c.rebase(ctx, cs)
	if err != nil || !moved {
		return err
	}
	return tx.RebaseCase(ctx, *cs)
}

// entry is what an act leaves in the record and what the person is told.
type entry struct {
	actor, note string
	told        notify.Kind // "" = nothing
	text        string
	free        string         // written freely, for the record alone: kept sealed
	then        func(Tx) error // what follows in the same transaction, after the record
}

func (c *Counter) record(ctx context.Context, tx Tx, cs Case, act Act, e entry) error {
	if err := tx.InsertEvent(ctx, cs.ID, Event{At: c.Now(), Act: act, Actor: e.actor, Note: e.note, Text: e.free}); err != nil {
		return err
	}
	if err := c.toLine(ctx, tx, cs, act); err != nil || e.told == "" {
		return err
	}
	n := notify.Notice{To: cs.Person, Kind: e.told, Subject: string(cs.ID), Text: e.text, At: c.Now()}
	if err := tx.Tell(ctx, n); err != nil {
		return err
	}
	return c.tellAgent(ctx, tx, cs, n)
}

// mine finds the person's own case, or one they act in, in a transaction.
func (c *Counter) mine(ctx context.Context, who citizen.ID, id ID) func(Tx) (Case, error) {
	return func(tx Tx) (Case, error) { return c.own(ctx, tx, who, id) }
}

func (c *Counter) today() workday.Date { return workday.DateOf(c.Now()) }

// by is how the record names a member of staff.
func by(m staff.Member) string { return string(m.ID) }
