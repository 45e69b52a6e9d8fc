package delivery

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// HandOver gives a parcel into its company's run. Errors: ErrNoWaybill,
// staff.ErrOtherOffice, those of State.After.
func (d *Desk) HandOver(ctx context.Context, by staff.Member, id string) (Waybill, error) {
	return d.step(ctx, id, Step{Act: HandOver, By: by})
}

// Cancel stops a parcel, for a reason: one that has left comes back. Errors:
// ErrWhy, ErrNoWaybill, staff.ErrOtherOffice, those of State.After.
func (d *Desk) Cancel(ctx context.Context, by staff.Member, id, why string) (Waybill, error) {
	return d.explained(ctx, id, why, Step{Act: Cancel, By: by})
}

// Hold takes a parcel from its courier, to be collected at this office: because
// the person wants it here, or because three attempts have failed. Errors:
// ErrNoWaybill, staff.ErrOtherOffice, ErrNotHere, those of State.After.
func (d *Desk) Hold(ctx context.Context, by staff.Member, id string) (Waybill, error) {
	return d.step(ctx, id, Step{Act: Hold, By: by})
}

// SendBack sends a parcel that nobody has collected back to its own office.
// Errors: ErrNoWaybill, staff.ErrOtherOffice, those of State.After.
func (d *Desk) SendBack(ctx context.Context, by staff.Member, id string) (Waybill, error) {
	return d.step(ctx, id, Step{Act: SendBack, By: by})
}

// TakeBack receives a parcel that is on its way back. Errors: ErrNoWaybill,
// staff.ErrOtherOffice, those of State.After.
func (d *Desk) TakeBack(ctx context.Context, by staff.Member, id string) (Waybill, error) {
	return d.step(ctx, id, Step{Act: TakeBack, By: by})
}

// Reassign puts a parcel into another courier's hands, such as one of a courier
// who has left, by the manager of its office. Errors: ErrWhy, ErrNoWaybill,
// staff.ErrNotAllowed, staff.ErrOtherOffice, ErrCarrier, those of State.After.
func (d *Desk) Reassign(ctx context.Context, by staff.Member, id string, to staff.ID, why string) (Waybill, error) {
	return d.explained(ctx, id, why, Step{Act: Reassign, By: by, To: staff.Member{ID: to}})
}

// Report says that a parcel is lost or damaged, by whoever has it or its
// office's manager. Errors: ErrWhy, ErrNoWaybill, ErrWithColleague,
// staff.ErrNotAllowed, staff.ErrOtherOffice, those of State.After.
func (d *Desk) Report(ctx context.Context, by staff.Member, id string, damaged bool, why string) (Waybill, error) {
	s := Step{Act: Lose, By: by}
	if damaged {
		s.Act = Damage
	}
	return d.explained(ctx, id, why, s)
}

func (d *Desk) explained(ctx context.Context, id, why string, s Step) (w Waybill, err error) {
	if s.Note, err = readWhy(why); err != nil {
		return w, err
	}
	return d.step(ctx, id, s)
}
