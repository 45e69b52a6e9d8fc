package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/licence"
)

type revokeIn struct {
	api.Write
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason" minLength:"2" maxLength:"200" doc:"shown to the holder"`
	}
}

// Licences registers the issuing and revoking of licences.
func Licences(app *api.App, registry *licence.Registry) {
	api.Post(app, api.Op{ID: "issue-licence", Path: "/api/v1/village/cases/{id}/licence", Tag: "staff", Summary: "Issue the licence of a granted case"},
		func(ctx context.Context, in *CaseActIn) (*citizen.LicenceOut, error) {
			l, err := registry.Issue(ctx, *api.Who(ctx).Member, in.ID)
			out := citizen.LicenceFrom(l)
			return &out, err
		})
	api.Post(app, api.Op{ID: "revoke-licence", Path: "/api/v1/village/licences/{id}/revoke", Tag: "staff", Summary: "Revoke a licence"},
		func(ctx context.Context, in *revokeIn) (*citizen.LicenceOut, error) {
			l, err := registry.Revoke(ctx, *api.Who(ctx).Member, in.ID, in.Body.Reason)
			out := citizen.LicenceFrom(l)
			return &out, err
		})
}
