package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/exchange"
)

// ReuseOut is what a case takes, or could take, from shared bases.
type ReuseOut struct {
	Items []BaseOut `json:"items"`
}

// BaseOut is where one base stands in a case.
type BaseOut struct {
	Source    string   `json:"source"`
	Holder    string   `json:"holder" doc:"department that keeps it"`
	Basis     string   `json:"basis" doc:"the law by which it is asked"`
	Consent   bool     `json:"consent" doc:"asked only with a separate consent"`
	Materials []string `json:"materials" doc:"that it may vouch for"`
	Fields    []string `json:"fields" doc:"of the form, that it may fill"`
	State     string   `json:"state" enum:"not_asked,needs_consent,taken,none,down,objected"`
	StateText string   `json:"state_text"`
	ConsentAt string   `json:"consent_at,omitempty"`
	AskedAt   string   `json:"asked_at,omitempty"`
	Taken     []UseOut `json:"taken" doc:"what was taken, and what became of it"`
}

// UseOut is one line of the ledger of uses.
type UseOut struct {
	ID        string `json:"id" format:"uuid"`
	Case      string `json:"case" format:"uuid"`
	Item      string `json:"item"`
	Source    string `json:"source"`
	Material  string `json:"material,omitempty"`
	Field     string `json:"field,omitempty"`
	Value     string `json:"value,omitempty" doc:"what the base told; left out for staff"`
	Basis     string `json:"basis"`
	ConsentAt string `json:"consent_at,omitempty"`
	At        string `json:"at"`
	State     string `json:"state" enum:"in_use,objected,revoked"`
	EndedAt   string `json:"ended_at,omitempty"`
	Why       string `json:"why,omitempty" enum:"wrong,unwilling" doc:"the person's reason for objecting"`
}

var baseWords = map[exchange.State]string{
	"": "尚未查询", exchange.NeedsConsent: "经您同意后查询", exchange.Taken: "已获取，不需要提交", exchange.None: "没有查到记录，请自行提交",
	exchange.Down: "暂时没有应答，请先自行提交；恢复后可再次查询", exchange.Objected: "您已不同意使用，请自行提交",
}

// ReuseFrom encodes it; values only for whose they are.
func ReuseFrom(r casework.Reuse, whole bool) *ReuseOut {
	out := &ReuseOut{Items: []BaseOut{}}
	for _, w := range r.Wants {
		s := r.Standings[w.Source.Name]
		b := BaseOut{
			Source: w.Source.Name, Basis: w.Source.Basis, Consent: w.Source.Consent, Materials: []string{}, Fields: []string{}, Taken: []UseOut{},
			State: string(s.State), StateText: baseWords[s.State], ConsentAt: api.At(s.ConsentAt), AskedAt: api.At(s.AskedAt),
		}
		if b.State == "" {
			b.State = "not_asked"
		}
		if w.Source.Department != nil {
			b.Holder = w.Source.Department.Name
		}
		for _, m := range w.Materials {
			b.Materials = append(b.Materials, string(m.Code))
		}
		for _, f := range w.Fields {
			b.Fields = append(b.Fields, f.Name)
		}
		for _, u := range r.Uses {
			if u.Source == w.Source.Name {
				b.Taken = append(b.Taken, UseFrom(u, whole))
			}
		}
		out.Items = append(out.Items, b)
	}
	return out
}

// UseFrom encodes a line of the ledger.
func UseFrom(u exchange.Use, whole bool) UseOut {
	out := UseOut{
		ID: u.ID, Case: u.Case, Item: string(u.Item), Source: u.Source, Material: string(u.Material), Field: u.Field, Basis: u.Basis,
		ConsentAt: api.At(u.ConsentAt), At: api.At(u.At), State: string(u.State), EndedAt: api.At(u.EndedAt), Why: u.Why,
	}
	if whole {
		out.Value = u.Value
	}
	return out
}

// AskBasesBody is what is consented to.
type AskBasesBody struct {
	Consent []string `json:"consent,omitempty" maxItems:"40" doc:"bases that need a separate consent, and have it now"`
}

type askBasesIn struct {
	CaseActIn
	Body AskBasesBody
}

type objectIn struct {
	CaseActIn
	Body struct {
		Source string `json:"source" minLength:"1" maxLength:"60"`
		Why    string `json:"why" enum:"wrong,unwilling" doc:"wrong: what it told is not right; unwilling: I bring it myself"`
	}
}

// Reuse registers what need not be handed in.
func Reuse(app *api.App, counter *casework.Counter) {
	mine := func(ctx context.Context, id string) (*ReuseOut, error) {
		r, err := counter.ReuseOf(ctx, api.Person(ctx), casework.ID(id))
		return ReuseFrom(r, true), err
	}
	api.Get(app, api.Op{ID: "my-reuse", Path: "/api/v1/cases/{id}/reuse", Tag: "cases", Summary: "What my case takes from which shared base, and what it could take"},
		func(ctx context.Context, in *CaseIn) (*ReuseOut, error) { return mine(ctx, in.ID) })
	api.Post(app, api.Op{ID: "ask-bases", Path: "/api/v1/cases/{id}/reuse", Tag: "cases", Summary: "Ask the shared bases (again) for what is missing, with my consent where it is needed"},
		func(ctx context.Context, in *askBasesIn) (*CaseOut, error) {
			return caseOr(counter.Ask(ctx, api.Person(ctx), casework.ID(in.ID), in.Body.Consent))
		})
	api.Post(app, api.Op{ID: "object-reuse", Path: "/api/v1/cases/{id}/reuse/objections", Tag: "cases", Summary: "Object to what a base told: I write and bring it myself"},
		func(ctx context.Context, in *objectIn) (*CaseOut, error) {
			return caseOr(counter.Object(ctx, api.Person(ctx), casework.ID(in.ID), in.Body.Source, in.Body.Why))
		})
	api.Get(app, api.Op{ID: "my-reuses", Path: "/api/v1/me/reuses", Tag: "rights", Summary: "What was taken about me from which shared base, what for and by which law, newest first"},
		func(ctx context.Context, in *casesIn) (*api.List[UseOut], error) {
			list, err := counter.Exchange.Store.UsesBy(ctx, api.Person(ctx), in.Cursor, in.Most())
			return api.Paged(in.Page, list, func(u exchange.Use) UseOut { return UseFrom(u, true) }, func(u exchange.Use) string { return u.ID }), err
		})
}
