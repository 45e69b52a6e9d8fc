package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

type accountOut struct {
	ID         string `json:"id" format:"uuid"`
	Current    bool   `json:"current" doc:"the account of this request"`
	Phone      string `json:"phone,omitempty" doc:"masked"`
	RealNameAt string `json:"real_name_at,omitempty"`
	FaceAt     string `json:"face_at,omitempty" doc:"when the face was last matched"`
	MadeAt     string `json:"made_at"`
}

type accountsOut struct {
	Items []accountOut `json:"items"`
}

type accountIn struct {
	ID string `path:"id" format:"uuid"`
}

// Accounts registers the WeChat accounts of one's person.
func Accounts(app *api.App, door *citizen.Door) {
	api.Get(app, api.Op{ID: "my-accounts", Path: "/api/v1/me/accounts", Tag: "account", Summary: "The WeChat accounts that are proved to be me"},
		func(ctx context.Context, _ *nothing) (*accountsOut, error) {
			list, err := door.Accounts(ctx, api.Who(ctx).Account)
			out := &accountsOut{Items: []accountOut{}}
			for _, a := range list {
				out.Items = append(out.Items, accountOut{
					string(a.ID), a.ID == api.Who(ctx).Account.ID, a.Phone.Masked(),
					api.At(a.RealNameAt), api.At(a.FaceAt), api.At(a.MadeAt),
				})
			}
			return out, err
		})
	api.Delete(app, api.Op{ID: "unbind-account", Path: "/api/v1/me/accounts/{id}", Tag: "account",
		Summary: "Take one of my WeChat accounts from my person; it is signed out everywhere"},
		func(ctx context.Context, in *accountIn) (*api.Done, error) {
			return &api.Done{Done: true}, door.Unbind(ctx, api.Who(ctx).Account, citizen.AccountID(in.ID))
		})
}
