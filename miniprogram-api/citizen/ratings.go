package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/rating"
)

type ratingIn struct {
	CaseActIn
	Body struct {
		Grade   int      `json:"grade" minimum:"1" maximum:"5" doc:"5 very satisfied to 1 very dissatisfied"`
		Reasons []string `json:"reasons,omitempty" maxItems:"11" enum:"quick,friendly,clear,few_visits,slow,rude,unclear,many_visits,extra_papers,extra_charges,bad_delivery"`
		Text    string   `json:"text,omitempty" maxLength:"500"`
	}
}

type ratingOut struct {
	Case  string `json:"case" format:"uuid"`
	Grade int    `json:"grade"`
	At    string `json:"at"`
}

// Ratings registers what a person says about a decided case.
func Ratings(app *api.App, box *rating.Box) {
	api.Post(app, api.Op{ID: "rate-case", Path: "/api/v1/cases/{id}/rating", Tag: "cases", Summary: "Rate how my case was handled, once it is decided"},
		func(ctx context.Context, in *ratingIn) (*ratingOut, error) {
			r := rating.Rating{Case: in.ID, Person: api.Person(ctx), Grade: rating.Grade(in.Body.Grade), Text: in.Body.Text}
			for _, reason := range in.Body.Reasons {
				r.Reasons = append(r.Reasons, rating.Reason(reason))
			}
			r, err := box.Rate(ctx, r)
			return &ratingOut{r.Case, int(r.Grade), api.At(r.At)}, err
		})
}
