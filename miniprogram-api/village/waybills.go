package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	routes "github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/delivery"
)

type makeIn struct {
	CaseActIn
	Body *struct {
		Company string   `json:"company,omitempty" maxLength:"60" doc:"courier company; may be left out where only one is at work"`
		Grams   int      `json:"grams,omitempty" minimum:"0" maximum:"20000" doc:"weight; 0 = not weighed"`
		Papers  []string `json:"papers,omitempty" maxItems:"20" doc:"what is in it; none = the licence alone"`
	}
}

type WaybillIn struct {
	ID string `path:"id" format:"uuid"`
}

type waybillActIn struct {
	api.Write
	WaybillIn
}

type waybillsIn struct {
	api.Page
	State string `query:"state" enum:"made,handed_over,in_transit,out_for_delivery,attempt_failed,held,returning,delivered,returned,lost,damaged,cancelled" doc:"only those in this state"`
}

type collectIn struct {
	CaseActIn
	Body struct {
		Proof string `json:"proof" pattern:"^[0-9]{5}[0-9Xx]$" patternDescription:"身份证号码后6位" doc:"last six digits of the applicant's identity number"`
	}
}

type collectOut struct {
	Case        string `json:"case" format:"uuid"`
	State       string `json:"state" enum:"closed" doc:"of the case"`
	CollectedAt string `json:"collected_at"`
}

type wayOut struct {
	Way      string `json:"way" enum:"courier,window"`
	Area     string `json:"area,omitempty"`
	ChosenAt string `json:"chosen_at"`
}

type waybillOut struct {
	ID         string      `json:"id" format:"uuid"`
	Number     string      `json:"number" doc:"on the label"`
	Case       string      `json:"case" format:"uuid"`
	Company    string      `json:"company"`
	State      string      `json:"state" enum:"made,handed_over,in_transit,out_for_delivery,attempt_failed,held,returning,delivered,returned,lost,damaged,cancelled"`
	Area       string      `json:"area"`
	Attempts   int         `json:"attempts" doc:"that failed, of three"`
	WrongCodes int         `json:"wrong_codes" doc:"five lock it"`
	Refusals   int         `json:"refusals" doc:"other acts that were refused"`
	MadeAt     string      `json:"made_at"`
	DueOn      string      `json:"due_on,omitempty" doc:"ten working days after the decision"`
	HoldAt     string      `json:"hold_at,omitempty" doc:"office where it is kept for pick-up, or shall be"`
	Courier    string      `json:"courier,omitempty" doc:"id of the post whose hands it is in"`
	Grams      int         `json:"grams,omitempty"`
	Papers     []string    `json:"papers,omitempty"`
	EndedAt    string      `json:"ended_at,omitempty" doc:"its way is over"`
	Ordered    bool        `json:"ordered" doc:"the company is told through its interface"`
	ClaimedAt  string      `json:"claimed_at,omitempty" doc:"the company says that it was delivered; the person is asked"`
	FeeFen     int64       `json:"fee_fen" doc:"that the person has agreed to pay"`
	Locker     string      `json:"locker,omitempty"`
	Timeline   []eventOut  `json:"timeline,omitempty"`
	Evidence   []proofOut  `json:"evidence,omitempty" doc:"photos and signatures"`
	Order      *orderOut   `json:"order,omitempty"`
	Tidings    []tidingOut `json:"tidings,omitempty" doc:"what the company told, as it came"`
}

type eventOut struct {
	At     string `json:"at"`
	Act    string `json:"act" enum:"make,hand_over,pick_up,miss,set_out,call,arrive,deliver,deposit,retrieve,claim,confirm,deny,fail,return,take_back,pass,reassign,redirect,renew,hold,collect,send_back,release,cancel,lose,damage"`
	Actor  string `json:"actor" doc:"id of the post; recipient for the person"`
	To     string `json:"to,omitempty" doc:"who or which office has it from then on"`
	Proof  string `json:"proof,omitempty" enum:"courier_code,id_number,bypass"`
	Reason string `json:"reason,omitempty"`
	Note   string `json:"note,omitempty"`
	Device string `json:"device_at,omitempty" doc:"sent in late: when the courier's device says it was done"`
}

