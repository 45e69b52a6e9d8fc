package circulation

import (
	"context"
	"fmt"
	"strings"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// onTheWayDays is how many working days a bag may be on its way.
const onTheWayDays = 2

// Make begins a bag to another office. Error: ErrSameSide.
func (r *Room) Make(ctx context.Context, by staff.Member, to place.OfficeCode) (b Bag, err error) {
	edition, err := r.City.Current(ctx)
	if err != nil {
		return b, err
	}
	if _, err := edition.Places.Office(to); err != nil || by.Office == "" || to == by.Office {
		return b, ErrSameSide
	}
	err = r.Store.InTx(ctx, func(tx Tx) error {
		b = Bag{ID: r.NewID(), From: by.Office, To: to, State: Packing, Version: 1, MadeAt: r.Now()}
		series := "LZ" + b.MadeAt.In(workday.Zone).Format("20060102")
		serial, err := tx.NextSerial(ctx, series)
		if err != nil {
			return err
		}
		b.Number = fmt.Sprintf("%s%05d", series, serial)
		if err := tx.InsertBag(ctx, b); err != nil {
			return err
		}
		return tx.AddStep(ctx, b.ID, Step{Seq: 1, At: b.MadeAt, Act: Make, Actor: by.ID})
	})
	return b, err
}

// act does one act on a bag in one transaction; more is what goes with it, and
// may change the bag and the line about it.
func (r *Room) act(ctx context.Context, by staff.Member, id string, act Act, more func(tx Tx, b *Bag, s *Step) error) (is Bag, err error) {
	err = r.Store.InTx(ctx, func(tx Tx) error {
		was, err := tx.Bag(ctx, id)
		if err != nil {
			return err
		}
		now := r.Now()
		if is, err = was.after(act, by, now); err != nil {
			return err
		}
		s := Step{Seq: is.Version, At: now, Act: act, Actor: by.ID}
		if err := more(tx, &is, &s); err != nil {
			return err
		}
		return keep(ctx, tx, was, is, s)
	})
	return is, err
}

func keep(ctx context.Context, tx Tx, was, is Bag, s Step) error {
	if err := tx.MoveBag(ctx, was, is); err != nil {
		return err
	}
	if err := tx.AddStep(ctx, is.ID, s); err != nil {
		return err
	}
	if facts := s.Facts(is.ID); len(facts) > 0 {
		return tx.Record(ctx, facts...)
	}
	return nil
}

// Pack puts originals that lie here into a bag. Errors: ErrFull, ErrNoBag,
// staff.ErrOtherOffice, ErrNotNow, ErrNoOriginal, ErrElsewhere.
func (r *Room) Pack(ctx context.Context, by staff.Member, id string, list []string) (Bag, error) {
	if err := readList(list, 1); err != nil {
		return Bag{}, err
	}
	return r.act(ctx, by, id, Pack, func(tx Tx, b *Bag, s *Step) error {
		s.List = list
		for _, one := range list {
			was, err := here(ctx, tx, by, one)
			if err != nil {
				return err
			}
			if err := move(ctx, tx, was, was.to(InBag, b.From, b.ID, s.At), by.ID, "", "", ""); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unpack takes originals out of an open bag again. Errors: as Pack.
func (r *Room) Unpack(ctx context.Context, by staff.Member, id string, list []string) (Bag, error) {
	if err := readList(list, 1); err != nil {
		return Bag{}, err
	}
	return r.act(ctx, by, id, Unpack, func(tx Tx, b *Bag, s *Step) error {
		s.List = list
		for _, one := range list {
			was, err := tx.Original(ctx, one)
			if err != nil {
				return err
			}
			if was.Where != InBag || was.Bag != b.ID {
				return ErrElsewhere
			}
			if err := move(ctx, tx, was, was.to(AtOffice, b.From, "", s.At), by.ID, "", "", ""); err != nil {
				return err
			}
		}
		return nil
	})
}

// Drop gives up a bag that is empty. Errors: ErrNoBag, staff.ErrOtherOffice,
// ErrNotNow, ErrElsewhere.
func (r *Room) Drop(ctx context.Context, by staff.Member, id string) (Bag, error) {
	return r.act(ctx, by, id, Drop, func(tx Tx, b *Bag, _ *Step) error {
		held, err := tx.InBag(ctx, b.ID)
		if err == nil && len(held) > 0 {
			return ErrElsewhere.Saying("袋中还有原件，请先取出再作废")
		}
		return err
	})
}

// Seal closes a bag with a seal that was never used before. Its list is the
// packing list from then on. Errors: ErrSeal, ErrNoBag, staff.ErrOtherOffice,
// ErrNotNow, ErrEmpty, ErrSealUsed.
func (r *Room) Seal(ctx context.Context, by staff.Member, id, seal string) (Bag, error) {
	if !seals.MatchString(seal) {
		return Bag{}, ErrSeal
	}
	return r.act(ctx, by, id, Seal, func(tx Tx, b *Bag, s *Step) error {
		held, err := tx.InBag(ctx, b.ID)
		if err != nil {
			return err
		}
		if len(held) == 0 {
			return ErrEmpty
		}
		b.Seal = strings.ToUpper(seal)
		s.Seal, s.List = b.Seal, ids(held)
		return nil
	})
}

// Open breaks the seal again before the bag has left. Errors: ErrNoBag,
// staff.ErrOtherOffice, ErrNotNow.
func (r *Room) Open(ctx context.Context, by staff.Member, id string) (Bag, error) {
	return r.act(ctx, by, id, Open, func(_ Tx, b *Bag, s *Step) error {
		s.Seal, b.Seal = b.Seal, ""
		return nil
	})
}

// HandOver gives a sealed bag to who carries it. It is due in two working days,
// or on the day before the first of its cases has to be decided: the case's
// clock does not stand still for paper on its way. Errors: ErrCarrier, ErrNoBag,
// staff.ErrOtherOffice, ErrNotNow.
func (r *Room) HandOver(ctx context.Context, by staff.Member, id, carrier string) (Bag, error) {
	carrier, err := readText(carrier, 2, 40, ErrCarrier)
	if err != nil {
		return Bag{}, err
	}
	return r.act(ctx, by, id, HandOver, func(tx Tx, b *Bag, s *Step) error {
		held, err := tx.InBag(ctx, b.ID)
		if err != nil {
			return err
		}
		b.Carrier, b.HandedAt = carrier, s.At
		s.Seal, s.List, s.Note = b.Seal, ids(held), carrier
		b.DueOn, err = r.due(ctx, tx, held, workday.DateOf(s.At))
		if err != nil {
			return err
		}
		return logged(ctx, tx, held, by.ID, sendAct, *s)
	})
}

func (r *Room) due(ctx context.Context, tx Tx, held []Original, today workday.Date) (workday.Date, error) {
	due := r.Calendar.Add(today, onTheWayDays)
	for _, o := range held {
		cs, err := tx.CaseOnPaper(ctx, o.Case)
		if err != nil {
			return due, err
		}
		if !cs.DueOn.IsZero() && cs.DueOn.Before(due) {
			due = r.Calendar.Add(cs.DueOn, -1)
		}
	}
	if due.Before(today) {
		due = today
	}
	return due, nil
}

// logged writes a line into the record of each case that the list touches.
func logged(ctx context.Context, tx Tx, list []Original, by staff.ID, act string, s Step) error {
	for _, o := range list {
		if err := tx.LogCase(ctx, o.Case, act, string(by), string(o.Material), s.At); err != nil {
			return err
		}
	}
	return nil
}

func ids(list []Original) []string {
	names := make([]string, len(list))
	for i, o := range list {
		names[i] = o.ID
	}
	return names
}
