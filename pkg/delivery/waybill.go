package delivery

import (
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// AttemptsMost is how often delivery is tried.
const AttemptsMost = 3

// Waybill (运单) is one licence on its way through a courier.
type Waybill struct {
	ID      string
	Number  string // on the label, no key to anything
	Case    string
	Person  citizen.ID
	Office  place.OfficeCode
	Company string
	Courier staff.ID // whose hands it is in; "" before pick-up
	State   State

	Area      string // where it goes, no closer than a town
	Recipient citizen.Name
	Phone     citizen.Phone
	Address   string
	Code      Code

	WrongCodes int
	Refusals   int // acts that were refused, for whoever looks into it
	Attempts   int // that failed
	MadeAt     time.Time
	EndedAt    time.Time // delivered or returned
}

// Step is one act on a waybill: who does it, when, and what it brings along.
type Step struct {
	Act    Act
	By     staff.Member
	At     time.Time
	Code   string // with Deliver
	Reason Reason // with Fail
	Note   string // with Fail: the courier's own words
}

// What a waybill refuses beside its state.
var (
	ErrNoWaybill     = fault.New(fault.NotFound, "delivery.no_waybill", "没有找到这张运单，请核对后再试")
	ErrWithColleague = fault.New(fault.Forbidden, "delivery.with_colleague", "这件邮件在另一位快递员手中，请由揽收的快递员操作")
	ErrWrongCode     = fault.New(fault.Invalid, "delivery.wrong_code", "签收验证码不对，请收件人打开小程序“我的办件—物流”查看后再报一次")
	ErrLocked        = fault.New(fault.Conflict, "delivery.code_locked", "签收验证码已输错5次，本单不能再凭码签收；请登记投递未成后退回网点，由收件人携带身份证到受理窗口领取")
	ErrAttemptsUsed  = fault.New(fault.Conflict, "delivery.attempts_used", "这件邮件已投递3次，不能再派送，请退回网点")
)

// Locked says that the code has been wrong too often.
func (w Waybill) Locked() bool { return w.WrongCodes >= WrongCodesMost }

// After is the waybill once the step is done; what stands there decides
// whether it may be. Errors: staff.ErrOtherOffice, ErrNoWaybill (of another
// company), ErrWithColleague, those of State.After, ErrAttemptsUsed, ErrLocked,
// ErrWrongCode.
func (w Waybill) After(s Step) (Waybill, error) {
	if err := w.inReach(s); err != nil {
		return w, err
	}
	next, err := w.State.After(s.Act)
	if err != nil {
		return w, err
	}
	if err := w.proven(s); err != nil {
		return w, err
	}
	switch w.State = next; s.Act {
	case PickUp:
		w.Courier = s.By.ID
	case Fail:
		w.Attempts++
	case Deliver, Return:
		w.EndedAt = s.At
	}
	return w, nil
}

// inReach: the office hands over its own, a courier touches what is in his
// hands, and picks up what waits for his company.
func (w Waybill) inReach(s Step) error {
	switch {
	case s.Act == HandOver && s.By.Office != w.Office:
		return staff.ErrOtherOffice
	case s.Act == HandOver:
		return nil
	case s.By.Company != w.Company:
		return ErrNoWaybill
	case w.Courier != "" && w.Courier != s.By.ID:
		return ErrWithColleague
	default:
		return nil
	}
}

// proven asks for what the act needs beside the right state.
func (w Waybill) proven(s Step) error {
	switch {
	case s.Act == PickUp && w.Attempts >= AttemptsMost:
		return ErrAttemptsUsed
	case w.Locked() && (s.Act == Deliver || s.Act == PickUp): // out again would be for nothing
		return ErrLocked
	case s.Act == Deliver && !w.Code.matches(s.Code):
		return w.wrongCode()
	default:
		return nil
	}
}

// wrongCode says how often one may still try after this one.
func (w Waybill) wrongCode() error {
	left := WrongCodesMost - w.WrongCodes - 1
	if left == 0 {
		return ErrWrongCode.Saying("签收验证码不对，已输错5次，本单已锁定；请登记投递未成后退回网点，由收件人携带身份证到受理窗口领取")
	}
	return ErrWrongCode.Saying(fmt.Sprintf("%s；还可以再试%d次", ErrWrongCode.Text, left))
}

// Shown is the code as the recipient sees it: only while it can be of use.
func (w Waybill) Shown() Code {
	if w.Locked() || w.State != HandedOver && w.State != InTransit {
		return ""
	}
	return w.Code
}
