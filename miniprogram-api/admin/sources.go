package admin

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/exchange"
)

type baseOut struct {
	Source    string   `json:"source"`
	Holder    string   `json:"holder"`
	Basis     string   `json:"basis"`
	Consent   bool     `json:"consent"`
	KeepHours int      `json:"keep_hours" doc:"how long an answer holds at most"`
	Materials []string `json:"materials"`
	Columns   []string `json:"columns"`
}

type basesOut struct {
	Items []baseOut `json:"items"`
}

type revokeBaseIn struct {
	api.Write
	Body struct {
		Source string `json:"source" minLength:"1" maxLength:"60"`
		Ref    string `json:"ref,omitempty" maxLength:"100" doc:"one record of the base, by its own name for it; absent: all that it told"`
		Since  string `json:"since,omitempty" format:"date-time" doc:"only what was taken from then on"`
		Reason string `json:"reason" minLength:"5" maxLength:"200"`
	}
}

type revocationOut struct {
	ID     string `json:"id" format:"uuid"`
	Source string `json:"source"`
	Ref    string `json:"ref,omitempty"`
	Since  string `json:"since,omitempty"`
	At     string `json:"at"`
	By     string `json:"by,omitempty" doc:"the post; absent: the base itself"`
	Reason string `json:"reason"`
	Uses   int    `json:"uses" doc:"how many uses ended by it"`
}

type revocationsIn struct{ api.Page }

type noInput struct{}

func revocationFrom(r exchange.Revocation) revocationOut {
	return revocationOut{r.ID, r.Source, r.Ref, api.At(r.Since), api.At(r.At), string(r.By), r.Reason, r.Uses}
}

// Sources registers the bases, and that they do not stand by what they told.
func Sources(app *api.App, desk *exchange.Desk, shelf city.Shelf) {
	api.Get(app, api.Op{ID: "shared-bases", Path: "/api/v1/admin/bases", Tag: "admin", Summary: "The shared bases that are asked, for what and by which law"},
		func(ctx context.Context, _ *noInput) (*basesOut, error) {
			e, err := shelf.Current(ctx)
			if err != nil {
				return nil, err
			}
			return basesFrom(e), nil
		})
	api.Post(app, api.Op{ID: "revoke-base", Path: "/api/v1/admin/revocations", Tag: "admin",
		Summary: "Say that a base, or one record of it, does not stand: the cases that rest on it are flagged"},
		func(ctx context.Context, in *revokeBaseIn) (*revocationOut, error) {
			e, err := shelf.Current(ctx)
			if err != nil {
				return nil, err
			}
			since, _ := time.Parse(time.RFC3339, in.Body.Since) // huma has checked the form
			r, err := desk.Revoke(ctx, e.Catalogue, api.Who(ctx).Member.ID, exchange.Revocation{
				Source: in.Body.Source, Ref: in.Body.Ref, Since: since, Reason: in.Body.Reason,
			})
			out := revocationFrom(r)
			return &out, err
		})
	api.Get(app, api.Op{ID: "revocations", Path: "/api/v1/admin/revocations", Tag: "admin", Summary: "What bases took back, newest first"},
		func(ctx context.Context, in *revocationsIn) (*api.List[revocationOut], error) {
			list, err := desk.Store.Revocations(ctx, in.Cursor, in.Most())
			return api.Paged(in.Page, list, revocationFrom, func(r exchange.Revocation) string { return r.ID }), err
		})
}

func basesFrom(e *city.Edition) *basesOut {
	out := &basesOut{Items: []baseOut{}}
	for _, s := range e.Catalogue.Sources() {
		b := baseOut{Source: s.Name, Basis: s.Basis, Consent: s.Consent, KeepHours: int(s.Keep / time.Hour), Materials: []string{}, Columns: append([]string{}, s.Columns...)}
		if s.Department != nil {
			b.Holder = s.Department.Name
		}
		for _, m := range s.Materials {
			b.Materials = append(b.Materials, string(m))
		}
		out.Items = append(out.Items, b)
	}
	return out
}
