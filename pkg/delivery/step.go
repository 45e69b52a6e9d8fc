package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/licence"
)

// step does one act on a waybill in one transaction. What is refused is
// counted: that transaction stays, and the refusal is told afterwards.
func (d *Desk) step(ctx context.Context, id string, s Step) (is Waybill, err error) {
	var refusal error
	s.At = d.Now()
	err = d.Store.InTx(ctx, func(tx Tx) error {
		is, refusal, err = d.apply(ctx, tx, id, s)
		return err
	})
	if err != nil {
		return Waybill{}, err
	}
	return is, refusal
}

// apply does one act inside a transaction. A refusal has been counted and
// changed nothing else; an error undoes all.
func (d *Desk) apply(ctx context.Context, tx Tx, id string, s Step) (is Waybill, refusal, err error) {
	was, err := tx.Waybill(ctx, id)
	if err != nil {
		return is, nil, err
	}
	if s, err = d.prepared(ctx, tx, was, s); err != nil {
		return is, nil, err
	}
	if is, refusal = was.After(s); refusal != nil {
		return is, refusal, count(ctx, tx, was, s, refusal)
	}
	return is, nil, settle(ctx, tx, was, is, s)
}

// prepared brings to a step what only the store knows, and a new code.
func (d *Desk) prepared(ctx context.Context, tx Tx, w Waybill, s Step) (_ Step, err error) {
	switch s.Act {
	case HandOver:
		s.Order, err = d.remote(ctx, w.Company)
	case Deliver, Collect, Confirm:
		return proving(ctx, tx, w, s)
	case PickUp, Renew:
		s.Fresh, err = newCode(d.Random)
	case Pass, Reassign:
		if s.To, err = tx.Carrier(ctx, s.To.ID); errors.Is(err, ErrCarrier) {
			err = nil // After refuses it, and it is counted
		}
	}
	return s, err
}

// proving says whether the licence that is to be delivered still holds, and
// whose number the digits have to end.
func proving(ctx context.Context, tx Tx, w Waybill, s Step) (Step, error) {
	paper, err := tx.LicenceOf(ctx, w.Case)
	if err != nil {
		return s, err
	}
	s.Void = paper.State != licence.Valid || paper.IssuedAt.After(w.MadeAt) // revoked, or replaced by another paper
	if s.Proof.Evidence != "" {
		if s.Filed, err = tx.ProofFile(ctx, s.By.ID, s.Proof.Evidence); err != nil && !errors.Is(err, ErrNoEvidence) {
			return s, err
		}
		if s.Filed.Waybill != w.ID {
			s.Filed = ProofFile{} // another parcel's proves nothing here
		}
	}
	if s.Proof.Digits == "" {
		return s, nil
	}
	cs, err := tx.CaseHead(ctx, w.Case)
	if err != nil {
		return s, err
	}
	return entitling(ctx, tx, cs, s)
}

// entitling brings the numbers of those who may take the result of a case.
func entitling(ctx context.Context, tx Tx, cs licence.Case, s Step) (Step, error) {
	list, err := entitled(ctx, tx, cs, s.At)
	if err != nil {
		return s, err
	}
	s.Holder = list[0].Number.String()
	for _, agent := range list[1:] {
		s.Agents = append(s.Agents, agent.Number.String())
	}
	return s, nil
}

// entitled are those who may take the result of a case: its person first, then
// who may act for them in its item.
func entitled(ctx context.Context, tx Tx, cs licence.Case, at time.Time) ([]citizen.Person, error) {
	holder, err := tx.Person(ctx, cs.Person)
	if err != nil {
		return nil, err
	}
	agents, err := tx.AgentsFor(ctx, cs.Person, cs.Item, at)
	return append([]citizen.Person{holder}, agents...), err
}

// count keeps what was refused, and warns the person of a proof that somebody
// could not give five times.
func count(ctx context.Context, tx Tx, w Waybill, s Step, refusal error) error {
	if s.Act == Collect && errors.Is(refusal, ErrWrongProof) {
		if err := tx.LogCase(ctx, w.Case, refusedProof, string(s.By.ID), "", s.At); err != nil {
			return err
		}
		return tx.CountRefusal(ctx, w.ID)
	}
	if !errors.Is(refusal, ErrWrongCode) && !errors.Is(refusal, ErrWrongProof) {
		return tx.CountRefusal(ctx, w.ID)
	}
	if err := tx.CountWrongCode(ctx, w.ID); err != nil {
		return err
	}
	if w.WrongCodes++; w.Locked() {
		return tx.Tell(ctx, w.notice(noticeLocked, lockedText, s.At))
	}
	return nil
}

// settle stores a step that was taken and what follows from it.
func settle(ctx context.Context, tx Tx, was, is Waybill, s Step) error {
	if err := tx.MoveWaybill(ctx, was, is); err != nil {
		return err
	}
	e := is.event(s)
	if err := tx.AddEvent(ctx, is.ID, e); err != nil {
		return err
	}
	if facts := e.Facts(is.ID); len(facts) > 0 {
		if err := tx.Record(ctx, facts...); err != nil {
			return err
		}
	}
	if err := order(ctx, tx, is, s); err != nil {
		return err
	}
	if is.State == Delivered {
		return conclude(ctx, tx, is.hands(s.By, s.At), e.Proof)
	}
	if kind, text := is.news(s); kind != "" {
		return tx.Tell(ctx, is.notice(kind, text, s.At))
	}
	return nil
}
