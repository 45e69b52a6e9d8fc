package citizen

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/rating"
)

// RatingBody is what a person says.
type RatingBody struct {
	Grade   int      `json:"grade" minimum:"1" maximum:"5" doc:"5 very satisfied to 1 very dissatisfied"`
	Reasons []string `json:"reasons,omitempty" maxItems:"11" enum:"quick,friendly,clear,few_visits,slow,rude,unclear,many_visits,extra_papers,extra_charges,bad_delivery"`
	Text    string   `json:"text,omitempty" maxLength:"500"`
}

type ratingIn struct {
	CaseActIn
	Body RatingBody
}

// RatingOut is a rating as its person and the office see it.
type RatingOut struct {
	Kind      string   `json:"kind" enum:"case,visit"`
	Subject   string   `json:"subject" format:"uuid" doc:"id of the case or of the appointment"`
	Office    string   `json:"office"`
	Item      string   `json:"item"`
	Grade     int      `json:"grade"`
	Reasons   []string `json:"reasons"`
	Text      string   `json:"text,omitempty"`
	At        string   `json:"at"`
	DueOn     string   `json:"due_on,omitempty" doc:"last day for the office's reply, of a bad one"`
	Reply     string   `json:"reply,omitempty"`
	RepliedAt string   `json:"replied_at,omitempty"`
}

// RatingFrom encodes a rating.
func RatingFrom(r rating.Rating) RatingOut {
	out := RatingOut{
		Kind: string(r.Kind), Subject: r.Subject, Office: string(r.Office), Item: string(r.Item), Grade: int(r.Grade), Reasons: []string{},
		Text: r.Text, At: api.At(r.At), DueOn: api.On(r.DueOn), Reply: r.Reply, RepliedAt: api.At(r.RepliedAt),
	}
	for _, reason := range r.Reasons {
		out.Reasons = append(out.Reasons, string(reason))
	}
	return out
}

// RatingsPage asks for ratings; the cursor is a time.
type RatingsPage struct {
	Before string `query:"before" format:"date-time" doc:"at of the last one of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// Until is the time before which ratings are listed.
func (p RatingsPage) Until() time.Time {
	at, err := time.Parse(time.RFC3339, p.Before)
	if err != nil {
		return time.UnixMilli(1 << 50)
	}
	return at
}

// RatingsOut is a list of ratings.
type RatingsOut struct {
	Items []RatingOut `json:"items"`
}

// RatingsFrom encodes a list.
func RatingsFrom(list []rating.Rating) *RatingsOut {
	out := &RatingsOut{Items: []RatingOut{}}
	for _, r := range list {
		out.Items = append(out.Items, RatingFrom(r))
	}
	return out
}

type myRatingsIn struct{ RatingsPage }

// Ratings registers what a person says about a decided case or a visit.
func Ratings(app *api.App, box *rating.Box) {
	api.Post(app, api.Op{ID: "rate-case", Path: "/api/v1/cases/{id}/rating", Tag: "cases", Summary: "Rate how my case was handled, once it is decided"},
		func(ctx context.Context, in *ratingIn) (*RatingOut, error) { return rate(ctx, box, rating.OfCase, in) })
	api.Post(app, api.Op{ID: "rate-visit", Path: "/api/v1/appointments/{id}/rating", Tag: "appointments", Summary: "Rate my visit at the window"},
		func(ctx context.Context, in *ratingIn) (*RatingOut, error) { return rate(ctx, box, rating.OfVisit, in) })
	api.Get(app, api.Op{ID: "my-ratings", Path: "/api/v1/ratings", Tag: "cases", Summary: "My ratings with the replies, newest first"},
		func(ctx context.Context, in *myRatingsIn) (*RatingsOut, error) {
			list, err := box.Mine(ctx, api.Person(ctx), in.Until(), in.Limit)
			return RatingsFrom(list), err
		})
}

func rate(ctx context.Context, box *rating.Box, kind rating.Kind, in *ratingIn) (*RatingOut, error) {
	r := rating.Rating{Kind: kind, Subject: in.ID, Person: api.Person(ctx), Grade: rating.Grade(in.Body.Grade), Text: in.Body.Text}
	for _, reason := range in.Body.Reasons {
		r.Reasons = append(r.Reasons, rating.Reason(reason))
	}
	r, err := box.Rate(ctx, r)
	out := RatingFrom(r)
	return &out, err
}
