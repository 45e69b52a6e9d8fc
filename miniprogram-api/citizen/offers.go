package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/credit"
	"github.com/yimen-gov/yimen/pkg/stage"
)

type pushOut struct {
	ID        string `json:"id" format:"uuid"`
	Case      string `json:"case" format:"uuid" doc:"that was the event"`
	After     string `json:"after" doc:"its item"`
	Item      string `json:"item" doc:"that is offered"`
	Reason    string `json:"reason"`
	State     string `json:"state" enum:"offered,taken,dismissed"`
	OfferedAt string `json:"offered_at"`
}

func pushFrom(o stage.Offer) pushOut {
	return pushOut{o.ID, o.Cause, string(o.After), string(o.Item), o.Reason, string(o.State), api.At(o.OfferedAt)}
}

type pushesOut struct {
	Wants bool      `json:"wants" doc:"whether I have said that I want offers; until then there are none"`
	Items []pushOut `json:"items"`
}

type offerActIn struct {
	api.Write
	ID string `path:"id" format:"uuid"`
}

type wantIn struct {
	Body struct {
		Wants bool `json:"wants"`
	}
}

// Offers registers what is offered after events of a life.
func Offers(app *api.App, herald *stage.Herald) {
	mine := func(ctx context.Context) (*pushesOut, error) {
		list, wants, err := herald.Mine(ctx, api.Person(ctx))
		out := &pushesOut{Wants: wants, Items: []pushOut{}}
		for _, o := range list {
			out.Items = append(out.Items, pushFrom(o))
		}
		return out, err
	}
	settle := func(ctx context.Context, id string, s stage.State) (*pushOut, error) {
		o, err := herald.Settle(ctx, api.Person(ctx), id, s)
		out := pushFrom(o)
		return &out, err
	}
	api.Get(app, api.Op{ID: "my-offers", Path: "/api/v1/offers", Tag: "account", Summary: "What I may need after what has happened, with the reasons"},
		func(ctx context.Context, _ *nothing) (*pushesOut, error) { return mine(ctx) })
	api.Put(app, api.Op{ID: "want-offers", Path: "/api/v1/offers", Tag: "account", Summary: "Say whether I want offers"},
		func(ctx context.Context, in *wantIn) (*pushesOut, error) {
			if err := herald.Want(ctx, api.Person(ctx), in.Body.Wants); err != nil {
				return nil, err
			}
			return mine(ctx)
		})
	api.Post(app, api.Op{ID: "take-offer", Path: "/api/v1/offers/{id}/take", Tag: "account", Summary: "Take up an offer"},
		func(ctx context.Context, in *offerActIn) (*pushOut, error) { return settle(ctx, in.ID, stage.Taken) })
	api.Post(app, api.Op{ID: "dismiss-offer", Path: "/api/v1/offers/{id}/dismiss", Tag: "account", Summary: "Dismiss an offer"},
		func(ctx context.Context, in *offerActIn) (*pushOut, error) {
			return settle(ctx, in.ID, stage.Dismissed)
		})
}

// CreditRecordOut is a commitment that was not kept.
type CreditRecordOut struct {
	ID         string `json:"id" format:"uuid"`
	Case       string `json:"case" format:"uuid"`
	Office     string `json:"office" doc:"that may find it repaired"`
	At         string `json:"at"`
	RepairedAt string `json:"repaired_at,omitempty"`
	Reason     string `json:"reason,omitempty" doc:"why it counts as repaired"`
}

// CreditRecordFrom encodes a record.
func CreditRecordFrom(r credit.Record) CreditRecordOut {
	return CreditRecordOut{r.ID, string(r.Case), string(r.Office), api.At(r.At), api.At(r.RepairedAt), r.Reason}
}

type creditOut struct {
	Items []CreditRecordOut `json:"items"`
}

// Credit registers one's own record.
func Credit(app *api.App, bureau *credit.Bureau) {
	api.Get(app, api.Op{ID: "my-credit", Path: "/api/v1/credit", Tag: "account", Summary: "Commitments that I did not keep, and which are repaired"},
		func(ctx context.Context, _ *nothing) (*creditOut, error) {
			list, err := bureau.Mine(ctx, api.Person(ctx))
			out := &creditOut{Items: []CreditRecordOut{}}
			for _, r := range list {
				out.Items = append(out.Items, CreditRecordFrom(r))
			}
			return out, err
		})
}
