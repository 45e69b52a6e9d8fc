package courier

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

type setOutIn struct {
	ParcelIn
	Body *struct {
		From time.Time `json:"from,omitempty" doc:"promised window, four hours at most"`
		To   time.Time `json:"to,omitempty"`
	}
}

func (in *setOutIn) window() delivery.Window {
	if in.Body == nil {
		return delivery.Window{}
	}
	return delivery.Window{From: in.Body.From, To: in.Body.To}
}

type passIn struct {
	ParcelIn
	Body struct {
		To string `json:"to" format:"uuid" doc:"id of a colleague's post"`
	}
}

type reportParcelIn struct {
	ParcelIn
	Body struct {
		What   string `json:"what" enum:"lost,damaged"`
		Reason string `json:"reason" minLength:"5" maxLength:"200"`
	}
}

type takeOverIn struct {
	api.Write
	Body struct {
		Office   string   `json:"office" maxLength:"40" doc:"code of the office that hands the bag over"`
		Waybills []string `json:"waybills" minItems:"1" maxItems:"200" doc:"ids that were scanned"`
	}
}

type refusedOut struct {
	Waybill string `json:"waybill"`
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

type takenOut struct {
	Taken   []parcelOut  `json:"taken"`
	Missing []parcelOut  `json:"missing" doc:"handed over by the office, but not in the bag: noted on each"`
	Refused []refusedOut `json:"refused"`
}

type colleaguesIn struct{}

type colleagueOut struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name" doc:"masked"`
}

// Hands registers how parcels change hands, and what happens on the way.
func Hands(app *api.App, desk *delivery.Desk) {
	api.Post(app, api.Op{ID: "take-over-bag", Path: "/api/v1/courier/take-over", Tag: "courier", Summary: "Take over an office's whole bag; differences are recorded"},
		func(ctx context.Context, in *takeOverIn) (*takenOut, error) {
			t, err := desk.TakeOver(ctx, me(ctx), place.OfficeCode(in.Body.Office), in.Body.Waybills)
			return takenFrom(t), err
		})
	api.Post(app, api.Op{ID: "set-out", Path: "/api/v1/courier/waybills/{id}/set-out", Tag: "courier", Summary: "On the way to the door; the recipient is told"},
		func(ctx context.Context, in *setOutIn) (*parcelOut, error) {
			return parcelOr(desk.SetOut(ctx, me(ctx), in.ID, in.window()))
		})
	api.Post(app, api.Op{ID: "call-recipient", Path: "/api/v1/courier/waybills/{id}/call", Tag: "courier", Summary: "Ask the recipient to get in touch; the number is never shown"},
		func(ctx context.Context, in *ParcelIn) (*parcelOut, error) {
			return parcelOr(desk.Call(ctx, me(ctx), in.ID))
		})
	api.Post(app, api.Op{ID: "pass-parcel", Path: "/api/v1/courier/waybills/{id}/pass", Tag: "courier", Summary: "Hand a parcel to a colleague"},
		func(ctx context.Context, in *passIn) (*parcelOut, error) {
			return parcelOr(desk.Pass(ctx, me(ctx), in.ID, staff.ID(in.Body.To)))
		})
	api.Post(app, api.Op{ID: "report-parcel", Path: "/api/v1/courier/waybills/{id}/report", Tag: "courier", Summary: "Report a parcel lost or damaged"},
		func(ctx context.Context, in *reportParcelIn) (*parcelOut, error) {
			w, err := desk.Report(ctx, me(ctx), in.ID, in.Body.What == "damaged", in.Body.Reason)
			return parcelOr(w.Parcel(), err)
		})
	api.Get(app, api.Op{ID: "colleagues", Path: "/api/v1/courier/colleagues", Tag: "courier", Summary: "Who else works for my company"},
		func(ctx context.Context, _ *colleaguesIn) (*api.List[colleagueOut], error) {
			list, err := desk.Colleagues(ctx, me(ctx))
			out := &api.List[colleagueOut]{Items: []colleagueOut{}}
			for _, m := range list {
				out.Items = append(out.Items, colleagueOut{string(m.ID), m.Name.Masked()})
			}
			return out, err
		})
}

func me(ctx context.Context) staff.Member { return *api.Who(ctx).Member }

func takenFrom(t delivery.Taken) *takenOut {
	out := &takenOut{Taken: []parcelOut{}, Missing: []parcelOut{}, Refused: []refusedOut{}}
	for _, p := range t.Parcels {
		out.Taken = append(out.Taken, parcelFrom(p))
	}
	for _, p := range t.Missing {
		out.Missing = append(out.Missing, parcelFrom(p))
	}
	for _, o := range t.Refused {
		out.Refused = append(out.Refused, refusedOut{o.Waybill, o.Code, o.Detail})
	}
	return out
}
