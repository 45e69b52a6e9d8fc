package citizen

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	domain "github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
)

type openIn struct {
	api.Write
	Body struct {
		Item        string `json:"item" maxLength:"32"`
		Office      string `json:"office" maxLength:"32" doc:"where it is to be accepted"`
		Appointment string `json:"appointment,omitempty" format:"uuid" doc:"the visit that this is for"`
		OnBehalfOf  string `json:"on_behalf_of,omitempty" format:"uuid" doc:"the person that I act for, from GET /api/v1/agencies or /api/v1/legal-persons"`
		Division    string `json:"division,omitempty" maxLength:"12" doc:"where the shop, house or land is that it is about; unless given, where the person lives"`
	}
}

type CaseIn struct {
	ID string `path:"id" format:"uuid"`
}

type CaseActIn struct {
	api.Write
	CaseIn
}

type fillIn struct {
	CaseIn
	Body struct {
		Form       map[string]string `json:"form,omitempty" maxProperties:"80" doc:"by field name; an empty value takes it back"`
		Conditions map[string]bool   `json:"conditions,omitempty" maxProperties:"40" doc:"by material: whether its condition applies"`
	}
}

type casesIn struct{ api.Page }

type myCasesIn struct {
	api.Page
	OnBehalfOf string `query:"on_behalf_of" format:"uuid" doc:"the cases that I act in for this person, instead of my own"`
}

// Cases registers a citizen's applications.
func Cases(app *api.App, counter *casework.Counter) {
	api.Post(app, api.Op{ID: "open-case", Path: "/api/v1/cases", Tag: "cases", Summary: "Open a draft; what is known is filled in"},
		func(ctx context.Context, in *openIn) (*CaseOut, error) {
			cs, err := counter.Open(ctx, api.Who(ctx).Account, casework.Opening{
				Item: catalog.ItemCode(in.Body.Item), Office: place.OfficeCode(in.Body.Office), Appointment: in.Body.Appointment,
				OnBehalf: domain.ID(in.Body.OnBehalfOf), Division: place.DivisionCode(in.Body.Division),
			})
			return caseOr(cs, err)
		})
	api.Get(app, api.Op{ID: "my-cases", Path: "/api/v1/cases", Tag: "cases", Summary: "My cases, newest first"},
		func(ctx context.Context, in *myCasesIn) (*api.List[CaseOut], error) {
			list, err := theirs(ctx, counter, in)
			return api.Paged(in.Page, list, BriefFrom, func(cs casework.Case) string { return string(cs.ID) }), err
		})
	api.Get(app, api.Op{ID: "my-case", Path: "/api/v1/cases/{id}", Tag: "cases", Summary: "One of my cases"},
		func(ctx context.Context, in *CaseIn) (*CaseOut, error) {
			return caseOr(counter.Own(ctx, api.Person(ctx), casework.ID(in.ID)))
		})
	api.Put(app, api.Op{ID: "fill-case", Path: "/api/v1/cases/{id}/form", Tag: "cases", Summary: "Fill in the form and say which conditions apply"},
		func(ctx context.Context, in *fillIn) (*CaseOut, error) {
			return caseOr(counter.Fill(ctx, api.Person(ctx), casework.ID(in.ID), filling(in)))
		})
	api.Post(app, api.Op{ID: "submit-case", Path: "/api/v1/cases/{id}/submit", Tag: "cases", Summary: "Hand in the application; the outcome comes at once"},
		func(ctx context.Context, in *CaseActIn) (*ResultOut, error) {
			r, err := counter.Submit(ctx, api.Who(ctx).Account, casework.ID(in.ID))
			return Resulted(ctx, counter, r, err)
		})
	api.Post(app, api.Op{ID: "withdraw-case", Path: "/api/v1/cases/{id}/withdraw", Tag: "cases", Summary: "Withdraw before the decision"},
		func(ctx context.Context, in *CaseActIn) (*CaseOut, error) {
			return caseOr(counter.WithdrawOwn(ctx, api.Person(ctx), casework.ID(in.ID)))
		})
	commitments(app, counter)
	caseTime(app, counter)
	caseRule(app, counter)
	files(app, counter)
}

