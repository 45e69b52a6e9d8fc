package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/rating"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type ratingsIn struct {
	citizen.RatingsPage
	Waiting bool `query:"waiting" doc:"only bad ones that nobody has replied to"`
}

type replyIn struct {
	api.Write
	ID   string `path:"id" format:"uuid" doc:"subject of the rating"`
	Body struct {
		Text string `json:"text" minLength:"5" maxLength:"500" doc:"what was found and done; the person reads it"`
	}
}

type figuresIn struct {
	From string `query:"from" format:"date" required:"true"`
	To   string `query:"to" format:"date" required:"true" doc:"the last day"`
}

type figureOut struct {
	Of      string `json:"of,omitempty" doc:"code of the office or item"`
	Count   int    `json:"count"`
	Grades  []int  `json:"grades" doc:"how many gave 1, 2, 3, 4, 5"`
	Mean    int    `json:"mean" doc:"in hundredths"`
	Bad     int    `json:"bad"`
	Replied int    `json:"replied" doc:"of the bad ones"`
	Overdue int    `json:"overdue" doc:"of the bad ones, not answered in time"`
}

type figuresOut struct {
	All      figureOut   `json:"all"`
	ByOffice []figureOut `json:"by_office" doc:"the worst first"`
	ByItem   []figureOut `json:"by_item" doc:"the worst first"`
}

// Ratings registers what managers do about what people say.
func Ratings(app *api.App, box *rating.Box) {
	api.Get(app, api.Op{ID: "office-ratings", Path: "/api/v1/village/ratings", Tag: "staff", Summary: "The ratings of my office, newest first; of the city for who watches over it"},
		func(ctx context.Context, in *ratingsIn) (*citizen.RatingsOut, error) {
			list, err := box.At(ctx, *api.Who(ctx).Member, in.Waiting, in.Until(), in.Limit)
			return citizen.RatingsFrom(list), err
		})
	api.Post(app, api.Op{ID: "reply-rating", Path: "/api/v1/village/ratings/{id}/reply", Tag: "staff", Summary: "Reply to a rating of my office, once"},
		func(ctx context.Context, in *replyIn) (*citizen.RatingOut, error) {
			r, err := box.Reply(ctx, *api.Who(ctx).Member, in.ID, in.Body.Text)
			out := citizen.RatingFrom(r)
			return &out, err
		})
	api.Get(app, api.Op{ID: "rating-figures", Path: "/api/v1/village/rating-figures", Tag: "staff", Summary: "Figures of the ratings by office and item"},
		func(ctx context.Context, in *figuresIn) (*figuresOut, error) {
			from, _ := workday.ParseDate(in.From) // huma has checked the form
			til, _ := workday.ParseDate(in.To)
			f, err := box.Figures(ctx, *api.Who(ctx).Member, from, til)
			return &figuresOut{figureFrom(f.All), figuresFrom(f.ByOffice), figuresFrom(f.ByItem)}, err
		})
}

func figureFrom(f rating.Figure) figureOut {
	return figureOut{f.Of, f.Count, f.Grades[:], f.Mean, f.Bad, f.Replied, f.Overdue}
}

func figuresFrom(list []rating.Figure) []figureOut {
	out := make([]figureOut, len(list))
	for i, f := range list {
		out[i] = figureFrom(f)
	}
	return out
}
