package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/delivery"
)

type makeIn struct {
	CaseActIn
	Body *struct {
		Company string `json:"company,omitempty" maxLength:"60" doc:"courier company; may be left out where only one is at work"`
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
	State string `query:"state" enum:"made,handed_over,in_transit,attempt_failed,delivered,returned" doc:"only those in this state"`
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

type waybillOut struct {
	ID         string     `json:"id" format:"uuid"`
	Number     string     `json:"number" doc:"on the label"`
	Case       string     `json:"case" format:"uuid"`
	Company    string     `json:"company"`
	State      string     `json:"state" enum:"made,handed_over,in_transit,attempt_failed,delivered,returned"`
	Area       string     `json:"area"`
	Attempts   int        `json:"attempts" doc:"that failed, of three"`
	WrongCodes int        `json:"wrong_codes" doc:"five lock it"`
	Refusals   int        `json:"refusals" doc:"other acts that were refused"`
	MadeAt     string     `json:"made_at"`
	EndedAt    string     `json:"ended_at,omitempty" doc:"delivered or returned"`
	Timeline   []eventOut `json:"timeline,omitempty"`
}

type eventOut struct {
	At     string `json:"at"`
	Act    string `json:"act" enum:"make,hand_over,pick_up,deliver,fail,return"`
	Actor  string `json:"actor" doc:"id of the post"`
	Reason string `json:"reason,omitempty"`
	Note   string `json:"note,omitempty"`
}

// Waybills registers how results leave the office.
func Waybills(app *api.App, desk *delivery.Desk) {
	api.Post(app, api.Op{ID: "make-waybill", Path: "/api/v1/village/cases/{id}/waybill", Tag: "staff", Summary: "Make the waybill of a licence that goes by courier"},
		func(ctx context.Context, in *makeIn) (*waybillOut, error) {
			return waybillOr(desk.Make(ctx, *api.Who(ctx).Member, in.ID, in.company()))
		})
	api.Post(app, api.Op{ID: "hand-over-waybill", Path: "/api/v1/village/waybills/{id}/hand-over", Tag: "staff", Summary: "Hand a parcel over to its courier company"},
		func(ctx context.Context, in *waybillActIn) (*waybillOut, error) {
			return waybillOr(desk.HandOver(ctx, *api.Who(ctx).Member, in.ID))
		})
	api.Post(app, api.Op{ID: "collect-licence", Path: "/api/v1/village/cases/{id}/collect", Tag: "staff", Summary: "Hand the result out at the window; closes the case",
		About: "For who chose the window or nothing, and for parcels that came back. A wrong proof stands in the history of the case."},
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
			out := waybillFrom(t.Waybill)
			for _, e := range t.Events {
				out.Timeline = append(out.Timeline, eventOut{api.At(e.At), string(e.Act), string(e.Actor), string(e.Reason), e.Note})
			}
			return &out, err
		})
}

func (in *makeIn) company() string {
	if in.Body == nil {
		return ""
	}
	return in.Body.Company
}

func waybillFrom(w delivery.Waybill) waybillOut {
	return waybillOut{
		ID: w.ID, Number: w.Number, Case: w.Case, Company: w.Company, State: string(w.State), Area: w.Area, Attempts: w.Attempts,
		WrongCodes: w.WrongCodes, Refusals: w.Refusals, MadeAt: api.At(w.MadeAt), EndedAt: api.At(w.EndedAt),
	}
}

func waybillOr(w delivery.Waybill, err error) (*waybillOut, error) {
	out := waybillFrom(w)
	return &out, err
}
