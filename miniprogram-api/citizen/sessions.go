// Package citizen (市民端接口) holds the routes of the mini-program's citizens:
// each decodes, makes one call and encodes.
package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

type loginIn struct {
	api.Write
	UserAgent string `header:"User-Agent" hidden:"true"`
	Body      struct {
		Code string `json:"code" minLength:"1" maxLength:"128" doc:"the code that wx.login gave; one use, 5 minutes"`
	}
}

type sessionOut struct {
	Token  string `json:"token" doc:"send it as Authorization: Bearer …; shown only here"`
	EndsAt string `json:"ends_at" doc:"when the session ends at the latest; unused for 7 days it ends earlier"`
}

type nothing struct{}

// Sessions registers login, logout and the list of sign-ins.
func Sessions(app *api.App, door *citizen.Door) {
	api.Post(app, api.Op{ID: "login", Path: "/api/v1/sessions", Tag: "account", Summary: "Log in with a WeChat code"},
		func(ctx context.Context, in *loginIn) (*sessionOut, error) {
			token, s, err := door.Login(ctx, in.Body.Code, citizen.DeviceOf(in.UserAgent))
			return &sessionOut{Token: token, EndsAt: api.At(s.EndsAt)}, err
		})
	api.Delete(app, api.Op{ID: "logout", Path: "/api/v1/sessions/current", Tag: "account", Summary: "Log out"},
		func(ctx context.Context, _ *nothing) (*api.Done, error) {
			return &api.Done{Done: true}, door.Logout(ctx, api.Who(ctx).Account.ID, api.Token(ctx))
		})
	signIns(app, door)
	pageCodes(app, door)
}

type signInOut struct {
	ID      string `json:"id" format:"uuid"`
	Account string `json:"account" format:"uuid" doc:"of my accounts, the one that signed in"`
	Device  string `json:"device" doc:"a hint, such as 安卓手机"`
	Current bool   `json:"current" doc:"this very sign-in"`
	MadeAt  string `json:"made_at"`
	SeenAt  string `json:"seen_at" doc:"last used, within a few minutes"`
	EndsAt  string `json:"ends_at"`
}

type signInsOut struct {
	Items []signInOut `json:"items"`
}

type signInIn struct {
	ID string `path:"id" format:"uuid"`
}

func signIns(app *api.App, door *citizen.Door) {
	api.Get(app, api.Op{ID: "my-sessions", Path: "/api/v1/sessions", Tag: "account", Summary: "Where I am signed in, newest first"},
		func(ctx context.Context, _ *nothing) (*signInsOut, error) {
			list, err := door.Sessions(ctx, api.Who(ctx).Account)
			out := &signInsOut{Items: []signInOut{}}
			for _, s := range list {
				out.Items = append(out.Items, signInOut{
					s.ID, string(s.Account), string(s.Device), s.ID == api.Who(ctx).Session.ID,
					api.At(s.MadeAt), api.At(s.SeenAt), api.At(s.EndsAt),
				})
			}
			return out, err
		})
	api.Delete(app, api.Op{ID: "end-other-sessions", Path: "/api/v1/sessions", Tag: "account", Summary: "Sign out everywhere else"},
		func(ctx context.Context, _ *nothing) (*api.Done, error) {
			return &api.Done{Done: true}, door.EndOthers(ctx, api.Who(ctx).Account, api.Token(ctx))
		})
	api.Delete(app, api.Op{ID: "end-session", Path: "/api/v1/sessions/{id}", Tag: "account", Summary: "End one sign-in"},
		func(ctx context.Context, in *signInIn) (*api.Done, error) {
			return &api.Done{Done: true}, door.EndSession(ctx, api.Who(ctx).Account, in.ID)
		})
}

type pageCodeIn struct{ api.Write }

type pageCodeOut struct {
	Code   string `json:"code" doc:"to be typed into the sign-in page, in any case and with any gaps; one use; shown only here"`
	EndsAt string `json:"ends_at"`
}

func pageCodes(app *api.App, door *citizen.Door) {
	api.Post(app, api.Op{ID: "page-code", Path: "/api/v1/me/page-code", Tag: "account", Summary: "Make a code to sign in to the pages for staff and couriers with",
		About: "It is good once, for three minutes; the sign-in lasts for a shift of twelve hours and stands in the list of sign-ins."},
		func(ctx context.Context, _ *pageCodeIn) (*pageCodeOut, error) {
			code, ends, err := door.NewPageCode(ctx, api.Who(ctx).Account.ID)
			return &pageCodeOut{code, api.At(ends)}, err
		})
}
