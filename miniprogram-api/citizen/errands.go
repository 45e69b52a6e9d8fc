package citizen

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/errand"
	"github.com/yimen-gov/yimen/pkg/place"
)

type openErrandIn struct {
	api.Write
	Body struct {
		Theme  string `json:"theme" maxLength:"32"`
		Office string `json:"office" maxLength:"32" doc:"where it is to be accepted; an item that it may not accept goes to the office above it"`
	}
}

type ErrandIn struct {
	ID string `path:"id" format:"uuid"`
}

type ErrandActIn struct {
	api.Write
	ErrandIn
}

type fillErrandIn struct {
	ErrandIn
	Body struct {
		Form       map[string]string `json:"form,omitempty" maxProperties:"200" doc:"by field name; an empty value takes it back"`
		Conditions map[string]bool   `json:"conditions,omitempty" maxProperties:"100" doc:"by material: whether its condition applies"`
	}
}

type myErrandsIn struct{ api.Page }

// errandOut is an errand with its one form, its one set of materials and how
// far each item has come.
type errandOut struct {
	ID         string              `json:"id" format:"uuid"`
	Theme      string              `json:"theme"`
	Name       string              `json:"name"`
	Office     string              `json:"office"`
	State      string              `json:"state" enum:"draft,running"`
	OpenedAt   string              `json:"opened_at"`
	HandedInAt string              `json:"handed_in_at,omitempty"`
	Fields     []errandFieldOut    `json:"fields,omitempty" doc:"the one form: each field once"`
	Materials  []errandMaterialOut `json:"materials,omitempty" doc:"the one set: each material once"`
	Turns      []turnOut           `json:"turns,omitempty" doc:"the items in their order"`
	Apart      *apartOut           `json:"apart,omitempty" doc:"what the items would ask for one by one"`
}

type errandFieldOut struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Type     string   `json:"type"`
	Required bool     `json:"required"`
	Enum     []string `json:"enum,omitempty"`
	Value    string   `json:"value,omitempty"`
	From     string   `json:"from,omitempty" doc:"the item that brings it about: not to be filled in"`
	Items    []string `json:"items"`
}

type errandMaterialOut struct {
	Material  string   `json:"material"`
	Name      string   `json:"name"`
	Core      bool     `json:"core"`
	Condition string   `json:"condition,omitempty"`
	Asked     bool     `json:"asked" doc:"false: earlier items of the theme bring it about"`
	Files     int      `json:"files"`
	Items     []string `json:"items,omitempty" doc:"for which it is handed in"`
}

type turnOut struct {
	Item  string   `json:"item"`
	Name  string   `json:"name"`
	State string   `json:"state" enum:"waiting,handed_in,needs_you,blocked"`
	Note  string   `json:"note,omitempty" doc:"what is to be done, or why it is blocked"`
	After []string `json:"after,omitempty" doc:"items whose results it needs"`
	Case  *CaseOut `json:"case,omitempty"`
}

type apartOut struct {
	Fields    int `json:"fields"`
	Materials int `json:"materials"`
}

