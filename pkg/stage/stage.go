// Package stage (人生阶段) decides what is offered to a person after an event of
// their life: a birth registered, a marriage, graduation, retirement, a death.
// Only to those who want it, each thing once, and to a bereaved family not
// through every one of its members.
package stage

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
)

// State is what became of an offer.
type State string

// The states: offered leads to one of the other two.
const (
	Offered   State = "offered"
	Taken     State = "taken"     // 已去办理
	Dismissed State = "dismissed" // 不需要
)

// Offer (主动推送) is one item offered to one person, and why.
type Offer struct {
	ID        string
	Person    citizen.ID
	Cause     string           // id of the case that was the event
	After     catalog.ItemCode // its item
	Item      catalog.ItemCode // that is offered
	Reason    string
	Deceased  string // whose death it is about, an identity number; "" = nobody's
	State     State
	OfferedAt time.Time
	SettledAt time.Time
}

// Event is a case that has succeeded and that nobody has looked at yet.
type Event struct {
	Case     string
	Edition  int
	Item     catalog.ItemCode
	Person   citizen.ID
	Kind     citizen.Kind
	Deceased string // from its form, "" where it is not about a death
}

// Figure counts what became of a push.
type Figure struct {
	After, Item                      catalog.ItemCode
	Offered, Taken, Dismissed, Cases int // Cases: applications for the item that followed
}

// What can go wrong with offers.
var (
	ErrNoOffer = fault.New(fault.NotFound, "stage.no_offer", "没有找到这条提醒，请刷新后再看")
	ErrSettled = fault.New(fault.Conflict, "stage.settled", "这条提醒您已经处理过了，请刷新后再看")
	// ErrTwice tells that the person or the family was offered it before; it
	// never leaves here.
	ErrTwice = fault.New(fault.Conflict, "stage.twice", "这项服务已经提醒过，请在“为您推荐”里查看")
)

// Store remembers offers.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// LifeEvents lists cases granted after a time, of persons who want offers, that
	// were not looked at yet, oldest first.
	LifeEvents(ctx context.Context, since time.Time, most int) ([]Event, error)
	// OffersOf lists a person's open offers, newest first.
	OffersOf(ctx context.Context, who citizen.ID, since time.Time, most int) ([]Offer, error)
	// Wants says whether a person wants offers.
	Wants(ctx context.Context, who citizen.ID) (bool, error)
	// OfferFigures counts by push what was offered from a time to before another.
	OfferFigures(ctx context.Context, from, to time.Time) ([]Figure, error)
}

// Tx is what offering needs.
type Tx interface {
	// SeeEvent notes that a case was looked at. Error: ErrTwice.
	SeeEvent(ctx context.Context, cs string, at time.Time) error
	// InsertOffer stores an offer. Error: ErrTwice, where the person has had it,
	// has a case of the item under way or granted within the year, or, after a
	// death, anybody was offered it for the same deceased; also where the person
	// is registered as deceased.
	InsertOffer(ctx context.Context, o Offer, year time.Time) error
	// SettleOffer moves an open offer of the person's. Errors: ErrNoOffer, ErrSettled.
	SettleOffer(ctx context.Context, who citizen.ID, id string, s State, at time.Time) (Offer, error)
	// Want keeps whether a person wants offers.
	Want(ctx context.Context, who citizen.ID, wants bool, at time.Time) error
	Tell(ctx context.Context, n notify.Notice) error
}
