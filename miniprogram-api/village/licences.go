package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type revokeIn struct {
	api.Write
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason" minLength:"2" maxLength:"200" doc:"shown to the holder"`
	}
}

type issueIn struct {
	CaseActIn
	Body *struct {
		ValidUntil string `json:"valid_until,omitempty" format:"date" doc:"the last day; absent = without end"`
	}
}

// until is the last day asked for; a text that is no day was refused before.
func (in *issueIn) until() workday.Date {
	if in.Body == nil {
		return workday.Date{}
	}
	day, _ := workday.ParseDate(in.Body.ValidUntil)
	return day
}

// Licences registers the issuing and revoking of licences.
func Licences(app *api.App, registry *licence.Registry) {
	api.Post(app, api.Op{ID: "issue-licence", Path: "/api/v1/village/cases/{id}/licence", Tag: "staff", Summary: "Issue the licence of a granted case"},
		func(ctx context.Context, in *issueIn) (*citizen.LicenceOut, error) {
			l, err := registry.Issue(ctx, *api.Who(ctx).Member, in.ID, in.until())
			out := citizen.LicenceFrom(l)
			return &out, err
		})
	api.Post(app, api.Op{ID: "replace-licence", Path: "/api/v1/village/licences/{id}/replace", Tag: "staff", Summary: "Issue a licence anew: lost, damaged, or changed",
		About: "The old one's code tells from then on that it was replaced."},
		func(ctx context.Context, in *revokeIn) (*citizen.LicenceOut, error) {
			l, err := registry.Replace(ctx, *api.Who(ctx).Member, in.ID, in.Body.Reason)
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
