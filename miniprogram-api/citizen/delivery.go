package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/place"
)

// DeliveryIn is how the result of a case is wanted.
type DeliveryIn struct {
	CaseIn
	Body struct {
		Way       string `json:"way" enum:"courier,window"`
		Recipient string `json:"recipient,omitempty" maxLength:"60" doc:"courier only, like the following; not kept for the window"`
		Phone     string `json:"phone,omitempty" maxLength:"24" doc:"mobile number of mainland China"`
		Address   string `json:"address,omitempty" maxLength:"200" doc:"5 to 200 characters; the courier sees it while it is on the run"`
		Area      string `json:"area,omitempty" maxLength:"40" doc:"district and town, 2 to 40 characters: all that a courier sees before pick-up"`
		Division  string `json:"division,omitempty" maxLength:"12" doc:"code of that district, town or village; needed with company"`
		Company   string `json:"company,omitempty" maxLength:"60" doc:"one of those that go there, at the fee shown; left out: the office decides, free of charge"`
	}
}

// Wish is the choice as it was typed.
func (in *DeliveryIn) Wish() delivery.Wish {
	b := in.Body
	return delivery.Wish{
		Way: delivery.Way(b.Way), Recipient: b.Recipient, Phone: b.Phone, Address: b.Address, Area: b.Area,
		Company: b.Company, Division: place.DivisionCode(b.Division),
	}
}

