package delivery

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// How often things may be done to one parcel.
const (
	AttemptsMost  = 3 // delivery is tried
	redirectsMost = 3 // the person redirects it
	renewalsMost  = 5 // the person draws a new code
	callsMost     = 5 // the courier asks to be called back
)

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
	Version int // counts the changes; also numbers the events

	Area      string             // where it goes, no closer than a town
	Division  place.DivisionCode // the same as a code; "" = not told
	Fee       int64              // fen that the person has agreed to pay
	Recipient citizen.Name
	Phone     citizen.Phone
	Address   string
	HoldAt    place.OfficeCode // where it is kept for pick-up, or shall be; "" = goes to the door
	Code      Code
	CodeUntil time.Time
	Demand    Demand
	Ordered   bool      // the company is told through its interface; its couriers see no page of ours
	ClaimedAt time.Time // when the company said that it was delivered; zero = it did not
	ArrivedAt time.Time // when the courier was at the door; zero = is not

	Locker      string    // the parcel locker that it is for; "" = none
	LockerCode  string    // that opens it
	LockerUntil time.Time // it is kept there; zero = is not there

	Grams  int      // 0 = not weighed
	Papers []string // what is in it, as declared

	WrongCodes int
	Refusals   int // acts that were refused, for whoever looks into it
	Attempts   int // that failed
	Redirects  int
	Renewals   int
	Calls      int
	MadeAt     time.Time
	DueOn      workday.Date // the last day in time (行政许可法 Art. 44)
	From, To   time.Time    // the window that the courier promised; zero = none
	EndedAt    time.Time    // its way is over
}

// Step is one act on a waybill: who does it, when, and what it brings along.
type Step struct {
	Act      Act
	By       staff.Member
	ByPerson bool // the person does it, whose own it was found to be
	At       time.Time

	Proof  Proof        // with Deliver, Collect
	Void   bool         // with Deliver, Collect: the licence does not hold any more
	Holder string       // with Deliver, Collect: the identity number that the digits must end
	Agents []string     // or one of these: of who may act for the holder
	Filed  ProofFile    // with Deliver: the photo or signature that the proof names
	Reason Reason       // with Fail
	Note   string       // with Fail and others: in words, for the office
	To     staff.Member // with Pass, Reassign: who takes it
	Anew   Target       // with Redirect
	Fresh  Code         // with PickUp, Renew: the code to take where a new one is due
	Window Window       // with SetOut
	Opens  string       // with Deposit: what opens the locker
	Order  bool         // with HandOver: the company is told through its interface

	DeviceAt time.Time // when the courier's device says it was done; zero = online
}

// Window is the time that a courier promises to be there.
type Window struct{ From, To time.Time }

// Target is where a parcel is redirected to: an address, an office or a locker.
type Target struct {
	Address, Area string
	Locker        string
	Office        place.OfficeCode
}

// What a waybill refuses beside its state.
var (
	ErrNoWaybill     = fault.New(fault.NotFound, "delivery.no_waybill", "没有这张运单，或运单还没有制作，请核对后再看")
	ErrWithColleague = fault.New(fault.Forbidden, "delivery.with_colleague", "这件邮件在另一位快递员手中，请由揽收的快递员操作")
	ErrAttemptsUsed  = fault.New(fault.Conflict, "delivery.attempts_used", "这件邮件已投递3次，不能再派送，请退回网点或交网点待领")
	ErrRedirects     = fault.New(fault.Conflict, "delivery.redirects_used", "这件邮件已改过3次，不能再改；请联系受理网点")
	ErrRenewals      = fault.New(fault.Conflict, "delivery.renewals_used", "签收验证码已换发5次，不能再换；请改到网点自取，携带身份证领取")
	ErrCalls         = fault.New(fault.Conflict, "delivery.calls_used", "已请收件人回电5次，请登记投递未成")
	ErrNotHere       = fault.New(fault.Conflict, "delivery.not_here", "这件邮件没有改到本网点自取，也没有到交网点待领的时候，请快递员继续派送")
	ErrCarrier       = fault.New(fault.Invalid, "delivery.carrier", "请选择本公司在岗的另一位快递员")
)

// After is the waybill once the step is done; what stands there decides
// whether it may be. Errors: staff.ErrOtherOffice, staff.ErrNotAllowed,
// ErrNoWaybill (of another company), ErrWithColleague, those of State.After,
// and of each act: see reach.go and proof.go.
func (w Waybill) After(s Step) (Waybill, error) {
	if err := w.inReach(s); err != nil {
		return w, err
	}
	next, err := w.State.After(s.Act)
	if err != nil {
		return w, err
	}
	if err := w.allows(s); err != nil {
		return w, err
	}
	if err := w.proven(s); err != nil {
		return w, err
	}
	is := w.unclaimed(s).changed(s)
	is.State = next
	is.Version++
	if next.Over() {
		is.EndedAt = s.At
	}
	return is, nil
}

// changed is what the act changes beside the state.
func (w Waybill) changed(s Step) Waybill {
	switch s.Act {
	case HandOver:
		w.Ordered = s.Order
	case PickUp:
		w.Courier = s.By.ID
		w = w.renewed(s)
	case Claim:
		w.ClaimedAt = s.At
	case Arrive:
		w.ArrivedAt = s.At
	case Deposit:
		w.LockerCode, w.LockerUntil = s.Opens, s.At.Add(lockerLife)
	case Retrieve:
		w.Attempts++
		w.Locker, w.LockerCode, w.LockerUntil = "", "", time.Time{}
	case Pass, Reassign:
		w.Courier = s.To.ID
	case Fail:
		w.Attempts++
		w.ArrivedAt = time.Time{}
	case SetOut:
		w.From, w.To, w.ArrivedAt = s.Window.From, s.Window.To, time.Time{}
	case Call:
		w.Calls++
	case Hold:
		w.HoldAt = s.By.Office
	case Renew:
		w.Renewals++
		w.Code, w.CodeUntil = s.Fresh, s.At.Add(codeLife)
	case Redirect:
		w.Redirects++
		w = w.redirected(s.Anew)
	}
	return w
}

// unclaimed forgets what the company said once something else has happened.
func (w Waybill) unclaimed(s Step) Waybill {
	if s.Act == PickUp || s.Act == Fail || s.Act == Redirect || s.Act == Deny {
		w.ClaimedAt = time.Time{}
	}
	return w
}

// renewed gives a parcel that goes out a code that will hold.
func (w Waybill) renewed(s Step) Waybill {
	if s.Fresh != "" && !w.Locked() && !w.CodeUntil.After(s.At) {
		w.Code, w.CodeUntil = s.Fresh, s.At.Add(codeLife)
	}
	return w
}

func (w Waybill) redirected(to Target) Waybill {
	w.HoldAt, w.Locker = to.Office, to.Locker
	if to.Office == "" && to.Locker == "" {
		w.Address, w.Area = to.Address, to.Area
	}
	return w
}
