package delivery

import (
	"context"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
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

// SetOut tells that the courier is on the way to the door, and when he means to
// be there. Errors: ErrWindow, those of Waybill.After.
func (d *Desk) SetOut(ctx context.Context, by staff.Member, id string, promised Window) (Parcel, error) {
	if !promised.sensible(d.Now()) {
		return Parcel{}, ErrWindow
	}
	w, err := d.step(ctx, id, Step{Act: SetOut, By: by, Window: promised})
	return w.Parcel(), err
}

// ErrWindow refuses a time that cannot be promised.
var ErrWindow = fault.New(fault.Invalid, "delivery.window", "预计送达时段应从现在起24小时以内、不超过4小时，也可以不填")

// sensible: none at all, or within a day and no longer than four hours.
func (w Window) sensible(now time.Time) bool {
	if w.From.IsZero() && w.To.IsZero() {
		return true
	}
	return w.To.After(now) && w.From.Before(w.To) && w.To.Sub(w.From) <= 4*time.Hour && w.To.Before(now.Add(24*time.Hour))
}

// Call asks the recipient to get in touch: the courier never sees the number.
// Errors: ErrCalls, those of Waybill.After.
func (d *Desk) Call(ctx context.Context, by staff.Member, id string) (Parcel, error) {
	w, err := d.step(ctx, id, Step{Act: Call, By: by})
	return w.Parcel(), err
}

// Deliver ends a delivery with the proof that the parcel demands, and the case
// with it. Errors: those of Waybill.After.
func (d *Desk) Deliver(ctx context.Context, by staff.Member, id string, proof Proof) (Parcel, error) {
	w, err := d.step(ctx, id, Step{Act: Deliver, By: by, Proof: proof})
	return w.Parcel(), err
}

// Arrive tells the recipient that the courier is at the door. Errors: ErrArrived,
// those of Waybill.After.
func (d *Desk) Arrive(ctx context.Context, by staff.Member, id string) (Parcel, error) {
	w, err := d.step(ctx, id, Step{Act: Arrive, By: by})
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

// Pass hands a parcel to a colleague of the same company. Errors: ErrCarrier,
// those of Waybill.After.
func (d *Desk) Pass(ctx context.Context, by staff.Member, id string, to staff.ID) (Parcel, error) {
	w, err := d.step(ctx, id, Step{Act: Pass, By: by, To: staff.Member{ID: to}})
	return w.Parcel(), err
}

// Colleagues lists who else works for the courier's company.
func (d *Desk) Colleagues(ctx context.Context, by staff.Member) ([]staff.Member, error) {
	list, err := d.Store.Couriers(ctx, by.Company)
	return slices.DeleteFunc(list, func(m staff.Member) bool { return m.ID == by.ID }), err
}

// Return says that a parcel is on its way back to its office after a failed
// attempt; back it is when the office says so (TakeBack). Errors: those of
// Waybill.After.
func (d *Desk) Return(ctx context.Context, by staff.Member, id string) (Parcel, error) {
	w, err := d.step(ctx, id, Step{Act: Return, By: by})
	return w.Parcel(), err
}
