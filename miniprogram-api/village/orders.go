package village

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"html/template"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/delivery"
)

type orderOut struct {
	State    string `json:"state" enum:"asked,placed,failed,dropped"`
	Number   string `json:"number,omitempty" doc:"of the carrier's own waybill"`
	Reason   string `json:"reason,omitempty" doc:"why it came to nothing"`
	PlacedAt string `json:"placed_at,omitempty"`
	HeardAt  string `json:"heard_at,omitempty" doc:"when the company told anything last"`
}

type tidingOut struct {
	News       string `json:"news" enum:"noted,fetched,moving,out,tried,signed,rejected,back,cancelled"`
	At         string `json:"at,omitempty" doc:"when it happened, where the company says so"`
	ReceivedAt string `json:"received_at"`
	Result     string `json:"result" enum:"followed,old,refused"`
	Code       string `json:"code,omitempty" doc:"why it was refused"`
}

type proofOut struct {
	File    string `json:"file" format:"uuid"`
	ID      string `json:"id" doc:"as the courier's device calls it; the timeline names it"`
	Kind    string `json:"kind" enum:"photo,signature"`
	Courier string `json:"courier" doc:"id of the post"`
	SHA256  string `json:"sha256"`
	AddedAt string `json:"added_at"`
}

type EvidenceIn struct {
	WaybillIn
	File string `path:"file" format:"uuid"`
}

//go:embed label.html
var labelHTML string

var labelTemplate = template.Must(template.New("label").Parse(labelHTML))

// Orders registers what an office sees of companies with an interface, and of
// what couriers filed.
func Orders(app *api.App, desk *delivery.Desk) {
	api.Post(app, api.Op{ID: "order-again", Path: "/api/v1/village/waybills/{id}/order", Tag: "staff", Summary: "Order a carrier once more that did not take the parcel"},
		func(ctx context.Context, in *waybillActIn) (*waybillOut, error) {
			return waybillOr(desk.OrderAgain(ctx, me(ctx), in.ID))
		})
	api.Get(app, api.Op{ID: "waybill-evidence", Path: "/api/v1/village/waybills/{id}/evidence/{file}", Tag: "staff", Summary: "A photo or a signature of a delivery"},
		func(ctx context.Context, in *EvidenceIn) (*api.File, error) {
			f, content, err := desk.Evidence(ctx, me(ctx), in.ID, in.File)
			return &api.File{Name: f.Kind, Media: f.Media, Content: content}, err
		})
	api.Get(app, api.Op{ID: "waybill-label-page", Path: "/api/v1/village/waybills/{id}/label.html", Tag: "staff", Summary: "The label as a page to print on A6"},
		func(ctx context.Context, in *WaybillIn) (*api.File, error) {
			t, err := desk.Waybill(ctx, me(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			page, err := labelPage(t.Waybill)
			return &api.File{Name: t.Waybill.Number + ".html", Media: "text/html; charset=utf-8", Content: page}, err
		})
}

func labelPage(w delivery.Waybill) ([]byte, error) {
	l, err := labelFrom(w)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = labelTemplate.Execute(&page, struct {
		*labelOut
		Image template.URL
	}{l, template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(l.QR))}) //nolint:gosec // our own picture
	return page.Bytes(), err
}

// detailed adds what only one waybill's page shows.
func detailed(t delivery.Tracking) *waybillOut {
	out := waybillFrom(t.Waybill)
	for _, e := range t.Events {
		out.Timeline = append(out.Timeline, eventFrom(e))
	}
	for _, f := range t.Files {
		out.Evidence = append(out.Evidence, proofOut{f.File, f.ID, f.Kind, string(f.Courier), hex.EncodeToString(f.SHA256[:]), api.At(f.AddedAt)})
	}
	if o := t.Order; o != nil {
		out.Order = &orderOut{string(o.State), o.Number, o.Reason, api.At(o.PlacedAt), api.At(o.HeardAt)}
	}
	for _, n := range t.Tidings {
		out.Tidings = append(out.Tidings, tidingOut{string(n.News), api.At(n.At), api.At(n.ReceivedAt), string(n.Result), n.Code})
	}
	return &out
}
