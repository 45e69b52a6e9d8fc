package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/credit"
	"github.com/yimen-gov/yimen/pkg/stage"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type repairIn struct {
	api.Write
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"200"`
	}
}

type offerFigureOut struct {
	After     string `json:"after"`
	Item      string `json:"item"`
	Offered   int    `json:"offered"`
	Taken     int    `json:"taken"`
	Dismissed int    `json:"dismissed"`
	Cases     int    `json:"cases" doc:"applications for the item that followed"`
}

type offerFiguresOut struct {
	Items []offerFigureOut `json:"items"`
}

// Credit registers the repair of records of one's office.
func Credit(app *api.App, bureau *credit.Bureau) {
	api.Post(app, api.Op{ID: "repair-credit", Path: "/api/v1/village/credit-records/{id}/repair", Tag: "staff", Summary: "Find a broken commitment repaired"},
		func(ctx context.Context, in *repairIn) (*citizen.CreditRecordOut, error) {
			r, err := bureau.Repair(ctx, *api.Who(ctx).Member, in.ID, in.Body.Reason)
			out := citizen.CreditRecordFrom(r)
			return &out, err
		})
}

// OfferFigures registers what became of offers.
func OfferFigures(app *api.App, store stage.Store) {
	api.Get(app, api.Op{ID: "offer-figures", Path: "/api/v1/village/offer-figures", Tag: "staff", Summary: "What became of what was offered, by push"},
		func(ctx context.Context, in *figuresIn) (*offerFiguresOut, error) {
			from, _ := workday.ParseDate(in.From) // huma has checked the form
			til, _ := workday.ParseDate(in.To)
			list, err := store.OfferFigures(ctx, from.Time(), til.AddDays(1).Time())
			out := &offerFiguresOut{Items: []offerFigureOut{}}
			for _, f := range list {
				out.Items = append(out.Items, offerFigureOut{string(f.After), string(f.Item), f.Offered, f.Taken, f.Dismissed, f.Cases})
			}
			return out, err
		})
}
