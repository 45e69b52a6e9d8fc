package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/exchange"
)

type differenceOut struct {
	ID      string `json:"id" format:"uuid"`
	Case    string `json:"case"`
	System  string `json:"system"`
	Ours    string `json:"ours" doc:"where the case stands here; empty: not known here"`
	Theirs  string `json:"theirs" doc:"where it stands there; empty: not known there"`
	FoundAt string `json:"found_at"`
}

// Lines registers what departments' own systems believe otherwise.
func Lines(app *api.App, counter *casework.Counter) {
	api.Get(app, api.Op{ID: "line-differences", Path: "/api/v1/village/line-differences", Tag: "staff",
		Summary: "Cases of mine of which a department's own system believes something else, as of the last daily reconciliation"},
		func(ctx context.Context, in *worklistIn) (*api.List[differenceOut], error) {
			list, err := counter.Differences(ctx, *api.Who(ctx).Member, in.Cursor, in.Most())
			return api.Paged(in.Page, list, func(d exchange.Difference) differenceOut {
				return differenceOut{d.ID, d.Case, d.System, d.Ours, d.Theirs, api.At(d.FoundAt)}
			}, func(d exchange.Difference) string { return d.ID }), err
		})
}
