package casework

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/exchange"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// PushLine is the job that tells a department's own system of a case.
const PushLine notify.JobKind = "casework.push_line"

// lineSystem is who decides where a department's own system did.
const lineSystem staff.ID = "line"

// toLine tells the department's system of what was done to an accepted case:
// a message of the same transaction, sent by a job.
func (c *Counter) toLine(ctx context.Context, tx Tx, cs Case, act Act) error {
	if c.Lines == nil || cs.AcceptedAt.IsZero() || act == AlarmAct || act == LineAct {
		return nil
	}
	item, err := c.Item(ctx, cs)
	if err != nil || item.Line == "" {
		return err
	}
	m := exchange.Message{ID: c.NewID(), Case: string(cs.ID), System: item.Line, Act: string(act), At: c.Now()}
	if err := tx.PostLine(ctx, m); err != nil {
		return err
	}
	return tx.Enqueue(ctx, notify.Job{Kind: PushLine, Subject: string(cs.ID), At: c.Now()})
}

// Push does the job PushLine: a case's messages in their order, none before
// the one that failed. Error: exchange.ErrLineDown.
func (c *Counter) Push(ctx context.Context, id ID) error {
	list, err := c.Store.UnsentLine(ctx, string(id))
	if err != nil || len(list) == 0 {
		return err
	}
	cs, err := c.Store.Case(ctx, id)
	if err != nil {
		return err
	}
	p, err := c.Store.Person(ctx, cs.Person)
	if err != nil {
		return err
	}
	d := exchange.Dispatch{Number: cs.Number, Item: cs.Item, State: lineState(cs.State), Person: p, Form: cs.Form, Materials: map[catalog.MaterialCode]string{}}
	for _, m := range cs.Materials {
		if m.Applies == Yes {
			d.Materials[m.Code] = string(m.State)
		}
	}
	for _, m := range list {
		d.Message = m
		if err := c.Lines.Send(ctx, d); err != nil {
			return err
		}
		if err := c.Store.InTx(ctx, func(tx Tx) error { return tx.SentLine(ctx, m.ID, c.Now()) }); err != nil {
			return err
		}
	}
	return nil
}

// lineState is how both sides call where a case stands.
func lineState(s State) string {
	switch s {
	case Granted, Closed:
		return "granted"
	case Refused:
		return "refused"
	case Terminated, Withdrawn:
		return "ended"
	default:
		return "open"
	}
}

const lineMark = "line "

// Hear reads what the systems have said and follows it, each report once and
// in the order of its case; one that overtook another waits for it. A system
// that is down is read the next time.
func (c *Counter) Hear(ctx context.Context) (followed int, err error) {
	if c.Lines == nil {
		return 0, nil
	}
	e, err := c.City.Current(ctx)
	if err != nil {
		return 0, err
	}
	for _, system := range e.Catalogue.Lines() {
		if err := c.hear(ctx, system); err != nil && !errors.Is(err, exchange.ErrLineDown) {
			return followed, err
		}
	}
	for {
		list, err := c.Store.NextReports(ctx, sweepMost)
		if err != nil || len(list) == 0 {
			return followed, err
		}
		for _, r := range list {
			if err := c.follow(ctx, r); err != nil {
				return followed, err
			}
			followed++
		}
	}
}

func (c *Counter) hear(ctx context.Context, system string) error {
	mark, err := c.Store.Mark(ctx, lineMark+system)
	if err != nil {
		return err
	}
	list, next, err := c.Lines.Reports(ctx, system, mark)
	if err != nil || next == mark {
		return err
	}
	return c.Store.InTx(ctx, func(tx Tx) error {
		for _, r := range list {
			cs, err := tx.Case(ctx, ID(r.Case))
			if errors.Is(err, ErrNoCase) {
				continue // the reconciliation tells of it
			}
			if err != nil {
				return err
			}
			if item, err := c.Item(ctx, cs); err != nil || item.Line != system {
				continue // a system speaks for its own items only
			}
			if err := tx.KeepReport(ctx, r, c.Now()); err != nil {
				return err
			}
		}
		return tx.SaveMark(ctx, lineMark+system, next)
	})
}

