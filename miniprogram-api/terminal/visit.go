package terminal

import (
	"context"
	"encoding/base64"

	"github.com/skip2/go-qrcode"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/terminal"
)

type actIn struct{ api.Write }

type nothing struct{}

type codeOut struct {
	Visit  string `json:"visit" format:"uuid"`
	Code   string `json:"code" doc:"shown only here"`
	Path   string `json:"path" doc:"page of the mini-program that the code opens"`
	Scan   string `json:"scan" doc:"what the QR code on the screen says"`
	Image  string `json:"image" doc:"that QR code, as an address of an img"`
	EndsAt string `json:"ends_at" doc:"then show another"`
}

type visitOut struct {
	Visit    string `json:"visit" format:"uuid"`
	State    string `json:"state" enum:"shown,confirmed,open,lapsed,replaced,finished,left,ended,revoked"`
	OpenedAt string `json:"opened_at,omitempty"`
	EndsAt   string `json:"ends_at" doc:"of this state, at the latest"`
}

// Polled marks an answer that devices ask for again and again.
func (visitOut) Polled() {}

type takenOut struct {
	Visit       string `json:"visit" format:"uuid"`
	Token       string `json:"token" doc:"of the person, for this terminal; shown only here"`
	EndsAt      string `json:"ends_at" doc:"at the latest"`
	IdleSeconds int    `json:"idle_seconds" doc:"untouched for so long it ends earlier"`
}

// Page is where the mini-program confirms a code.
const Page = "pages/terminal/confirm"

// Visits registers the code on the screen and who comes by it.
func Visits(app *api.App, k *terminal.Keeper, public string) {
	api.Post(app, api.Op{ID: "show-terminal-code", Path: "/api/v1/terminal/codes", Tag: "terminal", Summary: "A code for the screen, good for a minute",
		About: "Whoever stood before the screen is signed out."},
		func(ctx context.Context, _ *actIn) (*codeOut, error) {
			v, code, err := k.Show(ctx, device(ctx))
			if err != nil {
				return nil, err
			}
			path := Page + "?code=" + code
			png, err := qrcode.Encode(public+"/"+path, qrcode.Medium, -4)
			return &codeOut{v.ID, code, path, public + "/" + path, "data:image/png;base64," + base64.StdEncoding.EncodeToString(png), api.At(v.DueAt)}, err
		})
	api.Get(app, api.Op{ID: "terminal-visit", Path: "/api/v1/terminal/visit", Tag: "terminal", Summary: "What has become of the code and of who confirmed it",
		About: "Ask every second with If-None-Match: where nothing has changed the answer is 304, without a body."},
		func(ctx context.Context, _ *nothing) (*visitOut, error) {
			v, err := k.At(ctx, device(ctx))
			return &visitOut{v.ID, string(v.State), api.At(v.OpenedAt), api.At(v.DueAt)}, err
		})
	api.Post(app, api.Op{ID: "take-terminal-visit", Path: "/api/v1/terminal/visit", Tag: "terminal", Summary: "Sign in at this terminal who has confirmed its code"},
		func(ctx context.Context, _ *actIn) (*takenOut, error) {
			v, token, ends, err := k.Take(ctx, device(ctx))
			return &takenOut{v.ID, token, api.At(ends), idleSeconds}, err
		})
	api.Delete(app, api.Op{ID: "finish-terminal-visit", Path: "/api/v1/terminal/visit", Tag: "terminal", Summary: "Sign out who stands before the terminal"},
		func(ctx context.Context, _ *nothing) (*api.Done, error) {
			return &api.Done{Done: true}, k.Finish(ctx, device(ctx))
		})
}
