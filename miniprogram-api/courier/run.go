// Package courier (快递员接口) holds the routes of a courier's day.
package courier

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/delivery"
)

type runIn struct{ api.Page }

type ParcelIn struct {
	api.Write
	ID string `path:"id" format:"uuid"`
}

type deliverIn struct {
	ParcelIn
	Body struct {
		Code     string `json:"code,omitempty" pattern:"^[0-9]{6}$" patternDescription:"6位数字" doc:"that the recipient's phone shows"`
		IDEnd    string `json:"id_end,omitempty" pattern:"^[0-9]{5}[0-9Xx]$" patternDescription:"身份证号码后6位" doc:"or the end of the recipient's or an authorised agent's identity number, where the parcel takes it"`
		Evidence string `json:"evidence,omitempty" pattern:"^[A-Za-z0-9_-]{1,64}$" patternDescription:"64位以内的字母、数字、横线或下划线" doc:"id under which the photo or signature was sent in, where the parcel asks for one beside the identity number"`
	}
}

type failIn struct {
	ParcelIn
	Body struct {
		Reason string `json:"reason" enum:"absent,unreachable,wrong_address,declined,no_code,other"`
		Note   string `json:"note,omitempty" maxLength:"200" doc:"for the office; needed with other"`
	}
}

type parcelOut struct {
	ID        string `json:"id" format:"uuid"`
	Number    string `json:"number" doc:"on the label"`
	State     string `json:"state" enum:"handed_over,in_transit,out_for_delivery,attempt_failed,held,returning,delivered,returned,lost,damaged,cancelled"`
	Area      string `json:"area"`
	Attempts  int    `json:"attempts" doc:"that failed, of three"`
	Recipient string `json:"recipient,omitempty" doc:"masked; only while it is out, like phone and address"`
	Phone     string `json:"phone,omitempty" doc:"masked"`
	Address   string `json:"address,omitempty"`
	HoldAt    string `json:"hold_at,omitempty" doc:"bring it to this office: the recipient collects it there"`
	Locker    string `json:"locker,omitempty" doc:"the recipient wants it in this parcel locker"`
	Until     string `json:"locker_until,omitempty" doc:"it lies there; fetch it back afterwards"`
	IDEnd     bool   `json:"id_end_will_do" doc:"the end of the identity number proves the delivery as well"`
	Evidence  bool   `json:"evidence_due" doc:"with the identity number a photo or signature is needed as well"`
}

type runOut struct {
	Mine    []parcelOut          `json:"mine" doc:"in my hands, in the order of the way"`
	Waiting *api.List[parcelOut] `json:"waiting" doc:"handed over to my company, by area; cursor and limit page these"`
}

// Run registers a courier's run and what is done on it.
func Run(app *api.App, desk *delivery.Desk) {
	api.Get(app, api.Op{ID: "courier-run", Path: "/api/v1/courier/run", Tag: "courier", Summary: "What I carry, and what waits for my company"},
		func(ctx context.Context, in *runIn) (*runOut, error) {
			r, err := desk.Round(ctx, *api.Who(ctx).Member, in.Cursor, in.Most())
			out := &runOut{Mine: []parcelOut{}, Waiting: api.Paged(in.Page, r.Waiting, parcelFrom, func(p delivery.Parcel) string { return p.ID })}
			for _, p := range r.Mine {
				out.Mine = append(out.Mine, parcelFrom(p))
			}
			return out, err
		})
	api.Post(app, api.Op{ID: "pick-up-parcel", Path: "/api/v1/courier/waybills/{id}/pick-up", Tag: "courier", Summary: "Take a parcel out, first or again"},
		func(ctx context.Context, in *ParcelIn) (*parcelOut, error) {
			return parcelOr(desk.PickUp(ctx, *api.Who(ctx).Member, in.ID))
		})
	api.Post(app, api.Op{ID: "deliver-parcel", Path: "/api/v1/courier/waybills/{id}/deliver", Tag: "courier", Summary: "Deliver against the recipient's proof",
		About: "The one-time code, or the end of the identity number where the parcel takes it. A wrong one is counted; after five the parcel goes back to the office."},
		func(ctx context.Context, in *deliverIn) (*parcelOut, error) {
			return parcelOr(desk.Deliver(ctx, *api.Who(ctx).Member, in.ID, in.proof()))
		})
	api.Post(app, api.Op{ID: "fail-parcel", Path: "/api/v1/courier/waybills/{id}/fail", Tag: "courier", Summary: "Record an attempt that failed"},
		func(ctx context.Context, in *failIn) (*parcelOut, error) {
			return parcelOr(desk.Fail(ctx, *api.Who(ctx).Member, in.ID, delivery.Reason(in.Body.Reason), in.Body.Note))
		})
	api.Post(app, api.Op{ID: "return-parcel", Path: "/api/v1/courier/waybills/{id}/return", Tag: "courier", Summary: "Bring a parcel back to its office after a failed attempt; back it is when the office takes it"},
		func(ctx context.Context, in *ParcelIn) (*parcelOut, error) {
			return parcelOr(desk.Return(ctx, *api.Who(ctx).Member, in.ID))
		})
}

func (in *deliverIn) proof() delivery.Proof {
	return delivery.Proof{Code: in.Body.Code, Digits: in.Body.IDEnd, Evidence: in.Body.Evidence}
}

func parcelFrom(p delivery.Parcel) parcelOut {
	return parcelOut{
		p.ID, p.Number, string(p.State), p.Area, p.Attempts, p.Recipient, p.Phone, p.Address,
		string(p.HoldAt), p.Locker, api.At(p.Until), p.Demand.Digits, p.Demand.Evidence,
	}
}

func parcelOr(p delivery.Parcel, err error) (*parcelOut, error) {
	out := parcelFrom(p)
	return &out, err
}
