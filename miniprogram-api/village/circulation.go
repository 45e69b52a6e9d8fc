package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circulation"
	"github.com/yimen-gov/yimen/pkg/place"
)

type takeInIn struct {
	CaseActIn
	Body struct {
		Material string `json:"material" maxLength:"32" doc:"code of the material"`
		Label    string `json:"label" minLength:"2" maxLength:"60" doc:"what it is, such as 房产证原件1本"`
	}
}

type OriginalIn struct {
	ID string `path:"id" format:"uuid"`
}

type giveBackIn struct {
	api.Write
	OriginalIn
	Body struct {
		Proof string `json:"proof" pattern:"^[0-9]{5}[0-9Xx]$" patternDescription:"身份证号码后6位" doc:"last six digits of the person's identity number"`
	}
}

type makeBagIn struct {
	api.Write
	Body struct {
		To string `json:"to" maxLength:"40" doc:"code of the office that it goes to"`
	}
}

type BagIn struct {
	ID string `path:"id" format:"uuid"`
}

type BagActIn struct {
	api.Write
	BagIn
}

type bagListIn struct {
	BagActIn
	Body struct {
		Originals []string `json:"originals" minItems:"1" maxItems:"200" doc:"ids"`
	}
}

type sealIn struct {
	BagActIn
	Body struct {
		Seal string `json:"seal" pattern:"^[A-Za-z0-9-]{4,32}$" patternDescription:"4至32位字母、数字或横线" doc:"number of the seal, never used before"`
	}
}

type carryIn struct {
	BagActIn
	Body struct {
		Carrier string `json:"carrier" minLength:"2" maxLength:"40" doc:"who carries it"`
	}
}

type receiveBagIn struct {
	BagActIn
	Body struct {
		Seal      string   `json:"seal" maxLength:"32" doc:"number that was seen on the bag"`
		Originals []string `json:"originals" maxItems:"200" doc:"ids of all that was in it"`
	}
}

type settleIn struct {
	BagActIn
	Body struct {
		Lost []string `json:"lost" maxItems:"200" doc:"of the missing ones; the others have turned up"`
		Note string   `json:"note" minLength:"5" maxLength:"200"`
	}
}

type claimOriginalIn struct {
	BagActIn
	Body struct {
		Original string `json:"original" format:"uuid"`
	}
}

type bagsIn struct {
	api.Page
	State string `query:"state" enum:"packing,sealed,on_the_way,received,disputed,settled,dropped"`
}

// Circulation registers paper originals and the bags between offices.
func Circulation(app *api.App, room *circulation.Room) {
	api.Post(app, api.Op{ID: "take-in-original", Path: "/api/v1/village/cases/{id}/paper", Tag: "circulation", Summary: "Take in a paper original"},
		func(ctx context.Context, in *takeInIn) (*citizen.OriginalOut, error) {
			return originalOr(room.TakeIn(ctx, me(ctx), in.ID, catalog.MaterialCode(in.Body.Material), in.Body.Label))
		})
	api.Post(app, api.Op{ID: "give-back-original", Path: "/api/v1/village/originals/{id}/give-back", Tag: "circulation", Summary: "Give an original back to its person",
		About: "A wrong proof stands in the history of the case."},
		func(ctx context.Context, in *giveBackIn) (*citizen.OriginalOut, error) {
			return originalOr(room.GiveBack(ctx, me(ctx), in.ID, in.Body.Proof))
		})
	api.Get(app, api.Op{ID: "office-originals", Path: "/api/v1/village/originals", Tag: "circulation", Summary: "Originals that lie at my office"},
		func(ctx context.Context, in *lateIn) (*api.List[citizen.OriginalOut], error) {
			list, err := room.Here(ctx, me(ctx), in.Cursor, in.Most())
			return api.Paged(in.Page, list, citizen.OriginalFrom, func(o circulation.Original) string { return o.ID }), err
		})
	api.Get(app, api.Op{ID: "trace-original", Path: "/api/v1/village/originals/{id}", Tag: "circulation", Summary: "Where an original is, who had it, since when",
		About: "For the offices through whose hands it has gone."},
		func(ctx context.Context, in *OriginalIn) (*tracedOut, error) {
			t, err := room.Trace(ctx, me(ctx), in.ID)
			return tracedFrom(t), err
		})
	bags(app, room)
}

