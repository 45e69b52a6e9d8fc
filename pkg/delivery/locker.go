package delivery

import (
	"context"
	"regexp"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// lockerLife is how long a parcel lies in a locker before its courier fetches
// it back.
const lockerLife = 48 * time.Hour

// What goes wrong with parcel lockers (快递柜).
var (
	ErrNoLocker    = fault.New(fault.Conflict, "delivery.no_locker", "证照、证书原件不能放快递柜，请改为其他地址或到网点自取")
	ErrNotToLocker = fault.New(fault.Conflict, "delivery.not_to_locker", "收件人没有选择快递柜，请送到收件地址")
	ErrStillThere  = fault.New(fault.Conflict, "delivery.locker_kept", "这件邮件不在快递柜，或还没有超过保管时间，请到时再取回")
	ErrOpens       = fault.New(fault.Invalid, "delivery.locker_code", "请填写快递柜给出的取件码，4至12位字母或数字")
	ErrArrived     = fault.New(fault.Conflict, "delivery.arrived", "已经通知过收件人，请等候收件人，或请收件人回电")
)

var (
	opens       = regexp.MustCompile(`^[0-9A-Za-z]{4,12}$`)
	wrongLocker = fault.Field{Path: "body.locker", Text: "请填写2至40个字的快递柜名称或编号；改到快递柜时不填地址和网点"}
)

func readLocker(to Target) error {
	if to.Address != "" || to.Area != "" || to.Office != "" || !within(to.Locker, 2, 40) {
		return ErrWish.With(wrongLocker)
	}
	return nil
}

func readOpens(code string) error {
	if !opens.MatchString(code) {
		return ErrOpens
	}
	return nil
}

// Deposit puts a parcel into the locker that its person has chosen; the code
// that opens it is shown to the person alone. Errors: ErrOpens, ErrNotToLocker,
// those of Waybill.After.
func (d *Desk) Deposit(ctx context.Context, by staff.Member, id, code string) (Parcel, error) {
	if err := readOpens(code); err != nil {
		return Parcel{}, err
	}
	w, err := d.step(ctx, id, Step{Act: Deposit, By: by, Opens: code})
	return w.Parcel(), err
}

// Retrieve fetches a parcel out of its locker once its time there is over; it
// counts as an attempt that failed. Errors: ErrStillThere, those of
// Waybill.After.
func (d *Desk) Retrieve(ctx context.Context, by staff.Member, id string) (Parcel, error) {
	w, err := d.step(ctx, id, Step{Act: Retrieve, By: by})
	return w.Parcel(), err
}
