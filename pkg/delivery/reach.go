package delivery

import (
	"github.com/yimen-gov/yimen/pkg/staff"
)

// inReach says who may do what: the office with its own, its manager what is
// his right, the office that keeps it for pick-up, the person with his own, and
// a courier with what is in his hands or waits for his company.
func (w Waybill) inReach(s Step) error {
	switch s.Act {
	case HandOver, Cancel:
		return ours(w.Office == s.By.Office)
	case Reassign, Release:
		return w.managed(s.By)
	case Hold:
		return ours(s.By.Office != "" && (s.By.Office == w.Office || s.By.Office == w.HoldAt))
	case Collect, SendBack:
		return ours(s.By.Office != "" && s.By.Office == w.HoldAt)
	case Redirect, Renew, Confirm, Deny:
		if !s.ByPerson {
			return ErrNoWaybill
		}
		return nil
	case TakeBack:
		return ours(s.By.Office != "" && s.By.Office == w.Office)
	case Claim:
		if s.By.ID != companyHand {
			return ErrNoWaybill
		}
	case Lose, Damage:
		if s.By.Role != staff.Courier {
			return w.reported(s.By)
		}
	}
	return w.inHands(s.By)
}

// inHands is nil for the courier who carries the parcel, or could take it.
func (w Waybill) inHands(by staff.Member) error {
	switch {
	case by.Company == "" || by.Company != w.Company:
		return ErrNoWaybill
	case w.Courier != "" && w.Courier != by.ID:
		return ErrWithColleague
	default:
		return nil
	}
}

func (w Waybill) managed(by staff.Member) error {
	if by.Role != staff.OfficeManager {
		return staff.ErrNotAllowed
	}
	return ours(by.Office == w.Office)
}

// reported: an office reports what it keeps, its manager whatever is its own.
func (w Waybill) reported(by staff.Member) error {
	if w.State == Held && by.Office != "" && by.Office == w.HoldAt {
		return nil
	}
	return w.managed(by)
}

func ours(yes bool) error {
	if !yes {
		return staff.ErrOtherOffice
	}
	return nil
}

// allows asks for what the act needs beside the right state and the right hands.
func (w Waybill) allows(s Step) error {
	switch {
	case s.Act == PickUp && w.Attempts >= AttemptsMost:
		return ErrAttemptsUsed
	case s.Act == PickUp && w.Locked(): // out again would be for nothing
		return ErrLocked
	case s.Act == Renew && w.Locked():
		return ErrLocked
	case s.Act == Renew && w.Renewals >= renewalsMost:
		return ErrRenewals
	case s.Act == Redirect && w.Redirects >= redirectsMost:
		return ErrRedirects
	case s.Act == Call && w.Calls >= callsMost:
		return ErrCalls
	case s.Act == Redirect && w.Ordered:
		return ErrOrdered
	case s.Act == Redirect && s.Anew.Locker != "" && !w.Demand.Locker:
		return ErrNoLocker
	case s.Act == Arrive && !w.ArrivedAt.IsZero():
		return ErrArrived
	case s.Act == Deposit && w.Locker == "":
		return ErrNotToLocker
	case s.Act == Retrieve && (w.Locker == "" || s.At.Before(w.LockerUntil)):
		return ErrStillThere
	case (s.Act == Confirm || s.Act == Deny) && !w.claimed():
		return ErrNotClaimed
	case s.Act == Hold && !w.holdable(s.By):
		return ErrNotHere
	case s.Act == Pass && (s.To.ID == s.By.ID || !w.carries(s.To)), s.Act == Reassign && !w.carries(s.To):
		return ErrCarrier
	default:
		return nil
	}
}

// holdable: an office keeps for pick-up what the person wanted there, what has
// been tried three times, and what cannot be delivered against its code.
func (w Waybill) holdable(by staff.Member) bool {
	if w.HoldAt != "" {
		return w.HoldAt == by.Office
	}
	return w.State == AttemptFailed && (w.Attempts >= AttemptsMost || w.Locked())
}

// carries says whether somebody works for the parcel's company.
func (w Waybill) carries(who staff.Member) bool {
	return who.ID != "" && who.Role == staff.Courier && who.Company == w.Company
}
