package circulation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// Arrival is what the receiver saw: the seal, and what was in the bag.
type Arrival struct {
	Seal  string
	Found []string
}

// Difference is what an arrival and the packing list do not share.
type Difference struct {
	BrokenSeal bool
	Missing    []string // on the list, not in the bag
	Extra      []string // in the bag, not on the list
}

// none says whether all is as it should be.
func (d Difference) none() bool { return !d.BrokenSeal && len(d.Missing) == 0 && len(d.Extra) == 0 }

// words name the difference in the bag's history.
func (d Difference) words() string {
	var w []string
	if d.BrokenSeal {
		w = append(w, "seal")
	}
	if len(d.Missing) > 0 {
		w = append(w, "missing "+strings.Join(d.Missing, " "))
	}
	if len(d.Extra) > 0 {
		w = append(w, "extra "+strings.Join(d.Extra, " "))
	}
	return strings.Join(w, "; ")
}

// compare holds an arrival against the packing list.
func (b Bag) compare(listed []Original, a Arrival) (d Difference) {
	d.BrokenSeal = !strings.EqualFold(a.Seal, b.Seal)
	on := ids(listed)
	for _, id := range on {
		if !slices.Contains(a.Found, id) {
			d.Missing = append(d.Missing, id)
		}
	}
	for _, id := range a.Found {
		if !slices.Contains(on, id) {
			d.Extra = append(d.Extra, id)
		}
	}
	return d
}

// Receive opens a bag at its destination and compares it with its list. What is
// on both is here from now on. Where the seal or anything else differs, the bag
// is disputed until the manager has settled it, and the difference is told at
// once. Errors: ErrFull, ErrNoBag, staff.ErrOtherOffice, ErrNotNow, ErrNoOriginal.
func (r *Room) Receive(ctx context.Context, by staff.Member, id string, a Arrival) (is Bag, d Difference, err error) {
	if err := readList(a.Found, 0); err != nil {
		return is, d, err
	}
	err = r.Store.InTx(ctx, func(tx Tx) error {
		was, err := tx.Bag(ctx, id)
		if err != nil {
			return err
		}
		listed, err := tx.InBag(ctx, id)
		if err != nil {
			return err
		}
		d = was.compare(listed, a)
		is, err = r.open(ctx, tx, by, was, listed, d)
		return err
	})
	return is, d, err
}

func (r *Room) open(ctx context.Context, tx Tx, by staff.Member, was Bag, listed []Original, d Difference) (Bag, error) {
	act := Receive
	if !d.none() {
		act = Dispute
	}
	now := r.Now()
	is, err := was.after(act, by, now)
	if err != nil {
		return is, err
	}
	for _, o := range listed {
		if err := r.arrive(ctx, tx, by, is, o, slices.Contains(d.Missing, o.ID), now); err != nil {
			return is, err
		}
	}
	for _, id := range d.Extra {
		if _, err := tx.Original(ctx, id); err != nil {
			return is, err
		}
	}
	s := Step{Seq: is.Version, At: now, Act: act, Actor: by.ID, Seal: was.Seal, List: ids(listed), Note: d.words()}
	return is, keep(ctx, tx, was, is, s)
}

// arrive says of one original on the list whether it came.
func (r *Room) arrive(ctx context.Context, tx Tx, by staff.Member, b Bag, o Original, missing bool, now time.Time) error {
	if missing {
		return move(ctx, tx, o, o.to(Missing, b.To, b.ID, now), by.ID, lateAct, "", "")
	}
	return move(ctx, tx, o, o.to(AtOffice, b.To, "", now), by.ID, arriveAct, "", "")
}

// Settlement is how a manager ends a difference: what has turned up is here,
// what has not is lost, and what came without being listed stays here.
type Settlement struct {
	Lost []string // of the missing ones
	Note string
}

// Settle ends a disputed bag, by the manager of the receiving office. The owner
// of what is lost is told. Errors: ErrWhy, ErrFull, ErrNoBag,
// staff.ErrOtherOffice, staff.ErrNotAllowed, ErrNotNow, ErrUnknown.
func (r *Room) Settle(ctx context.Context, by staff.Member, id string, how Settlement) (Bag, error) {
	note, err := readText(how.Note, 5, 200, ErrWhy)
	if err := errors.Join(err, readList(how.Lost, 0)); err != nil {
		return Bag{}, err
	}
	return r.act(ctx, by, id, Settle, func(tx Tx, b *Bag, s *Step) error {
		missing, err := tx.InBag(ctx, b.ID)
		if err != nil {
			return err
		}
		for _, id := range how.Lost {
			if !slices.Contains(ids(missing), id) {
				return ErrUnknown
			}
		}
		s.List, s.Note = how.Lost, note
		for _, o := range missing {
			if err := r.end(ctx, tx, by, *b, o, slices.Contains(how.Lost, o.ID), s.At); err != nil {
				return err
			}
		}
		return nil
	})
}

// end says of one missing original what became of it.
func (r *Room) end(ctx context.Context, tx Tx, by staff.Member, b Bag, o Original, lost bool, now time.Time) error {
	if !lost {
		return move(ctx, tx, o, o.to(AtOffice, b.To, "", now), by.ID, arriveAct, "", "")
	}
	return move(ctx, tx, o, o.to(Lost, b.To, b.ID, now), by.ID, lostAct, noticeLost,
		"您的材料原件在网点间流转时遗失，我们十分抱歉；受理网点会与您联系，协助补办并承担费用。")
}

// Claim takes in an original that came without being on a bag's list: it lies
// here now, whatever was on record. It is for the receiving office of a bag that
// is disputed. Errors: ErrNoBag, staff.ErrOtherOffice, ErrNotNow, ErrNoOriginal,
// ErrElsewhere.
func (r *Room) Claim(ctx context.Context, by staff.Member, bag, id string) (is Original, err error) {
	err = r.Store.InTx(ctx, func(tx Tx) error {
		b, err := tx.Bag(ctx, bag)
		if err != nil {
			return err
		}
		if err := b.inReach(Dispute, by); err != nil {
			return err
		}
		if b.State != Disputed {
			return ErrNotNow
		}
		was, err := tx.Original(ctx, id)
		if err != nil {
			return err
		}
		if was.Where != AtOffice && was.Where != InBag || was.Office != b.From || was.Bag == b.ID {
			return ErrElsewhere
		}
		is = was.to(AtOffice, b.To, "", r.Now())
		return move(ctx, tx, was, is, by.ID, arriveAct, "", "")
	})
	return is, err
}
