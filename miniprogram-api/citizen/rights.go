package citizen

import (
	"context"
	"encoding/json"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/dossier"
)

type lookOut struct {
	ID      string `json:"id" format:"uuid"`
	Staff   string `json:"staff" doc:"the member of staff, by the id of the post"`
	Role    string `json:"role,omitempty"`
	Office  string `json:"office,omitempty"`
	What    string `json:"what" doc:"what was seen: person, case, file"`
	Purpose string `json:"purpose" doc:"why, as the member of staff wrote"`
	At      string `json:"at"`
}

func lookFrom(l citizen.Look) lookOut {
	return lookOut{l.ID, l.Staff, l.Role, l.Office, l.What, l.Purpose, api.At(l.At)}
}

type closeIn struct{ api.Write }

type keptOut struct {
	What   string `json:"what"`
	Count  int    `json:"count"`
	Reason string `json:"reason" doc:"the law that keeps it, sealed"`
	Until  string `json:"until" doc:"when it will be removed"`
}

type closedOut struct {
	ClosedAt string    `json:"closed_at"`
	Erased   []string  `json:"erased" doc:"what is gone now"`
	Kept     []keptOut `json:"kept" doc:"what stays, sealed, why and until when"`
}

// Rights registers what a person may ask about their own data.
func Rights(app *api.App, door *citizen.Door, keeper *dossier.Keeper) {
	api.Get(app, api.Op{ID: "my-data", Path: "/api/v1/me/data", Tag: "rights", Summary: "Everything held on me, as a JSON file"},
		func(ctx context.Context, _ *nothing) (*api.File, error) {
			d, err := keeper.Of(ctx, api.Who(ctx).Account)
			if err != nil {
				return nil, err
			}
			text, err := json.MarshalIndent(dossierFrom(d), "", "  ")
			return &api.File{Name: "yimen-my-data.json", Media: "application/json; charset=utf-8", Content: text}, err
		})
	api.Get(app, api.Op{ID: "my-looks", Path: "/api/v1/me/looks", Tag: "rights", Summary: "Which staff looked at my data and why, newest first"},
		func(ctx context.Context, in *casesIn) (*api.List[lookOut], error) {
			list, err := door.Looks(ctx, api.Who(ctx).Account, in.Cursor, in.Most())
			return api.Paged(in.Page, list, lookFrom, func(l citizen.Look) string { return l.ID }), err
		})
	api.Post(app, api.Op{ID: "close-account", Path: "/api/v1/me/close", Tag: "rights",
		Summary: "Close my account: sign out everywhere, forget WeChat and phone; says what the law keeps"},
		func(ctx context.Context, _ *closeIn) (*closedOut, error) {
			c, err := keeper.Close(ctx, api.Who(ctx).Account)
			out := &closedOut{ClosedAt: api.At(c.At), Erased: c.Erased, Kept: []keptOut{}}
			for _, k := range c.Kept {
				out.Kept = append(out.Kept, keptOut{k.What, k.Count, k.Reason, api.At(k.Until)})
			}
			return out, err
		})
}
