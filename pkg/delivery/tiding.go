package delivery

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// News is what a company says of a parcel, in our words.
type News string

// The news.
const (
	Noted    News = "noted"     // nothing that moves the parcel
	Fetched  News = "fetched"   // taken over from the office
	Moving   News = "moving"    // on its way
	Outgoing News = "out"       // on the way to the door
	Tried    News = "tried"     // an attempt failed
	Signed   News = "signed"    // the company says that it was delivered
	Rejected News = "rejected"  // the recipient did not take it
	Back     News = "back"      // on its way back
	CalledOf News = "cancelled" // the company does not take it, or not any more
)

// Tiding is one thing that a company tells. Raw is what it sent: the same bytes
// twice are the same tiding. At is when it happened, zero where it does not say.
type Tiding struct {
	News   News
	At     time.Time
	Number string // of the carrier's waybill, where it tells
	Text   string // what it says of the reason
	Raw    []byte
}

// Told is a tiding as it is kept, and what came of it.
type Told struct {
	Waybill    string
	Digest     [32]byte
	News       News
	At         time.Time
	ReceivedAt time.Time
	Result     TidingResult
	Code       string // of the fault, where refused
}

// TidingResult says what came of a tiding.
type TidingResult string

// The results.
const (
	Followed TidingResult = "followed" // it moved the parcel
	OldNews  TidingResult = "old"      // nothing new, or overtaken
	Refused  TidingResult = "refused"  // against the rules: the office looks into it
)

// follow says which acts bring a parcel to where its company says it is. Each is
// then done like any other act, with all that guards it: a company that skips a
// station is believed, one that says what cannot be is not. What is older than
// what we know, or says nothing new, is no act.
func (w Waybill) follow(n News, timed bool) []Act {
	switch w.State {
	case HandedOver:
		return map[News][]Act{
			Fetched: {PickUp}, Moving: {PickUp}, Outgoing: {PickUp, SetOut}, Tried: {PickUp, Fail},
			Signed: {PickUp, Claim}, Rejected: {PickUp, Fail}, Back: {PickUp, Fail, Return},
		}[n]
	case InTransit:
		return map[News][]Act{Outgoing: {SetOut}, Tried: {Fail}, Signed: w.claim(), Rejected: {Fail}, Back: {Fail, Return}}[n]
	case OutForDelivery:
		return map[News][]Act{Tried: {Fail}, Signed: w.claim(), Rejected: {Fail}, Back: {Fail, Return}}[n]
	case AttemptFailed:
		acts := map[News][]Act{Signed: {PickUp, Claim}, Back: {Return}}[n]
		if n == Outgoing && timed { // without its time it may be the outing that failed
			acts = []Act{PickUp, SetOut}
		}
		return acts
	default:
		return nil
	}
}

func (w Waybill) claim() []Act {
	if !w.ClaimedAt.IsZero() {
		return nil
	}
	return []Act{Claim}
}

// Hear takes what a company tells of a parcel, once however often it comes and
// in whatever order. Error: ErrNoOrder.
func (d *Desk) Hear(ctx context.Context, waybill string, t Tiding) error {
	err := d.Store.InTx(ctx, func(tx Tx) error { return d.hear(ctx, tx, waybill, t) })
	if errors.Is(err, errTwice) {
		return nil
	}
	return err
}

// errTwice undoes what a tiding did that has come before.
var errTwice = errors.New("told before")

func (d *Desk) hear(ctx context.Context, tx Tx, waybill string, t Tiding) error {
	o, err := tx.OrderOf(ctx, waybill)
	if err != nil {
		return err
	}
	told := Told{Waybill: waybill, Digest: sha256.Sum256(t.Raw), News: t.News, At: t.At, ReceivedAt: d.Now(), Result: OldNews}
	old := !t.At.IsZero() && t.At.Before(o.ToldAt)
	o = o.heard(t, told.ReceivedAt)
	if err := tx.SaveOrder(ctx, o); err != nil {
		return err
	}
	if !old {
		if told.Result, told.Code, err = d.moved(ctx, tx, o, t); err != nil {
			return err
		}
	}
	first, err := tx.KeepTiding(ctx, told)
	if err == nil && !first {
		return errTwice
	}
	return err
}

// heard is the order after a tiding.
func (o Order) heard(t Tiding, now time.Time) Order {
	o.HeardAt = now
	if t.At.After(o.ToldAt) {
		o.ToldAt = t.At
	}
	if t.Number != "" {
		o.Number = t.Number
	}
	if o.State == Asked && t.News != CalledOf { // it came before the answer to our asking
		o.State, o.PlacedAt = Placed, now
	}
	return o
}

// moved does the acts that a tiding asks for; the first that is refused ends it.
func (d *Desk) moved(ctx context.Context, tx Tx, o Order, t Tiding) (TidingResult, string, error) {
	w, err := tx.Waybill(ctx, o.Waybill)
	if err != nil {
		return "", "", err
	}
	if t.News == CalledOf {
		return OldNews, "", calledOff(ctx, tx, w, o, t)
	}
	by := staff.Member{ID: companyHand, Role: staff.Courier, Company: w.Company}
	acts := w.follow(t.News, !t.At.IsZero())
	for _, act := range acts {
		s := Step{Act: act, By: by, At: d.Now(), DeviceAt: t.At}
		if act == Fail {
			s.Reason, s.Note = why(t)
		}
		_, refusal, err := d.apply(ctx, tx, w.ID, s)
		if err != nil {
			return "", "", err
		}
		if refusal != nil {
			return Refused, fault.From(refusal).Code, nil
		}
	}
	if len(acts) > 0 {
		return Followed, "", nil
	}
	return OldNews, "", nil
}

// calledOff is an order that the company does not carry out; the parcel is
// still at its office.
func calledOff(ctx context.Context, tx Tx, w Waybill, o Order, t Tiding) error {
	if w.State != HandedOver || o.State == Dropped {
		return nil
	}
	o.State, o.Reason = Failed, t.Text
	return tx.SaveOrder(ctx, o)
}

func why(t Tiding) (Reason, string) {
	if t.News == Rejected {
		return Declined, t.Text
	}
	return OtherReason, t.Text
}