// Waybills registers how results leave the office.
func Waybills(app *api.App, desk *delivery.Desk) {
	api.Put(app, api.Op{ID: "choose-at-window", Path: "/api/v1/village/cases/{id}/delivery", Tag: "staff",
		Summary: "Choose for the person at the window how the result comes; it stands in the record, and the person is told"},
		func(ctx context.Context, in *routes.DeliveryIn) (*wayOut, error) {
			c, err := desk.ChooseAtWindow(ctx, *api.Who(ctx).Member, in.ID, in.Wish())
			return &wayOut{string(c.Way), c.Area, api.At(c.ChosenAt)}, err
		})
	api.Post(app, api.Op{ID: "make-waybill", Path: "/api/v1/village/cases/{id}/waybill", Tag: "staff", Summary: "Make the waybill of a licence that goes by courier"},
		func(ctx context.Context, in *makeIn) (*waybillOut, error) {
			return waybillOr(desk.Make(ctx, *api.Who(ctx).Member, in.ID, in.load()))
		})
	api.Post(app, api.Op{ID: "hand-over-waybill", Path: "/api/v1/village/waybills/{id}/hand-over", Tag: "staff", Summary: "Hand a parcel over to its courier company"},
		func(ctx context.Context, in *waybillActIn) (*waybillOut, error) {
			return waybillOr(desk.HandOver(ctx, *api.Who(ctx).Member, in.ID))
		})
	api.Post(app, api.Op{ID: "collect-licence", Path: "/api/v1/village/cases/{id}/collect", Tag: "staff", Summary: "Hand the result out at the window; closes the case",
		About: "For who chose the window or nothing, for parcels that came back, and at the office that keeps a parcel for pick-up. A wrong proof stands in the history of the case."},
		func(ctx context.Context, in *collectIn) (*collectOut, error) {
			at, err := desk.Collect(ctx, *api.Who(ctx).Member, in.ID, in.Body.Proof)
			return &collectOut{in.ID, "closed", api.At(at)}, err
		})
	api.Get(app, api.Op{ID: "office-waybills", Path: "/api/v1/village/waybills", Tag: "staff", Summary: "My office's waybills, newest first"},
		func(ctx context.Context, in *waybillsIn) (*api.List[waybillOut], error) {
			list, err := desk.Waybills(ctx, *api.Who(ctx).Member, delivery.State(in.State), in.Cursor, in.Most())
			return api.Paged(in.Page, list, waybillFrom, func(w delivery.Waybill) string { return w.ID }), err
		})
	api.Get(app, api.Op{ID: "office-waybill", Path: "/api/v1/village/waybills/{id}", Tag: "staff", Summary: "A waybill of my office with its timeline"},
		func(ctx context.Context, in *WaybillIn) (*waybillOut, error) {
			t, err := desk.Waybill(ctx, *api.Who(ctx).Member, in.ID)
			return detailed(t), err
		})
}

func (in *makeIn) load() delivery.Load {
	if in.Body == nil {
		return delivery.Load{}
	}
	return delivery.Load{Company: in.Body.Company, Grams: in.Body.Grams, Papers: in.Body.Papers}
}

func waybillFrom(w delivery.Waybill) waybillOut {
	return waybillOut{
		ID: w.ID, Number: w.Number, Case: w.Case, Company: w.Company, State: string(w.State), Area: w.Area, Attempts: w.Attempts,
		WrongCodes: w.WrongCodes, Refusals: w.Refusals, MadeAt: api.At(w.MadeAt), DueOn: api.On(w.DueOn), HoldAt: string(w.HoldAt),
		Courier: string(w.Courier), Grams: w.Grams, Papers: w.Papers, EndedAt: api.At(w.EndedAt),
		Ordered: w.Ordered, ClaimedAt: api.At(w.ClaimedAt), FeeFen: w.Fee, Locker: w.Locker,
	}
}

func eventFrom(e delivery.Event) eventOut {
	return eventOut{
		At: api.At(e.At), Act: string(e.Act), Actor: string(e.Actor), To: e.To, Proof: e.Proof,
		Reason: string(e.Reason), Note: e.Note, Device: api.At(e.DeviceAt),
	}
}

func waybillOr(w delivery.Waybill, err error) (*waybillOut, error) {
	out := waybillFrom(w)
	return &out, err
}