type deliveryOut struct {
	Way       string `json:"way" enum:"courier,window"`
	Recipient string `json:"recipient,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Address   string `json:"address,omitempty"`
	Area      string `json:"area,omitempty"`
	Division  string `json:"division,omitempty"`
	Company   string `json:"company,omitempty"`
	FeeFen    int64  `json:"fee_fen" doc:"that the person pays the company, in fen"`
	ChosenAt  string `json:"chosen_at"`
}

type trackingOut struct {
	ID        string     `json:"id" format:"uuid"`
	Number    string     `json:"number" doc:"on the label"`
	Company   string     `json:"company"`
	State     string     `json:"state" enum:"made,handed_over,in_transit,out_for_delivery,attempt_failed,held,returning,delivered,returned,lost,damaged,cancelled"`
	Area      string     `json:"area"`
	Address   string     `json:"address" doc:"one's own: where it goes, unless it is kept at an office"`
	HoldAt    string     `json:"hold_at,omitempty" doc:"code of the office where it is kept for pick-up, or shall be"`
	Code      string     `json:"code,omitempty" doc:"one-time code to tell the courier at the door; only while it is on its way"`
	CodeUntil string     `json:"code_until,omitempty" doc:"draw a new one afterwards"`
	Locked    bool       `json:"locked" doc:"the proof was wrong too often: it goes back to the office"`
	Attempts  int        `json:"attempts" doc:"that failed, of three"`
	DueOn     string     `json:"due_on,omitempty" doc:"ten working days after the decision"`
	From      string     `json:"from,omitempty" doc:"the courier means to be there between from and to"`
	To        string     `json:"to,omitempty"`
	FeeFen    int64      `json:"fee_fen" doc:"that the person pays the company, in fen"`
	Carrier   string     `json:"carrier_number,omitempty" doc:"of the carrier's own waybill"`
	Claimed   bool       `json:"claimed" doc:"the company says that it was delivered: confirm it or say no"`
	Arrived   bool       `json:"arrived" doc:"the courier is at the door"`
	LockerMay bool       `json:"locker_may" doc:"it may be redirected to a parcel locker"`
	Locker    string     `json:"locker,omitempty"`
	Opens     string     `json:"locker_code,omitempty" doc:"what opens the locker, while it lies there; confirm the receipt afterwards"`
	Until     string     `json:"locker_until,omitempty"`
	Timeline  []eventOut `json:"timeline"`
}

type eventOut struct {
	At     string `json:"at"`
	Act    string `json:"act" enum:"make,hand_over,pick_up,miss,set_out,call,arrive,deliver,deposit,retrieve,claim,confirm,deny,fail,return,take_back,pass,reassign,redirect,renew,hold,collect,send_back,release,cancel,lose,damage"`
	Reason string `json:"reason,omitempty" enum:"absent,unreachable,wrong_address,declined,no_code,other"`
}

type caseActIn struct {
	api.Write
	CaseIn
}

type redirectIn struct {
	api.Write
	CaseIn
	Body struct {
		Address string `json:"address,omitempty" maxLength:"200" doc:"another address, with its area"`
		Area    string `json:"area,omitempty" maxLength:"40"`
		Office  string `json:"office,omitempty" maxLength:"40" doc:"or the code of an office, to be collected there with the identity card"`
		Locker  string `json:"locker,omitempty" maxLength:"40" doc:"or a parcel locker, where locker_may"`
	}
}

// Delivery registers how the result of one's case is to come, and where it is.
func Delivery(app *api.App, desk *delivery.Desk) {
	api.Put(app, api.Op{ID: "choose-delivery", Path: "/api/v1/cases/{id}/delivery", Tag: "delivery",
		Summary: "Choose how the result comes; it may change until the waybill is made"},
		func(ctx context.Context, in *DeliveryIn) (*deliveryOut, error) {
			c, err := desk.Choose(ctx, api.Person(ctx), in.ID, in.Wish())
			return deliveryFrom(c), err
		})
	api.Get(app, api.Op{ID: "my-delivery", Path: "/api/v1/cases/{id}/delivery", Tag: "delivery", Summary: "How the result comes"},
		func(ctx context.Context, in *CaseIn) (*deliveryOut, error) {
			c, err := desk.Chosen(ctx, api.Person(ctx), in.ID)
			return deliveryFrom(c), err
		})
	api.Get(app, api.Op{ID: "track-waybill", Path: "/api/v1/cases/{id}/waybill", Tag: "delivery", Summary: "Where the parcel is, and the code for the courier"},
		func(ctx context.Context, in *CaseIn) (*trackingOut, error) {
			t, err := desk.Track(ctx, api.Person(ctx), in.ID)
			return trackingFrom(t), err
		})
	api.Post(app, api.Op{ID: "redirect-waybill", Path: "/api/v1/cases/{id}/waybill/redirect", Tag: "delivery",
		Summary: "Send the parcel to another address or to an office instead", About: "At most three times, as long as it has not arrived."},
		func(ctx context.Context, in *redirectIn) (*trackingOut, error) {
			b := in.Body
			t, err := desk.Redirect(ctx, api.Person(ctx), in.ID, delivery.Target{Address: b.Address, Area: b.Area, Office: place.OfficeCode(b.Office), Locker: b.Locker})
			return trackingFrom(t), err
		})
	api.Post(app, api.Op{ID: "renew-code", Path: "/api/v1/cases/{id}/waybill/code", Tag: "delivery", Summary: "Draw a new one-time code; the old one ends at once"},
		func(ctx context.Context, in *caseActIn) (*trackingOut, error) {
			t, err := desk.Renew(ctx, api.Person(ctx), in.ID)
			return trackingFrom(t), err
		})
}

func deliveryFrom(c delivery.Choice) *deliveryOut {
	return &deliveryOut{string(c.Way), c.Recipient.String(), c.Phone.String(), c.Address, c.Area, string(c.Division), c.Company, c.Fee, api.At(c.ChosenAt)}
}

func trackingFrom(t delivery.Tracking) *trackingOut {
	w := t.Waybill
	out := &trackingOut{
		ID: w.ID, Number: w.Number, Company: w.Company, State: string(w.State), Area: w.Area, Address: w.Address, HoldAt: string(w.HoldAt),
		Code: string(t.Code), Locked: w.Locked(), Attempts: w.Attempts, DueOn: api.On(w.DueOn), From: api.At(w.From), To: api.At(w.To),
		Timeline: []eventOut{},
	}
	if out.Code != "" {
		out.CodeUntil = api.At(w.CodeUntil)
	}
	out.FeeFen, out.Claimed, out.Arrived = w.Fee, !w.ClaimedAt.IsZero(), !w.ArrivedAt.IsZero()
	out.LockerMay, out.Locker = w.Demand.Locker, w.Locker
	if w.State == delivery.Held && w.Locker != "" {
		out.Opens, out.Until = w.LockerCode, api.At(w.LockerUntil)
	}
	if t.Order != nil {
		out.Carrier = t.Order.Number
	}
	for _, e := range t.Events {
		out.Timeline = append(out.Timeline, eventOut{api.At(e.At), string(e.Act), string(e.Reason)})
	}
	return out
}
