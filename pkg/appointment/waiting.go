package appointment

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// WaitingID names somebody's place on a waiting list.
type WaitingID string

// WaitingState is where a place on a waiting list stands.
type WaitingState string

// The states: waiting → offered → accepted, declined or lapsed; waiting →
// left or ended.
const (
	Waits    WaitingState = "waiting"  // 候补中
	Offered  WaitingState = "offered"  // 有号待接受
	Accepted WaitingState = "accepted" // 已接受
	Declined WaitingState = "declined" // 已放弃
	Passed   WaitingState = "lapsed"   // 超时未接受
	Left     WaitingState = "left"     // 已退出
	Over     WaitingState = "ended"    // 日期已过
)

// Waiting (候补) is somebody's place on an office's waiting list: for one item,
// from a time to before another. Who has asked first is offered first.
type Waiting struct {
	ID          WaitingID
	Person      citizen.ID
	Office      place.OfficeCode
	Item        catalog.ItemCode
	People      int
	Priority    Priority
	From, To    time.Time
	State       WaitingState
	Appointment ID        // the offer: a hold
	OfferEnds   time.Time // when the offer passes to the next
	AskedAt     time.Time
}

// Errors of the waiting list.
var (
	ErrNoWaiting   = fault.New(fault.NotFound, "appointment.no_waiting", "没有找到您的这个候补，请到“我的候补”核对")
	ErrWaitingMost = fault.New(fault.Conflict, "appointment.waiting_most", "您正在候补的数量已达上限，请先退出其中一个")
	ErrWaitsTwice  = fault.New(fault.Conflict, "appointment.waits_twice", "您已在候补这个网点的这个事项，请等待通知，或先退出后重新候补")
	ErrWaitingDays = fault.New(fault.Invalid, "appointment.waiting_days", "候补日期有误：须从今天或以后开始，最长31天，请修改")
	ErrNoOffer     = fault.New(fault.Conflict, "appointment.no_offer", "这个候补目前没有可接受的号源，请等待通知或查看其他时段")
)

// Wait puts a person on a waiting list for the dates from first to last.
// Errors: citizen.ErrNeedRealName, ErrWaitingDays, those of visit,
// ErrWaitingMost, ErrWaitsTwice.
func (d *Desk) Wait(ctx context.Context, who citizen.Account, w Wish, first, last workday.Date) (place Waiting, err error) {
	now := d.Now()
	if err := who.Require(citizen.LevelRealName, now); err != nil {
		return place, err
	}
	if first.Before(workday.DateOf(now)) || last.Before(first) || last.DaysSince(first) >= DaysMost || last.DaysSince(workday.DateOf(now)) > 366 {
		return place, ErrWaitingDays
	}
	v, err := d.visit(ctx, w, Online)
	if err != nil {
		return place, err
	}
	place = Waiting{
		ID: WaitingID(d.NewID()), Person: who.Person, Office: v.office.Code, Item: w.Item, People: w.People, Priority: w.Priority,
		From: first.Time(), To: last.AddDays(1).Time(), State: Waits, AskedAt: now,
	}
	return place, d.Store.InTx(ctx, func(tx Tx) error {
		if err := d.mayHave(ctx, tx, Appointment{Person: who.Person, Item: w.Item, Priority: w.Priority, StartsAt: place.From, Channel: Online}, now); err != nil {
			return err
		}
		open, err := tx.OpenWaiting(ctx, who.Person)
		if err != nil {
			return err
		}
		for _, o := range open {
			if o.Office == place.Office && o.Item == place.Item {
				return ErrWaitsTwice
			}
		}
		if len(open) >= d.Rules.WaitingMost {
			return ErrWaitingMost
		}
		return tx.InsertWaiting(ctx, place)
	})
}

// MyWaiting returns a person's places on waiting lists, open ones first, then
// the newest, after the one with an id.
func (d *Desk) MyWaiting(ctx context.Context, who citizen.ID, after WaitingID, most int) ([]Waiting, error) {
	return d.Store.WaitingOf(ctx, who, after, most)
}

// Accept takes what the waiting list offers: one act makes it an appointment.
// Errors: ErrNoWaiting, ErrNoOffer, and those of Book.
func (d *Desk) Accept(ctx context.Context, who citizen.ID, id WaitingID) (Appointment, error) {
	w, err := d.waiting(ctx, who, id)
	if err != nil {
		return Appointment{}, err
	}
	if w.State != Offered {
		return Appointment{}, ErrNoOffer
	}
	return d.Book(ctx, who, w.Appointment)
}

// Leave gives a place on a waiting list up, and what is offered with it.
// Errors: ErrNoWaiting, ErrNoOffer where it is over already.
func (d *Desk) Leave(ctx context.Context, who citizen.ID, id WaitingID) (w Waiting, err error) {
	if w, err = d.waiting(ctx, who, id); err != nil {
		return w, err
	}
	switch w.State {
	case Waits:
		err = d.Store.InTx(ctx, func(tx Tx) error { return tx.TurnWaiting(ctx, id, Waits, Left) })
	case Offered:
		_, err = d.Release(ctx, who, w.Appointment)
	default:
		return w, ErrNoOffer
	}
	if err != nil {
		return w, err
	}
	return d.waiting(ctx, who, id)
}

func (d *Desk) waiting(ctx context.Context, who citizen.ID, id WaitingID) (Waiting, error) {
	w, err := d.Store.WaitingPlace(ctx, id)
	if err == nil && (who == "" || w.Person != who) {
		return Waiting{}, ErrNoWaiting
	}
	return w, err
}

// endOffer notes what became of an offer whose hold has ended so, and keeps
// its seats for the next on the list.
func (d *Desk) endOffer(ctx context.Context, tx Tx, hold Appointment, as WaitingState, now time.Time) error {
	if err := tx.TurnWaiting(ctx, hold.Waiting, Offered, as); err != nil {
		return err
	}
	return tx.InsertQuiet(ctx, Quiet{ID: d.NewID(), Claim: hold.claim(), Until: now.Add(waitingFirst)})
}
