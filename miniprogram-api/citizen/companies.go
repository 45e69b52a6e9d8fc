package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/place"
)

type companiesIn struct {
	CaseIn
	Division string `query:"division" required:"true" maxLength:"12" doc:"code of the district, town or village"`
}

type companyOut struct {
	Company string `json:"company"`
	FeeFen  int64  `json:"fee_fen" doc:"that the person would pay, in fen; 0 = free"`
	Tracked bool   `json:"tracked" doc:"its own waybill is tracked through its interface; the receipt is confirmed here"`
}

type companiesOut struct {
	Items []companyOut `json:"items" doc:"the cheapest first"`
}

type confirmIn struct {
	api.Write
	CaseIn
	Body struct {
		Received bool `json:"received" doc:"false: the office looks into it"`
	}
}

// Companies registers the choice of a company, and the word that the person
// gives for what a company or a locker cannot prove.
func Companies(app *api.App, desk *delivery.Desk) {
	api.Get(app, api.Op{ID: "delivery-companies", Path: "/api/v1/cases/{id}/delivery/companies", Tag: "delivery", Summary: "Which companies go there, and what each costs"},
		func(ctx context.Context, in *companiesIn) (*companiesOut, error) {
			list, err := desk.Offers(ctx, api.Person(ctx), in.ID, place.DivisionCode(in.Division))
			out := &companiesOut{Items: []companyOut{}}
			for _, o := range list {
				out.Items = append(out.Items, companyOut{o.Company, o.Owed, o.Via.Remote()})
			}
			return out, err
		})
	api.Post(app, api.Op{ID: "confirm-delivery", Path: "/api/v1/cases/{id}/waybill/confirm", Tag: "delivery", Summary: "Received, or not",
		About: "Where the company says that it was delivered, or the parcel lies in a locker. The person's own word is the proof."},
		func(ctx context.Context, in *confirmIn) (*trackingOut, error) {
			t, err := desk.Confirm(ctx, api.Person(ctx), in.ID, in.Body.Received)
			return trackingFrom(t), err
		})
}
