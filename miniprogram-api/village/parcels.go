package village

import (
	"context"

	"github.com/skip2/go-qrcode"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/staff"
)

type whyIn struct {
	api.Write
	WaybillIn
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"200"`
	}
}

type reassignIn struct {
	api.Write
	WaybillIn
	Body struct {
		To     string `json:"to" format:"uuid" doc:"id of a courier's post at the same company"`
		Reason string `json:"reason" minLength:"5" maxLength:"200"`
	}
}

type reportIn struct {
	api.Write
	WaybillIn
	Body struct {
		What   string `json:"what" enum:"lost,damaged"`
		Reason string `json:"reason" minLength:"5" maxLength:"200"`
	}
}

type releaseIn struct {
	CaseActIn
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"200" doc:"why there is no proof; it stays in the record and the ledger"`
	}
}

type labelOut struct {
	Number  string   `json:"number"`
	Company string   `json:"company"`
	Office  string   `json:"office" doc:"code of the office that sends it"`
	Area    string   `json:"area" doc:"no closer: the label shows neither name nor address"`
	Grams   int      `json:"grams"`
	Papers  []string `json:"papers"`
	QR      []byte   `json:"qr" doc:"PNG of the QR code, base64"`
}

type lateIn struct{ api.Page }

type lateOut struct {
	Case    string `json:"case" format:"uuid"`
	Number  string `json:"number"`
	Decided string `json:"decided_at"`
	DueOn   string `json:"due_on"`
	Waybill string `json:"waybill,omitempty"`
	State   string `json:"state,omitempty" doc:"of the waybill"`
}

type conflictOut struct {
	ID         string `json:"id" doc:"of the act, from the courier's device"`
	Courier    string `json:"courier" doc:"id of the post"`
	Waybill    string `json:"waybill"`
	Act        string `json:"act"`
	Code       string `json:"code" doc:"why it could not be done"`
	DeviceAt   string `json:"device_at"`
	ReceivedAt string `json:"received_at"`
}

// Parcels registers what an office does with parcels beside sending them.
func Parcels(app *api.App, desk *delivery.Desk) {
	api.Post(app, api.Op{ID: "cancel-waybill", Path: "/api/v1/village/waybills/{id}/cancel", Tag: "staff", Summary: "Stop a parcel; one that has left comes back"},
		func(ctx context.Context, in *whyIn) (*waybillOut, error) {
			return waybillOr(desk.Cancel(ctx, me(ctx), in.ID, in.Body.Reason))
		})
	api.Post(app, api.Op{ID: "hold-waybill", Path: "/api/v1/village/waybills/{id}/hold", Tag: "staff", Summary: "Take a parcel in, to be collected here",
		About: "Where the person wants it here, or after the third failed attempt."},
		func(ctx context.Context, in *waybillActIn) (*waybillOut, error) {
			return waybillOr(desk.Hold(ctx, me(ctx), in.ID))
		})
	api.Post(app, api.Op{ID: "send-waybill-back", Path: "/api/v1/village/waybills/{id}/send-back", Tag: "staff", Summary: "Send a parcel that nobody collected back to its office"},
		func(ctx context.Context, in *waybillActIn) (*waybillOut, error) {
			return waybillOr(desk.SendBack(ctx, me(ctx), in.ID))
		})
	api.Post(app, api.Op{ID: "take-waybill-back", Path: "/api/v1/village/waybills/{id}/take-back", Tag: "staff", Summary: "Receive a parcel that is on its way back"},
		func(ctx context.Context, in *waybillActIn) (*waybillOut, error) {
			return waybillOr(desk.TakeBack(ctx, me(ctx), in.ID))
		})
	api.Post(app, api.Op{ID: "reassign-waybill", Path: "/api/v1/village/waybills/{id}/reassign", Tag: "staff", Summary: "Put a parcel into another courier's hands, such as a leaver's"},
		func(ctx context.Context, in *reassignIn) (*waybillOut, error) {
			return waybillOr(desk.Reassign(ctx, me(ctx), in.ID, staff.ID(in.Body.To), in.Body.Reason))
		})
	api.Post(app, api.Op{ID: "report-waybill", Path: "/api/v1/village/waybills/{id}/report", Tag: "staff", Summary: "Report a parcel lost or damaged"},
		func(ctx context.Context, in *reportIn) (*waybillOut, error) {
			return waybillOr(desk.Report(ctx, me(ctx), in.ID, in.Body.What == "damaged", in.Body.Reason))
		})
	api.Post(app, api.Op{ID: "release-result", Path: "/api/v1/village/cases/{id}/release", Tag: "staff", Summary: "Conclude a delivery without proof, for a reason"},
		func(ctx context.Context, in *releaseIn) (*collectOut, error) {
			at, err := desk.Release(ctx, me(ctx), in.ID, in.Body.Reason)
			return &collectOut{in.ID, "closed", api.At(at)}, err
		})
	api.Get(app, api.Op{ID: "waybill-label", Path: "/api/v1/village/waybills/{id}/label", Tag: "staff", Summary: "What is printed on a parcel"},
		func(ctx context.Context, in *WaybillIn) (*labelOut, error) {
			t, err := desk.Waybill(ctx, me(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return labelFrom(t.Waybill)
		})
	parcelLists(app, desk)
}

func parcelLists(app *api.App, desk *delivery.Desk) {
	api.Get(app, api.Op{ID: "late-results", Path: "/api/v1/village/late-results", Tag: "staff", Summary: "Results of my office that are later than ten working days, the latest first"},
		func(ctx context.Context, in *lateIn) (*api.List[lateOut], error) {
			list, err := desk.Late(ctx, me(ctx), in.Cursor, in.Most())
			return api.Paged(in.Page, list, lateFrom, func(o delivery.Owed) string { return o.Case }), err
		})
	api.Get(app, api.Op{ID: "courier-conflicts", Path: "/api/v1/village/courier-conflicts", Tag: "staff", Summary: "What couriers sent in late that could not be done as it was sent, newest first"},
		func(ctx context.Context, in *lateIn) (*api.List[conflictOut], error) {
			list, err := desk.Conflicts(ctx, me(ctx), in.Cursor, in.Most())
			return api.Paged(in.Page, list, conflictFrom, func(k delivery.Kept) string { return k.ID }), err
		})
}

func me(ctx context.Context) staff.Member { return *api.Who(ctx).Member }

// labelPrefix says to a scanner what the rest names.
const labelPrefix = "yimen:waybill:"

func labelFrom(w delivery.Waybill) (*labelOut, error) {
	png, err := qrcode.Encode(labelPrefix+w.ID, qrcode.Medium, 256)
	return &labelOut{w.Number, w.Company, string(w.Office), w.Area, w.Grams, w.Papers, png}, err
}

func lateFrom(o delivery.Owed) lateOut {
	return lateOut{o.Case, o.Number, api.At(o.Decided), api.On(o.DueOn), o.Waybill, string(o.State)}
}

func conflictFrom(k delivery.Kept) conflictOut {
	return conflictOut{k.ID, string(k.Courier), k.Waybill, string(k.Act), k.Code, api.At(k.At), api.At(k.ReceivedAt)}
}
