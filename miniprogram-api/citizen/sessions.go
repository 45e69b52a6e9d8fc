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
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"128" doc:"the code that wx.login gave; one use, 5 minutes"`
	}
}

type sessionOut struct {
	Token  string `json:"token" doc:"send it as Authorization: Bearer …; shown only here"`
	EndsAt string `json:"ends_at" doc:"when the session ends at the latest"`
}

type nothing struct{}

// Sessions registers login and logout.
func Sessions(app *api.App, door *citizen.Door) {
	api.Post(app, api.Op{ID: "login", Path: "/api/v1/sessions", Tag: "account", Summary: "Log in with a WeChat code"},
		func(ctx context.Context, in *loginIn) (*sessionOut, error) {
			token, s, err := door.Login(ctx, in.Body.Code)
			return &sessionOut{Token: token, EndsAt: api.At(s.EndsAt)}, err
		})
	api.Delete(app, api.Op{ID: "logout", Path: "/api/v1/sessions/current", Tag: "account", Summary: "Log out"},
		func(ctx context.Context, _ *nothing) (*api.Done, error) {
			return &api.Done{Done: true}, door.Logout(ctx, api.Who(ctx).Account.ID, api.Token(ctx))
		})
}
