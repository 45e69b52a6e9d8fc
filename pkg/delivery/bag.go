package delivery

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// ErrBag refuses a bag that is none.
var ErrBag = fault.New(fault.Invalid, "delivery.bag", "整袋揽收一次扫描1至200件、不重复，请核对后再提交")

const bagMost = 200

// Taken is how the taking over of an office's whole bag came out: what was in
// it, what should have been, and what could not be taken.
type Taken struct {
	Parcels []Parcel
	Missing []Parcel
	Refused []Outcome
}

// TakeOver takes over everything that an office has handed to the courier's
// company: each parcel scanned is picked up, and each that was not there is
// noted on its waybill. Error: ErrBag.
func (d *Desk) TakeOver(ctx context.Context, by staff.Member, office place.OfficeCode, scanned []string) (t Taken, err error) {
	seen := map[string]bool{}
	for _, id := range scanned {
		seen[id] = true
	}
	if len(scanned) == 0 || len(scanned) > bagMost || len(seen) != len(scanned) {
		return t, ErrBag
	}
	expected, err := d.expected(ctx, by, office)
	if err != nil {
		return t, err
	}
	for _, id := range scanned {
		if err := d.takeOne(ctx, by, id, &t); err != nil {
			return t, err
		}
	}
	for _, w := range expected {
		if seen[w.ID] {
			continue
		}
		if _, err := d.step(ctx, w.ID, Step{Act: Miss, By: by}); err != nil && fault.From(err).Kind == fault.Internal {
			return t, err
		}
		t.Missing = append(t.Missing, w.Parcel())
	}
	return t, nil
}

// expected are the parcels of an office that wait for the courier's company.
func (d *Desk) expected(ctx context.Context, by staff.Member, office place.OfficeCode) (list []Waybill, err error) {
	for after := ""; ; {
		found, err := d.Store.Waiting(ctx, by.Company, after, bagMost)
		if err != nil || len(found) == 0 {
			return list, err
		}
		for _, w := range found {
			if w.Office == office {
				list = append(list, w)
			}
		}
		after = found[len(found)-1].ID
	}
}

func (d *Desk) takeOne(ctx context.Context, by staff.Member, id string, t *Taken) error {
	p, err := d.PickUp(ctx, by, id)
	f := fault.From(err)
	switch {
	case err == nil:
		t.Parcels = append(t.Parcels, p)
	case f.Kind == fault.Internal || f.Kind == fault.Unavailable:
		return err
	default:
		t.Refused = append(t.Refused, Outcome{Kept: Kept{Offline: Offline{Waybill: id, Act: PickUp}, Result: InConflict, Code: f.Code}, Detail: f.Text})
	}
	return nil
}
