package delivery

import (
	"context"
	"slices"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// Round is a courier's day: what is in his hands, in the order of the way, and
// what waits for his company.
type Round struct {
	Mine    []Parcel
	Waiting []Parcel
}

// Round lists a courier's parcels; of those that wait, a page after a given id.
func (d *Desk) Round(ctx context.Context, by staff.Member, after string, most int) (Round, error) {
	mine, err := d.Store.Carried(ctx, by.ID)
	if err != nil {
		return Round{}, err
	}
	waiting, err := d.Store.Waiting(ctx, by.Company, after, most)
	if err != nil {
		return Round{}, err
	}
	r := Round{Mine: parcels(mine), Waiting: parcels(waiting)}
	slices.SortFunc(r.Mine, byWay)
	return r, nil
}

func parcels(list []Waybill) []Parcel {
	p := make([]Parcel, len(list))
	for i, w := range list {
		p[i] = w.Parcel()
	}
	return p
}

// PickUp takes a parcel that waits for the courier's company into his hands,
// or out again after a failed attempt. Errors: those of Waybill.After.
func (d *Desk) PickUp(ctx context.Context, by staff.Member, id string) (Parcel, error) {
	w, err := d.step(ctx, id, Step{Act: PickUp, By: by})
	return w.Parcel(), err
}

// Deliver ends a delivery with the code that the recipient's phone shows, and
// the case with it. Errors: those of Waybill.After.
func (d *Desk) Deliver(ctx context.Context, by staff.Member, id, code string) (Parcel, error) {
	w, err := d.step(ctx, id, Step{Act: Deliver, By: by, Code: code})
	return w.Parcel(), err
}

// Fail records an attempt that came to nothing. Errors: ErrReason, those of
// Waybill.After.
func (d *Desk) Fail(ctx context.Context, by staff.Member, id string, why Reason, note string) (Parcel, error) {
	note, err := readReason(why, note)
	if err != nil {
		return Parcel{}, err
	}
	w, err := d.step(ctx, id, Step{Act: Fail, By: by, Reason: why, Note: note})
	return w.Parcel(), err
}

// Return brings a parcel back to its office after a failed attempt. Errors:
// those of Waybill.After.
func (d *Desk) Return(ctx context.Context, by staff.Member, id string) (Parcel, error) {
	w, err := d.step(ctx, id, Step{Act: Return, By: by})
	return w.Parcel(), err
}
