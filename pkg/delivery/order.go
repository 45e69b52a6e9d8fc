package delivery

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/carrier"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Order is what a company with an interface was asked to fetch.
type Order struct {
	Waybill  string
	Company  string
	Via      carrier.Via
	Code     string // of the carrier there
	State    OrderState
	Task     string // the company's own ids, once it has taken the order
	Ref      string
	Number   string // of the carrier's waybill
	Salt     string // signs what the company tells; drawn for each order
	Reason   string // why it was not taken
	AskedAt  time.Time
	PlacedAt time.Time
	ToldAt   time.Time // what the newest tiding is about
	HeardAt  time.Time // when anything was heard last
}

// OrderState is where an order stands.
type OrderState string

// The states of an order.
const (
	Asked   OrderState = "asked"   // a job will place it
	Placed  OrderState = "placed"  // the company has taken it
	Failed  OrderState = "failed"  // the company has not, or not any more
	Dropped OrderState = "dropped" // called off by us
)

// Consignment is what a company is told of a parcel.
type Consignment struct {
	Order
	From      *place.Office
	Sender    string // its address: the divisions it lies in, and its name
	Recipient citizen.Name
	Phone     citizen.Phone
	Address   string
	Grams     int
	Number    string // on our label
}

// Company is a courier company with an interface of its own.
type Company interface {
	// Order asks the company to fetch and bring a parcel. Asked again for the
	// same waybill it gives the first answer. ErrNotTaken is final; after any
	// other error it may be asked again.
	Order(ctx context.Context, c Consignment) (Order, error)
	// Cancel calls an order off; one that is called off already is no error.
	Cancel(ctx context.Context, o Order, why string) error
	// Track asks how an order stands.
	Track(ctx context.Context, o Order) (Tiding, error)
}

// Orders is what the store keeps of them.
type Orders interface {
	OrderOf(ctx context.Context, waybill string) (Order, error)
	// AskOrder stores an order anew, or one again that had failed or was dropped.
	AskOrder(ctx context.Context, o Order) error
	// SaveOrder stores what became of an order. Error: ErrNoOrder.
	SaveOrder(ctx context.Context, o Order) error
	// KeepTiding keeps what a company told; false where it has been told before.
	KeepTiding(ctx context.Context, t Told) (first bool, err error)
	Enqueue(ctx context.Context, j notify.Job) error
}

// The jobs.
const (
	PlaceOrder  notify.JobKind = "courier.order"
	CancelOrder notify.JobKind = "courier.cancel"
)

// What can go wrong with an order.
var (
	ErrNoOrder  = fault.New(fault.NotFound, "delivery.no_order", "这件邮件没有向快递公司下单，请核对后再看")
	ErrOrdered  = fault.New(fault.Conflict, "delivery.ordered", "已向快递公司下单，不能在线改址；请联系受理网点，或退回后到窗口领取")
	ErrNotTaken = fault.New(fault.Conflict, "delivery.order_refused", "快递公司没有接单，请核对收件信息，稍后重新下单或换一家快递公司")
	ErrNoReason = fault.New(fault.Conflict, "delivery.order_stands", "快递公司已经接单或正在下单，不需要重新下单，请刷新后查看")
)

// companyHand is who acts on a parcel where a company tells of it.
const companyHand staff.ID = "company"

// order asks for what the step means to the company, in its transaction: a job
// that places the order, or calls it off.
func order(ctx context.Context, tx Tx, w Waybill, s Step) error {
	switch {
	case s.Act == HandOver && s.Order:
		return tx.Enqueue(ctx, notify.Job{Kind: PlaceOrder, Subject: w.ID, At: s.At})
	case s.Act == Cancel && w.Ordered:
		return tx.Enqueue(ctx, notify.Job{Kind: CancelOrder, Subject: w.ID, At: s.At})
	default:
		return nil
	}
}