// follow does what a report says, as far as the case allows it; what it does
// not allow is kept with the reason.
func (c *Counter) follow(ctx context.Context, r exchange.Report) error {
	err := c.Store.InTx(ctx, func(tx Tx) error {
		if err := c.reported(ctx, tx, r); err != nil {
			return err
		}
		return tx.ReadReport(ctx, r, "", c.Now())
	})
	told, ok := errors.AsType[*fault.Error](err)
	if err == nil || !ok || told.Kind == fault.Internal || told.Kind == fault.Unavailable {
		return err
	}
	return c.Store.InTx(ctx, func(tx Tx) error { return tx.ReadReport(ctx, r, told.Code, c.Now()) })
}

func (c *Counter) reported(ctx context.Context, tx Tx, r exchange.Report) error {
	cs, err := tx.Case(ctx, ID(r.Case))
	if err != nil {
		return err
	}
	if r.Kind == exchange.LineStatus {
		return c.record(ctx, tx, cs, LineAct, entry{actor: string(lineSystem), note: r.System, free: r.Text})
	}
	if err := cs.State.check(Resolve); err != nil {
		return err
	}
	if r.Kind == exchange.LineRefused && r.Text == "" {
		return ErrReason
	}
	e, err := c.City.Edition(ctx, cs.Edition)
	if err != nil {
		return err
	}
	item, err := e.Catalogue.Item(cs.Item)
	if err != nil {
		return err
	}
	v := Verdict{Grant: r.Kind == exchange.LineGranted, Text: r.Text, Outputs: r.Outputs}
	if err := checkOutputs(e.Catalogue, v.Outputs); err != nil {
		return err
	}
	if err := c.agreed(ctx, tx, item, cs, v); err != nil {
		return err
	}
	for i := range cs.Materials { // who decides has looked at what is there; what is owed stays owed
		if m := &cs.Materials[i]; v.Grant && m.Applies == Yes && m.State == Provided {
			m.State = Fit
		}
	}
	if err := tx.SaveCase(ctx, cs, cs.State); err != nil {
		return err
	}
	return c.decide(ctx, tx, staff.Member{ID: lineSystem}, item, &cs, v)
}

// Reconcile compares, once a day, what each system and we believe of the cases
// that it was told of. Messages that were given up are tried again.
func (c *Counter) Reconcile(ctx context.Context) (different int, err error) {
	if c.Lines == nil {
		return 0, nil
	}
	e, err := c.City.Current(ctx)
	if err != nil {
		return 0, err
	}
	for _, system := range e.Catalogue.Lines() {
		done, err := c.Store.Mark(ctx, "reconciled "+system)
		if err != nil {
			return different, err
		}
		if done == c.today().String() {
			continue
		}
		n, err := c.reconcile(ctx, system)
		if err != nil && !errors.Is(err, exchange.ErrLineDown) {
			return different, err
		}
		different += n
	}
	return different, nil
}

func (c *Counter) reconcile(ctx context.Context, system string) (int, error) {
	theirs, err := c.Lines.Believes(ctx, system)
	if err != nil {
		return 0, err
	}
	ours, err := c.Store.Handed(ctx, system)
	if err != nil {
		return 0, err
	}
	for i := range ours {
		ours[i].State = lineState(State(ours[i].State))
	}
	again, err := c.Store.StaleLine(ctx, system, c.Now().Add(-time.Hour))
	if err != nil {
		return 0, err
	}
	list := exchange.Differ(ours, theirs)
	for i := range list {
		list[i].ID, list[i].System, list[i].FoundAt = c.NewID(), system, c.Now()
	}
	return len(list), c.Store.InTx(ctx, func(tx Tx) error {
		for _, id := range again {
			if err := tx.Enqueue(ctx, notify.Job{Kind: PushLine, Subject: id, At: c.Now()}); err != nil {
				return err
			}
		}
		if err := tx.KeepDifferences(ctx, system, list); err != nil {
			return err
		}
		return tx.SaveMark(ctx, "reconciled "+system, c.today().String())
	})
}

// Differences lists what the last reconciliations found among the member's cases.
func (c *Counter) Differences(ctx context.Context, m staff.Member, after string, most int) ([]exchange.Difference, error) {
	w, err := c.work(ctx, m)
	if err != nil {
		return nil, err
	}
	return c.Store.Differences(ctx, exchange.Flags(w), after, most)
}
