package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
)

type searchIn struct {
	Q     string `query:"q" required:"true" minLength:"1" maxLength:"100" doc:"in the words people use, or pinyin initials"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
}

type hitOut struct {
	Kind       string `json:"kind" enum:"item,theme"`
	Code       string `json:"code"`
	Name       string `json:"name"`
	Department string `json:"department,omitempty"`
	Scenario   string `json:"scenario,omitempty" doc:"of a theme, in plain words"`
	Online     bool   `json:"online"`
	Days       int    `json:"days" doc:"promised working days; 0 = on the spot"`
}

type hitsOut struct {
	Items []hitOut `json:"items"`
}

type itemIn struct {
	Item string `path:"item" maxLength:"32"`
}

type themeIn struct {
	Theme string `path:"theme" maxLength:"32"`
}

// Items registers the catalogue: search, guide, themes.
func Items(app *api.App, shelf city.Shelf) {
	var ready pages
	api.Get(app, api.Op{ID: "search-items", Path: "/api/v1/items", Tag: "catalogue", Summary: "Search items and themes"},
		func(ctx context.Context, in *searchIn) (*hitsBytes, error) {
			e, err := shelf.Current(ctx)
			if err != nil {
				return nil, err
			}
			return ready.of(e).search(in.Q, in.Limit), nil
		})
	api.Get(app, api.Op{ID: "item-guide", Path: "/api/v1/items/{item}", Tag: "catalogue", Summary: "An item's guide with its checklist and form"},
		func(ctx context.Context, in *itemIn) (*guideBytes, error) {
			e, err := shelf.Current(ctx)
			if err != nil {
				return nil, err
			}
			return ready.of(e).guide(catalog.ItemCode(in.Item))
		})
	api.Get(app, api.Op{ID: "theme", Path: "/api/v1/themes/{theme}", Tag: "catalogue", Summary: "A theme and its items in order"},
		func(ctx context.Context, in *themeIn) (*themeOut, error) {
			e, err := shelf.Current(ctx)
			if err != nil {
				return nil, err
			}
			t, err := e.Catalogue.Theme(catalog.ThemeCode(in.Theme))
			if err != nil {
				return nil, err
			}
			return themeFrom(t), nil
		})
}

func themeBriefFrom(t *catalog.Theme) hitOut {
	return hitOut{Kind: "theme", Code: string(t.Code), Name: t.Name, Scenario: t.Scenario}
}

func briefFrom(it *catalog.Item) hitOut {
	return hitOut{
		Kind: "item", Code: string(it.Code), Name: it.Name, Department: it.Department.Name,
		Online: it.Online, Days: it.PromiseDays,
	}
}

type themeOut struct {
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	Scenario string   `json:"scenario"`
	Subject  string   `json:"subject" enum:"natural,legal,both"`
	Items    []hitOut `json:"items"`
}

func themeFrom(t *catalog.Theme) *themeOut {
	out := &themeOut{Code: string(t.Code), Name: t.Name, Scenario: t.Scenario, Subject: string(t.Subject), Items: []hitOut{}}
	for _, it := range t.Items {
		out.Items = append(out.Items, briefFrom(it))
	}
	return out
}