// theirs lists one's own cases, or those that one acts in for another.
func theirs(ctx context.Context, counter *casework.Counter, in *myCasesIn) ([]casework.Case, error) {
	if in.OnBehalfOf != "" {
		return counter.Acting(ctx, api.Person(ctx), domain.ID(in.OnBehalfOf), casework.ID(in.Cursor), in.Most())
	}
	return counter.Mine(ctx, api.Person(ctx), casework.ID(in.Cursor), in.Most())
}

func filling(in *fillIn) casework.Filling {
	f := casework.Filling{Form: in.Body.Form, Conditions: map[catalog.MaterialCode]bool{}}
	for code, applies := range in.Body.Conditions {
		f.Conditions[catalog.MaterialCode(code)] = applies
	}
	return f
}

func caseOr(cs casework.Case, err error) (*CaseOut, error) {
	if err != nil {
		return nil, err
	}
	out := CaseFrom(cs)
	return &out, nil
}

// Resulted encodes a submitted application with its materials' names.
func Resulted(ctx context.Context, counter *casework.Counter, r casework.Result, err error) (*ResultOut, error) {
	if err != nil {
		return nil, err
	}
	e, err := counter.City.Edition(ctx, r.Case.Edition)
	if err != nil {
		return nil, err
	}
	out := ResultFrom(r, e.Catalogue)
	return &out, nil
}

type promiseOut struct {
	Text   string   `json:"text" doc:"to be shown whole before signing"`
	Digest string   `json:"digest" doc:"name it when signing"`
	Owed   []string `json:"owed" doc:"the materials that it promises"`
}

type signIn struct {
	CaseActIn
	Body struct {
		Digest string `json:"digest" minLength:"64" maxLength:"64" doc:"of the text that was read"`
	}
}

func commitments(app *api.App, counter *casework.Counter) {
	api.Get(app, api.Op{ID: "commitment", Path: "/api/v1/cases/{id}/commitment", Tag: "cases", Summary: "The commitment for what is missing, to be read"},
		func(ctx context.Context, in *CaseIn) (*promiseOut, error) {
			p, err := counter.Promise(ctx, api.Person(ctx), casework.ID(in.ID))
			out := &promiseOut{Text: p.Text, Digest: p.Digest, Owed: []string{}}
			for _, m := range p.Owed {
				out.Owed = append(out.Owed, string(m))
			}
			return out, err
		})
	api.Post(app, api.Op{ID: "sign-commitment", Path: "/api/v1/cases/{id}/commitment", Tag: "cases", Summary: "Sign the commitment that was read"},
		func(ctx context.Context, in *signIn) (*CaseOut, error) {
			return caseOr(counter.Sign(ctx, api.Who(ctx).Account, casework.ID(in.ID), in.Body.Digest))
		})
}

type uploadIn struct {
	CaseActIn
	RawBody huma.MultipartFormFiles[struct {
		Material string        `form:"material" required:"true" maxLength:"32" doc:"which material this is"`
		File     huma.FormFile `form:"file" required:"true" doc:"JPEG, PNG or PDF, at most 10 MB"`
	}]
}

type uploadOut struct {
	File string  `json:"file" format:"uuid"`
	Case CaseOut `json:"case"`
}

func files(app *api.App, counter *casework.Counter) {
	api.Post(app, api.Op{ID: "upload-file", Path: "/api/v1/cases/{id}/files", Tag: "cases", BodyMost: 11 << 20,
		Summary: "Upload a photo or PDF of a material (wx.uploadFile); after acceptance it is the supplement"},
		func(ctx context.Context, in *uploadIn) (*uploadOut, error) {
			u, err := uploaded(in)
			if err != nil {
				return nil, err
			}
			cs, f, err := counter.Attach(ctx, api.Person(ctx), casework.ID(in.ID), u)
			return &uploadOut{File: f.ID, Case: CaseFrom(cs)}, err
		})
}
