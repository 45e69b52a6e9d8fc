package errand

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

const (
	sweepMost = 100
	lookAgain = time.Minute // at a turn that waits for an earlier case
)

// Sweep moves errands on. Every part of a turn is done once and found done
// when it is repeated, so a sweep that was cut off anywhere is taken up again.
// It returns how many turns it moved.
func (d *Desk) Sweep(ctx context.Context) (moved int, err error) {
	ids, err := d.Store.ErrandsWaiting(ctx, d.Now(), sweepMost)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		n, err := d.advance(ctx, id)
		if err != nil {
			return moved, err
		}
		moved += n
	}
	return moved, nil
}

func (d *Desk) advance(ctx context.Context, id string) (moved int, err error) {
	x, err := d.Store.Errand(ctx, id)
	if err != nil {
		return 0, err
	}
	m, err := d.Merged(ctx, x)
	if err != nil {
		return 0, err
	}
	for i, t := range x.Turns {
		if t.State != Waiting {
			continue
		}
		next, err := d.turn(ctx, x, m, m.Steps[i], t)
		if err != nil {
			return moved, err
		}
		if next.State != Waiting {
			moved++
		}
		err = d.Store.InTx(ctx, func(tx Tx) error { return tx.SaveTurn(ctx, id, next, d.Now().Add(lookAgain)) })
		if err != nil {
			return moved, err
		}
		x.Turns[i] = next
	}
	return moved, nil
}

// turn does what can be done for one item now. A refusal that a person can
// mend is no error: it stands at the turn, and the other items go on.
func (d *Desk) turn(ctx context.Context, x Errand, m Merged, s Step, t Turn) (Turn, error) {
	brought, ready, err := d.earlier(ctx, x, s, &t)
	if err != nil || !ready {
		return t, err
	}
	err = d.handIn(ctx, x, s, t, brought)
	var told *fault.Error
	switch {
	case err == nil:
		t.State, t.Note = HandedIn, ""
	case errors.As(err, &told) && told.Kind != fault.Internal && told.Kind != fault.Unavailable:
		t.State, t.Note = NeedsYou, told.Text
	default:
		return t, err
	}
	return t, nil
}

// earlier gathers what the items before have brought about. It is not ready
// while one of them is on its way; where one failed, the turn is blocked.
func (d *Desk) earlier(ctx context.Context, x Errand, s Step, t *Turn) (brought map[string]string, ready bool, err error) {
	brought = map[string]string{}
	for _, item := range s.After {
		i := slices.IndexFunc(x.Turns, func(b Turn) bool { return b.Item == item })
		before := x.Turns[i]
		if before.State == Waiting {
			return nil, false, nil
		}
		cs, err := d.Counter.Store.Case(ctx, before.Case)
		switch {
		case before.State == Blocked || errors.Is(err, casework.ErrNoCase):
			t.State, t.Note = Blocked, "前一事项没有办成，请先办成前一事项后单独申请本事项"
			return nil, false, nil
		case err != nil:
			return nil, false, err
		}
		switch cs.State {
		case casework.Granted, casework.Closed:
		case casework.Refused, casework.Terminated, casework.Withdrawn:
			t.State, t.Note = Blocked, "前一事项没有办成，请先办成前一事项后单独申请本事项"
			return nil, false, nil
		default:
			return nil, false, nil
		}
		outputs, err := d.Counter.Store.OutputsOf(ctx, before.Case)
		if err != nil {
			return nil, false, err
		}
		for name, value := range outputs {
			brought[name] = value
		}
	}
	return brought, true, nil
}

// handIn opens the case, fills it from the one form and what earlier items
// have brought, and hands it in.
func (d *Desk) handIn(ctx context.Context, x Errand, s Step, t Turn, brought map[string]string) error {
	cs, err := d.Counter.Store.Case(ctx, t.Case)
	if errors.Is(err, casework.ErrNoCase) {
		cs, err = d.open(ctx, x, s.Item, t)
	}
	if err != nil || cs.State != casework.Draft {
		return err
	}
	e, err := d.City.Edition(ctx, x.Edition)
	if err != nil {
		return err
	}
	theme, err := e.Catalogue.Theme(x.Theme)
	if err != nil {
		return err
	}
	if err := d.Counter.Foster(ctx, t.Case, filling(x, s.Item, brought), vouched(theme, s)); err != nil {
		return err
	}
	if cs, err = d.Counter.Store.Case(ctx, t.Case); err != nil {
		return err
	}
	if err := d.lend(ctx, x, cs); err != nil {
		return err
	}
	_, err = d.Counter.HandIn(ctx, x.Person, x.Level, t.Case)
	return err
}

func (d *Desk) open(ctx context.Context, x Errand, item *catalog.Item, t Turn) (casework.Case, error) {
	e, err := d.City.Current(ctx)
	if err != nil {
		return casework.Case{}, err
	}
	at, err := nearest(e, item, x.Office)
	if err != nil {
		return casework.Case{}, err
	}
	return d.Counter.OpenFor(ctx, x.Person, t.Case, casework.Opening{Item: item.Code, Office: at})
}

// nearest is the office of the errand, or the first above it that may accept
// the item.
func nearest(e *city.Edition, item *catalog.Item, at place.OfficeCode) (place.OfficeCode, error) {
	office, err := e.Places.Office(at)
	if err != nil {
		return "", err
	}
	if e.Takes(item, office, "") {
		return at, nil
	}
	for _, above := range e.Places.Ancestors(office.Division) {
		for _, o := range e.Places.OfficesOf(above.Code) {
			if e.Takes(item, o, "") {
				return o.Code, nil
			}
		}
	}
	return "", casework.ErrNotHere
}

// filling is what the case's form gets: the one form's values and what earlier
// items have brought, as far as the item asks for them.
func filling(x Errand, item *catalog.Item, brought map[string]string) casework.Filling {
	f := casework.Filling{Form: map[string]string{}, Conditions: map[catalog.MaterialCode]bool{}}
	for _, field := range item.Fields {
		value := x.Form[field.Name]
		if b, ok := brought[field.Name]; ok {
			value = b
		}
		if value != "" {
			f.Form[field.Name] = value
		}
	}
	for _, r := range item.Requirements {
		if applies, said := x.Conditions[r.Material.Code]; said && r.Condition != "" {
			f.Conditions[r.Material.Code] = applies
		}
	}
	return f
}

// vouched are the materials that earlier items, which have succeeded, end in.
func vouched(t *catalog.Theme, s Step) map[catalog.MaterialCode]string {
	list := map[catalog.MaterialCode]string{}
	for _, r := range s.Item.Requirements {
		for _, item := range t.Items {
			if slices.Contains(s.After, item.Code) && t.Yields(item, r.Material) {
				list[r.Material.Code] = "由前一事项“" + item.Name + "”的办理结果带入"
			}
		}
	}
	return list
}