// Errands registers the application for all items of a theme as one.
func Errands(app *api.App, desk *errand.Desk) {
	e := errands{desk}
	api.Post(app, api.Op{ID: "open-errand", Path: "/api/v1/errands", Tag: "errands", Summary: "Open the application for all items of a theme"},
		func(ctx context.Context, in *openErrandIn) (*errandOut, error) {
			x, err := desk.Open(ctx, api.Person(ctx), catalog.ThemeCode(in.Body.Theme), place.OfficeCode(in.Body.Office))
			return e.out(ctx, x, err)
		})
	api.Get(app, api.Op{ID: "my-errands", Path: "/api/v1/errands", Tag: "errands", Summary: "My errands, newest first"},
		func(ctx context.Context, in *myErrandsIn) (*api.List[errandOut], error) {
			list, err := desk.Mine(ctx, api.Person(ctx), in.Cursor, in.Most())
			return api.Paged(in.Page, list, briefErrand, func(x errand.Errand) string { return x.ID }), err
		})
	api.Get(app, api.Op{ID: "my-errand", Path: "/api/v1/errands/{id}", Tag: "errands", Summary: "One errand: form, materials and how far each item has come"},
		func(ctx context.Context, in *ErrandIn) (*errandOut, error) {
			x, err := desk.Own(ctx, api.Person(ctx), in.ID)
			return e.out(ctx, x, err)
		})
	api.Put(app, api.Op{ID: "fill-errand", Path: "/api/v1/errands/{id}/form", Tag: "errands", Summary: "Fill in the one form"},
		func(ctx context.Context, in *fillErrandIn) (*errandOut, error) {
			f := errand.Filling{Form: in.Body.Form, Conditions: map[catalog.MaterialCode]bool{}}
			for code, applies := range in.Body.Conditions {
				f.Conditions[catalog.MaterialCode(code)] = applies
			}
			x, err := desk.Fill(ctx, api.Person(ctx), in.ID, f)
			return e.out(ctx, x, err)
		})
	api.Post(app, api.Op{ID: "upload-errand-file", Path: "/api/v1/errands/{id}/files", Tag: "errands", BodyMost: 11 << 20,
		Summary: "Upload a photo or PDF of a material once for all items (wx.uploadFile)"},
		func(ctx context.Context, in *uploadIn) (*errandOut, error) {
			u, err := uploaded(in)
			if err != nil {
				return nil, err
			}
			x, err := desk.Attach(ctx, api.Person(ctx), in.ID, u)
			return e.out(ctx, x, err)
		})
	api.Post(app, api.Op{ID: "submit-errand", Path: "/api/v1/errands/{id}/submit", Tag: "errands", Summary: "Hand in the whole; its cases are opened in their order"},
		func(ctx context.Context, in *ErrandActIn) (*errandOut, error) {
			who := api.Who(ctx).Account
			x, err := desk.HandIn(ctx, who.Person, who.Level(desk.Now()), in.ID)
			return e.out(ctx, x, err)
		})
}

type errands struct{ desk *errand.Desk }

func briefErrand(x errand.Errand) errandOut {
	return errandOut{
		ID: x.ID, Theme: string(x.Theme), Office: string(x.Office), State: string(x.State),
		OpenedAt: api.At(x.OpenedAt), HandedInAt: api.At(x.HandedInAt),
	}
}

func (e errands) out(ctx context.Context, x errand.Errand, err error) (*errandOut, error) {
	if err != nil {
		return nil, err
	}
	m, err := e.desk.Merged(ctx, x)
	if err != nil {
		return nil, err
	}
	out := briefErrand(x)
	out.Name, out.Apart = m.Theme.Name, &apartOut{m.Apart.Fields, m.Apart.Materials}
	for _, f := range m.Fields {
		out.Fields = append(out.Fields, errandFieldOut{
			f.Name, f.Label, string(f.Type), f.Required, f.Enum, x.Form[f.Name], string(f.From), words(f.Items),
		})
	}
	for _, r := range m.Materials {
		o := errandMaterialOut{string(r.Material.Code), r.Material.Name, r.Core, r.Condition, r.Asked(), 0, words(r.Items)}
		for _, f := range x.Files {
			if f.Material == r.Material.Code {
				o.Files++
			}
		}
		out.Materials = append(out.Materials, o)
	}
	out.Turns, err = e.turns(ctx, x, m)
	return &out, err
}

func (e errands) turns(ctx context.Context, x errand.Errand, m errand.Merged) (list []turnOut, err error) {
	for i, t := range x.Turns {
		o := turnOut{string(t.Item), m.Steps[i].Item.Name, string(t.State), t.Note, words(m.Steps[i].After), nil}
		if cs, err := e.desk.Counter.Own(ctx, x.Person, t.Case); err == nil {
			brief := BriefFrom(cs)
			o.Case = &brief
		} else if !errors.Is(err, casework.ErrNoCase) {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}