func bags(app *api.App, room *circulation.Room) {
	api.Post(app, api.Op{ID: "make-bag", Path: "/api/v1/village/bags", Tag: "circulation", Summary: "Begin a bag to another office"},
		func(ctx context.Context, in *makeBagIn) (*bagOut, error) {
			return bagOr(room.Make(ctx, me(ctx), place.OfficeCode(in.Body.To)))
		})
	api.Post(app, api.Op{ID: "pack-bag", Path: "/api/v1/village/bags/{id}/pack", Tag: "circulation", Summary: "Put originals into a bag"},
		func(ctx context.Context, in *bagListIn) (*bagOut, error) {
			return bagOr(room.Pack(ctx, me(ctx), in.ID, in.Body.Originals))
		})
	api.Post(app, api.Op{ID: "unpack-bag", Path: "/api/v1/village/bags/{id}/unpack", Tag: "circulation", Summary: "Take originals out of an open bag"},
		func(ctx context.Context, in *bagListIn) (*bagOut, error) {
			return bagOr(room.Unpack(ctx, me(ctx), in.ID, in.Body.Originals))
		})
	api.Post(app, api.Op{ID: "seal-bag", Path: "/api/v1/village/bags/{id}/seal", Tag: "circulation", Summary: "Close a bag with a numbered seal"},
		func(ctx context.Context, in *sealIn) (*bagOut, error) {
			return bagOr(room.Seal(ctx, me(ctx), in.ID, in.Body.Seal))
		})
	api.Post(app, api.Op{ID: "open-bag", Path: "/api/v1/village/bags/{id}/open", Tag: "circulation", Summary: "Break the seal before the bag has left"},
		func(ctx context.Context, in *BagActIn) (*bagOut, error) { return bagOr(room.Open(ctx, me(ctx), in.ID)) })
	api.Post(app, api.Op{ID: "drop-bag", Path: "/api/v1/village/bags/{id}/drop", Tag: "circulation", Summary: "Give up an empty bag"},
		func(ctx context.Context, in *BagActIn) (*bagOut, error) { return bagOr(room.Drop(ctx, me(ctx), in.ID)) })
	api.Post(app, api.Op{ID: "hand-over-bag", Path: "/api/v1/village/bags/{id}/hand-over", Tag: "circulation", Summary: "Give a sealed bag to who carries it"},
		func(ctx context.Context, in *carryIn) (*bagOut, error) {
			return bagOr(room.HandOver(ctx, me(ctx), in.ID, in.Body.Carrier))
		})
	api.Post(app, api.Op{ID: "receive-bag", Path: "/api/v1/village/bags/{id}/receive", Tag: "circulation", Summary: "Open a bag and compare it with its list",
		About: "A difference makes it disputed until the manager has settled it."},
		func(ctx context.Context, in *receiveBagIn) (*arrivalOut, error) {
			b, d, err := room.Receive(ctx, me(ctx), in.ID, circulation.Arrival{Seal: in.Body.Seal, Found: in.Body.Originals})
			return &arrivalOut{bagFrom(b), d.BrokenSeal, some(d.Missing), some(d.Extra)}, err
		})
	api.Post(app, api.Op{ID: "claim-original", Path: "/api/v1/village/bags/{id}/claim", Tag: "circulation", Summary: "Take in an original that came without being listed"},
		func(ctx context.Context, in *claimOriginalIn) (*citizen.OriginalOut, error) {
			return originalOr(room.Claim(ctx, me(ctx), in.ID, in.Body.Original))
		})
	api.Post(app, api.Op{ID: "settle-bag", Path: "/api/v1/village/bags/{id}/settle", Tag: "circulation", Summary: "End a bag's differences"},
		func(ctx context.Context, in *settleIn) (*bagOut, error) {
			return bagOr(room.Settle(ctx, me(ctx), in.ID, circulation.Settlement{Lost: in.Body.Lost, Note: in.Body.Note}))
		})
	bagLists(app, room)
}

func bagLists(app *api.App, room *circulation.Room) {
	api.Get(app, api.Op{ID: "bags", Path: "/api/v1/village/bags", Tag: "circulation", Summary: "Bags from or to my office, newest first"},
		func(ctx context.Context, in *bagsIn) (*api.List[bagOut], error) {
			list, err := room.Bags(ctx, me(ctx), circulation.State(in.State), in.Cursor, in.Most())
			return api.Paged(in.Page, list, bagFrom, func(b circulation.Bag) string { return b.ID }), err
		})
	api.Get(app, api.Op{ID: "late-bags", Path: "/api/v1/village/late-bags", Tag: "circulation", Summary: "Bags that are late: my office's, or the city's for who watches over it"},
		func(ctx context.Context, _ *lateBagsIn) (*api.List[bagOut], error) {
			list, err := room.Late(ctx, me(ctx), 100)
			out := &api.List[bagOut]{Items: []bagOut{}}
			for _, b := range list {
				out.Items = append(out.Items, bagFrom(b))
			}
			return out, err
		})
	api.Get(app, api.Op{ID: "bag", Path: "/api/v1/village/bags/{id}", Tag: "circulation", Summary: "A bag with its list and its history"},
		func(ctx context.Context, in *BagIn) (*lookedOut, error) {
			l, err := room.Look(ctx, me(ctx), in.ID)
			return lookedFrom(l), err
		})
}
