package circulation

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// How far up lateness is told: first to both offices, three working days later
// to the city and to the persons whose paper it is.
const (
	toOffices = 1
	toCity    = 2

	patienceDays = 3
)

const sweepMost = 100

const lateText = "您的材料原件在网点间流转超过了预定时间，我们正在查找，有结果会立即告诉您；您的办件期限不受影响。"

// Sweep tells of bags that are late. It returns how many it told of.
func (r *Room) Sweep(ctx context.Context) (told int, err error) {
	today := workday.DateOf(r.Now())
	for _, step := range []struct {
		before workday.Date
		level  int
	}{{today, toOffices}, {r.Calendar.Add(today, -patienceDays), toCity}} {
		list, err := r.Store.LateBags(ctx, "", step.before, step.level, sweepMost)
		if err != nil {
			return told, err
		}
		for _, b := range list {
			switch err := r.escalate(ctx, b, step.level); {
			case err == nil:
				told++
			case fault.From(err).Kind != fault.Conflict: // somebody received it meanwhile
				return told, err
			}
		}
	}
	return told, nil
}

// system is the actor of what the clock does.
const system staff.ID = "system"

func (r *Room) escalate(ctx context.Context, b Bag, level int) error {
	return r.Store.InTx(ctx, func(tx Tx) error {
		was, err := tx.Bag(ctx, b.ID)
		if err != nil {
			return err
		}
		if was.Escalated >= level {
			return ErrNotNow
		}
		is, err := was.turned(Escalate, r.Now())
		if err != nil {
			return err
		}
		is.Escalated = level
		held, err := tx.InBag(ctx, b.ID)
		if err != nil {
			return err
		}
		s := Step{Seq: is.Version, At: r.Now(), Act: Escalate, Actor: system, Seal: is.Seal, List: ids(held)}
		if err := logged(ctx, tx, held, system, lateAct, s); err != nil {
			return err
		}
		return errors.Join(apologise(ctx, tx, held, level, s), keep(ctx, tx, was, is, s))
	})
}

// apologise tells the persons, once it has gone up to the city.
func apologise(ctx context.Context, tx Tx, held []Original, level int, s Step) error {
	if level < toCity {
		return nil
	}
	seen := map[string]bool{}
	for _, o := range held {
		if seen[o.Case] {
			continue
		}
		seen[o.Case] = true
		if err := tx.Tell(ctx, notify.Notice{To: o.Person, Kind: noticeLate, Subject: o.Case, Text: lateText, At: s.At}); err != nil {
			return err
		}
	}
	return nil
}

// Late lists the bags of one's office that are late, or of the whole city for
// who watches over it.
func (r *Room) Late(ctx context.Context, by staff.Member, most int) ([]Bag, error) {
	office := by.Office
	if by.Role == staff.Auditor || by.Role == staff.Administrator {
		office = ""
	}
	return r.Store.LateBags(ctx, office, workday.DateOf(r.Now()), toCity+1, most)
}

// Looked is a bag with its list and its history.
type Looked struct {
	Bag   Bag
	Held  []Original
	Steps []Step
}

// Look shows a bag to the two offices. Errors: ErrNoBag, staff.ErrOtherOffice.
func (r *Room) Look(ctx context.Context, by staff.Member, id string) (l Looked, err error) {
	if l.Bag, err = r.Store.Bag(ctx, id); err != nil {
		return l, err
	}
	if by.Office == "" || by.Office != l.Bag.From && by.Office != l.Bag.To {
		return Looked{}, staff.ErrOtherOffice
	}
	if l.Held, err = r.Store.InBag(ctx, id); err != nil {
		return l, err
	}
	l.Steps, err = r.Store.Steps(ctx, id)
	return l, err
}

// Bags lists those from or to one's office in a state ("" = any), newest first.
func (r *Room) Bags(ctx context.Context, by staff.Member, state State, after string, most int) ([]Bag, error) {
	return r.Store.Bags(ctx, by.Office, state, after, most)
}