// salted draws what signs a company's tidings of one order.
func (d *Desk) salted() (string, error) {
	b := make([]byte, 18)
	_, err := io.ReadFull(d.Random, b)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// Place is the job that places an order. Before the company is asked the order
// stands in the database, with the salt that its tidings will be signed with.
func (d *Desk) Place(ctx context.Context, waybill string) error {
	o, c, err := d.asking(ctx, waybill)
	if err != nil || o.State != Asked {
		return err
	}
	placed, err := d.Remote[o.Via].Order(ctx, c)
	if err != nil && !errors.Is(err, ErrNotTaken) {
		return err // the job tries again, and the company knows it again
	}
	return d.Store.InTx(ctx, func(tx Tx) error { return d.placed(ctx, tx, o, placed, err) })
}

// asking stores the order and gathers what the company has to know.
func (d *Desk) asking(ctx context.Context, waybill string) (o Order, c Consignment, err error) {
	edition, err := d.City.Current(ctx)
	if err != nil {
		return o, c, err
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		w, err := tx.Waybill(ctx, waybill)
		if err != nil || w.State != HandedOver {
			return err // called off before it was placed
		}
		if o, err = tx.OrderOf(ctx, waybill); err == nil && o.State != Failed {
			c = consign(o, w)
			return nil
		}
		if err != nil && !errors.Is(err, ErrNoOrder) {
			return err
		}
		known, _ := edition.Couriers.Company(w.Company)
		o = Order{Waybill: w.ID, Company: w.Company, Via: known.Via, Code: known.Code, State: Asked, AskedAt: d.Now()}
		if o.Salt, err = d.salted(); err != nil {
			return err
		}
		c = consign(o, w)
		return tx.AskOrder(ctx, o)
	})
	if err != nil || o.State != Asked {
		return o, c, err
	}
	if d.Remote[o.Via] == nil {
		return o, c, ErrNotTaken
	}
	w, err := d.Store.Waybill(ctx, waybill)
	if err != nil {
		return o, c, err
	}
	if c.From, err = edition.Places.Office(w.Office); err != nil {
		return o, c, err
	}
	c.Sender = addressOf(edition.Places, c.From)
	return o, c, nil
}

// addressOf is an office's address as far as the city's list knows it.
func addressOf(places *place.Register, o *place.Office) (address string) {
	for _, d := range places.Ancestors(o.Division) {
		address = d.Name + address
	}
	if d, err := places.Division(o.Division); err == nil {
		address += d.Name
	}
	return address + o.Name
}

func consign(o Order, w Waybill) Consignment {
	return Consignment{Order: o, Recipient: w.Recipient, Phone: w.Phone, Address: w.Address, Grams: w.Grams, Number: w.Number}
}

// placed stores the company's answer. Tidings may have come before it.
func (d *Desk) placed(ctx context.Context, tx Tx, o, answer Order, refusal error) error {
	is, err := tx.OrderOf(ctx, o.Waybill)
	if err != nil || is.State != Asked {
		return err
	}
	is.HeardAt = d.Now()
	if refusal != nil {
		is.State, is.Reason = Failed, fault.From(refusal).Text
		return tx.SaveOrder(ctx, is)
	}
	is.State, is.Task, is.Ref, is.Number, is.PlacedAt = Placed, answer.Task, answer.Ref, answer.Number, is.HeardAt
	if err := tx.SaveOrder(ctx, is); err != nil {
		return err
	}
	w, err := tx.Waybill(ctx, o.Waybill)
	if err == nil && w.State != HandedOver { // called off while the company was asked
		return tx.Enqueue(ctx, notify.Job{Kind: CancelOrder, Subject: w.ID, At: is.HeardAt})
	}
	return err
}

// Drop is the job that calls an order off.
func (d *Desk) Drop(ctx context.Context, waybill string) error {
	o, err := d.Store.OrderOf(ctx, waybill)
	if errors.Is(err, ErrNoOrder) {
		return nil // it was never placed
	}
	if err != nil || o.State != Placed || d.Remote[o.Via] == nil {
		return err
	}
	err = d.Remote[o.Via].Cancel(ctx, o, "网点取消寄送")
	refused := errors.Is(err, ErrNotTaken)
	if err != nil && !refused {
		return err
	}
	return d.Store.InTx(ctx, func(tx Tx) error {
		is, err := tx.OrderOf(ctx, waybill)
		if err != nil || is.State != Placed {
			return err
		}
		if is.State, is.HeardAt = Dropped, d.Now(); refused {
			is.State, is.Reason = Placed, "快递公司没有受理取消，请电话联系快递公司"
		}
		return tx.SaveOrder(ctx, is)
	})
}

// OrderAgain asks a company once more that did not take an order. Errors:
// ErrNoWaybill, staff.ErrOtherOffice, ErrNoOrder, ErrNoReason, ErrNotNow.
func (d *Desk) OrderAgain(ctx context.Context, by staff.Member, id string) (w Waybill, err error) {
	return w, d.Store.InTx(ctx, func(tx Tx) error {
		if w, err = tx.Waybill(ctx, id); err != nil {
			return err
		}
		if w.Office != by.Office {
			return staff.ErrOtherOffice
		}
		o, err := tx.OrderOf(ctx, id)
		switch {
		case err != nil:
			return err
		case o.State != Failed:
			return ErrNoReason
		case w.State != HandedOver:
			return ErrNotNow
		}
		return tx.Enqueue(ctx, notify.Job{Kind: PlaceOrder, Subject: id, At: d.Now()})
	})
}
