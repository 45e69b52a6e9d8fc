package lite

import (
	"context"
	"strings"

	"github.com/yimen-gov/yimen/pkg/circulation"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// parcelsView is what leaves and comes to an office.
type parcelsView struct {
	Ready, Back, Rest []officeParcel
	Bags              []bagRow
	Originals         int
}

type officeParcel struct {
	ID, Case, Number, Company, Area, State, Due string
}

type bagRow struct{ ID, Number, Other, State, Due string }

// parcels are the parcels and bags of an office.
func (p *Pages) parcels() page {
	one := func(name, op, word string, do func(context.Context, staff.Member, string) (delivery.Waybill, error)) act {
		return act{name: name, op: op, do: func(ctx context.Context, v *visit) (string, error) {
			_, err := do(ctx, v.me(), v.text("waybill"))
			return at("/parcels", word), err
		}}
	}
	return page{path: "/parcels", op: "office-waybills", title: "送件", menu: "送件", look: "parcels", show: p.showParcels, acts: []act{
		one("hand-over", "hand-over-waybill", "handed_over", p.Parcels.HandOver),
		one("take-back", "take-waybill-back", "taken_back", p.Parcels.TakeBack),
		one("hold", "hold-waybill", "held", p.Parcels.Hold),
		{name: "bag", op: "make-bag", do: func(ctx context.Context, v *visit) (string, error) {
			to, err := p.officeNamed(ctx, v.text("to"))
			if err != nil {
				return "", err
			}
			b, err := p.Bags.Make(ctx, v.me(), to)
			return at("/bags/"+b.ID, "bag"), err
		}},
	}}
}

// ErrWhichOffice asks for one office.
var ErrWhichOffice = fault.New(fault.Invalid, "page.which_office", "没有唯一对应的网点，请写网点全称或编号再试")

// officeNamed finds an office by its code, or by a part of its name that no
// other has.
func (p *Pages) officeNamed(ctx context.Context, typed string) (place.OfficeCode, error) {
	e, err := p.City.Current(ctx)
	if err != nil {
		return "", err
	}
	if o, err := e.Places.Office(place.OfficeCode(typed)); err == nil {
		return o.Code, nil
	}
	var found place.OfficeCode
	for _, o := range e.Places.Offices() {
		switch {
		case o.Name == typed:
			return o.Code, nil
		case typed == "" || !strings.Contains(o.Name, typed):
		case found != "":
			return "", ErrWhichOffice
		default:
			found = o.Code
		}
	}
	if found == "" {
		return "", ErrWhichOffice
	}
	return found, nil
}

func (p *Pages) showParcels(ctx context.Context, v *visit) (any, error) {
	n, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	m, w := v.me(), parcelsView{}
	list, err := p.Parcels.Waybills(ctx, m, "", "", rowsMost)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		row := officeParcel{b.ID, b.Case, b.Number, b.Company, b.Area, parcelWords[b.State], day(b.DueOn)}
		switch b.State {
		case delivery.Made:
			w.Ready = append(w.Ready, row)
		case delivery.Returning:
			w.Back = append(w.Back, row)
		default:
			w.Rest = append(w.Rest, row)
		}
	}
	bags, err := p.Bags.Bags(ctx, m, "", "", rowsMost)
	if err != nil {
		return nil, err
	}
	for _, b := range bags {
		other := "送往 " + n.office(b.To)
		if b.To == m.Office {
			other = "来自 " + n.office(b.From)
		}
		w.Bags = append(w.Bags, bagRow{b.ID, b.Number, other, bagWords[b.State], day(b.DueOn)})
	}
	originals, err := p.Bags.Here(ctx, m, "", rowsMost)
	w.Originals = len(originals)
	return w, err
}

var bagWords = map[circulation.State]string{
	circulation.Packing: "装袋中", circulation.Sealed: "已封袋", circulation.OnTheWay: "在路上", circulation.Received: "已签收",
	circulation.Disputed: "有差异", circulation.Settled: "差异已处理", circulation.Dropped: "已作废",
}

// bagView is one bag: what is in it, and what can be done with it.
type bagView struct {
	Bag                     bagRow
	Seal                    string
	Held, Here              []choice
	Packing, Sealed, Coming bool
	Mine                    bool
}

// bag is one bag between two offices.
func (p *Pages) bag() page {
	one := func(name, op, word string, do func(ctx context.Context, v *visit) error) act {
		return act{name: name, op: op, do: func(ctx context.Context, v *visit) (string, error) {
			return at("/bags/"+v.id(), word), do(ctx, v)
		}}
	}
	return page{path: "/bags/:id", op: "bags", title: "流转袋", look: "bag", show: p.showBag, acts: []act{
		one("pack", "pack-bag", "bag", func(ctx context.Context, v *visit) error {
			_, err := p.Bags.Pack(ctx, v.me(), v.id(), v.all("original"))
			return err
		}),
		one("unpack", "unpack-bag", "bag", func(ctx context.Context, v *visit) error {
			_, err := p.Bags.Unpack(ctx, v.me(), v.id(), v.all("original"))
			return err
		}),
		one("seal", "seal-bag", "bag", func(ctx context.Context, v *visit) error {
			_, err := p.Bags.Seal(ctx, v.me(), v.id(), v.text("seal"))
			return err
		}),
		one("hand-over", "hand-over-bag", "bag", func(ctx context.Context, v *visit) error {
			_, err := p.Bags.HandOver(ctx, v.me(), v.id(), v.text("carrier"))
			return err
		}),
		{name: "receive", op: "receive-bag", do: func(ctx context.Context, v *visit) (string, error) {
			b, _, err := p.Bags.Receive(ctx, v.me(), v.id(), circulation.Arrival{Seal: v.text("seal"), Found: v.all("original")})
			return at("/bags/"+v.id(), string(b.State)), err
		}},
	}}
}

func (p *Pages) showBag(ctx context.Context, v *visit) (any, error) {
	n, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	m := v.me()
	l, err := p.Bags.Look(ctx, m, v.id())
	if err != nil {
		return nil, err
	}
	b := l.Bag
	w := bagView{
		Bag: bagRow{b.ID, b.Number, n.office(b.From) + " → " + n.office(b.To), bagWords[b.State], day(b.DueOn)}, Seal: b.Seal,
		Mine: b.From == m.Office, Packing: b.State == circulation.Packing && b.From == m.Office,
		Sealed: b.State == circulation.Sealed && b.From == m.Office, Coming: b.State == circulation.OnTheWay && b.To == m.Office,
	}
	for _, o := range l.Held {
		w.Held = append(w.Held, choice{o.ID, o.Label})
	}
	if !w.Packing {
		return w, nil
	}
	here, err := p.Bags.Here(ctx, m, "", rowsMost)
	for _, o := range here {
		w.Here = append(w.Here, choice{o.ID, o.Label})
	}
	return w, err
}
