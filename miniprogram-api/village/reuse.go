package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/exchange"
)

type askAtWindowIn struct {
	CaseActIn
	Body citizen.AskBasesBody
}

// Reuse registers what shared bases told for cases, and what they took back.
func Reuse(app *api.App, counter *casework.Counter) {
	d := desk{counter}
	api.Get(app, api.Op{ID: "case-reuse", Path: "/api/v1/village/cases/{id}/reuse", Tag: "staff", Summary: "What a case takes from which shared base"},
		func(ctx context.Context, in *CaseIn) (*citizen.ReuseOut, error) {
			r, err := counter.ReuseSeen(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			return citizen.ReuseFrom(r, false), err
		})
	api.Post(app, api.Op{ID: "ask-at-window", Path: "/api/v1/village/cases/{id}/reuse", Tag: "staff",
		Summary: "Ask the shared bases for the person at the window, who consents there"},
		func(ctx context.Context, in *askAtWindowIn) (*staffCaseOut, error) {
			cs, err := counter.AskAtWindow(ctx, *api.Who(ctx).Member, casework.ID(in.ID), in.Body.Consent)
			return d.caseOr(ctx, cs, err)
		})
	api.Get(app, api.Op{ID: "reuse-flags", Path: "/api/v1/village/reuse-flags", Tag: "staff", Summary: "What my cases rest on and a base took back, newest first"},
		func(ctx context.Context, in *worklistIn) (*api.List[citizen.UseOut], error) {
			list, err := counter.Flags(ctx, *api.Who(ctx).Member, in.Cursor, in.Most())
			return api.Paged(in.Page, list, func(u exchange.Use) citizen.UseOut { return citizen.UseFrom(u, false) },
				func(u exchange.Use) string { return u.ID }), err
		})
}
