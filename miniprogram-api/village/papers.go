package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/paper"
	"github.com/yimen-gov/yimen/pkg/scan"
)

type printPaperIn struct {
	CaseActIn
	Body citizen.PaperBody
}

// Papers registers the printing of papers at the window.
func Papers(app *api.App, press *paper.Press, counter *casework.Counter, links scan.Links) {
	api.Get(app, api.Op{ID: "case-papers", Path: "/api/v1/village/cases/{id}/papers", Tag: "staff", Summary: "The papers of a case that concerns me, and which can be printed"},
		func(ctx context.Context, in *CaseIn) (*citizen.PapersOut, error) {
			cs, err := counter.Seen(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			return citizen.PapersOfCase(ctx, press, links, cs, err)
		})
	api.Post(app, api.Op{ID: "print-paper", Path: "/api/v1/village/cases/{id}/papers", Tag: "staff", Summary: "Print a paper of a case that concerns me"},
		func(ctx context.Context, in *printPaperIn) (*citizen.PaperOut, error) {
			cs, err := counter.Seen(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			return citizen.Issued(ctx, press, links, in.Body.Kind, cs, err)
		})
}
