package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/delivery"
)

type deliveryIn struct {
	CaseIn
	Body struct {
		Way       string `json:"way" enum:"courier,window"`
		Recipient string `json:"recipient,omitempty" maxLength:"60" doc:"courier only, like the following; not kept for the window"`
		Phone     string `json:"phone,omitempty" maxLength:"24" doc:"mobile number of mainland China"`
		Address   string `json:"address,omitempty" maxLength:"200" doc:"5 to 200 characters; the courier sees it while it is on the run"`
		Area      string `json:"area,omitempty" maxLength:"40" doc:"district and town, 2 to 40 characters: all that a courier sees before pick-up"`
	}
}

type deliveryOut struct {
	Way       string `json:"way" enum:"courier,window"`
	Recipient string `json:"recipient,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Address   string `json:"address,omitempty"`
	Area      string `json:"area,omitempty"`
	ChosenAt  string `json:"chosen_at"`
}

type trackingOut struct {
	ID       string     `json:"id" format:"uuid"`
	Number   string     `json:"number" doc:"on the label"`
	Company  string     `json:"company"`
	State    string     `json:"state" enum:"made,handed_over,in_transit,attempt_failed,delivered,returned"`
	Code     string     `json:"code,omitempty" doc:"one-time code to tell the courier at the door; only while it is on its way"`
	Locked   bool       `json:"locked" doc:"the code was wrong too often: it goes back to the office"`
	Attempts int        `json:"attempts" doc:"that failed, of three"`
	Timeline []eventOut `json:"timeline"`
}

type eventOut struct {
	At     string `json:"at"`
	Act    string `json:"act" enum:"make,hand_over,pick_up,deliver,fail,return"`
	Reason string `json:"reason,omitempty" enum:"absent,unreachable,wrong_address,declined,no_code,other"`
}

// Delivery registers how the result of one's case is to come, and where it is.
func Delivery(app *api.App, desk *delivery.Desk) {
	api.Put(app, api.Op{ID: "choose-delivery", Path: "/api/v1/cases/{id}/delivery", Tag: "delivery",
		Summary: "Choose how the result comes; it may change until the waybill is made"},
		func(ctx context.Context, in *deliveryIn) (*deliveryOut, error) {
			b := in.Body
			c, err := desk.Choose(ctx, api.Person(ctx), in.ID, delivery.Wish{
				Way: delivery.Way(b.Way), Recipient: b.Recipient, Phone: b.Phone, Address: b.Address, Area: b.Area,
			})
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
}

func deliveryFrom(c delivery.Choice) *deliveryOut {
	return &deliveryOut{string(c.Way), c.Recipient.String(), c.Phone.String(), c.Address, c.Area, api.At(c.ChosenAt)}
}

func trackingFrom(t delivery.Tracking) *trackingOut {
	w := t.Waybill
	out := &trackingOut{
		ID: w.ID, Number: w.Number, Company: w.Company, State: string(w.State), Code: string(w.Shown()),
		Locked: w.Locked(), Attempts: w.Attempts, Timeline: []eventOut{},
	}
	for _, e := range t.Events {
		out.Timeline = append(out.Timeline, eventOut{api.At(e.At), string(e.Act), string(e.Reason)})
	}
	return out
}
