package citizen

import (
	"context"
	"sync"

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
	api.Get(app, api.Op{ID: "search-items", Path: "/api/v1/items", Tag: "catalogue", Summary: "Search items and themes"},
		func(ctx context.Context, in *searchIn) (*hitsOut, error) {
			e, err := shelf.Current(ctx)
			if err != nil {
				return nil, err
			}
			return hitsFrom(e.Catalogue.Search(in.Q, in.Limit)), nil
		})
	var ready guides
	api.Get(app, api.Op{ID: "item-guide", Path: "/api/v1/items/{item}", Tag: "catalogue", Summary: "An item's guide with its checklist and form"},
		func(ctx context.Context, in *itemIn) (*guideBytes, error) {
			e, err := shelf.Current(ctx)
			if err != nil {
				return nil, err
			}
			return ready.of(e, catalog.ItemCode(in.Item))
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

func hitsFrom(hits []catalog.Hit) *hitsOut {
	out := &hitsOut{Items: make([]hitOut, len(hits))}
	for i, h := range hits {
		if h.Theme != nil {
			out.Items[i] = hitOut{Kind: "theme", Code: string(h.Theme.Code), Name: h.Theme.Name, Scenario: h.Theme.Scenario}
			continue
		}
		out.Items[i] = briefFrom(h.Item)
	}
	return out
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

// guides keeps each guide's bytes: an edition does not change, and the guide is
// the page most often read.
type guides struct {
	mu      sync.Mutex
	edition *city.Edition
	ready   *sync.Map // item code → *guideBytes
}

func (g *guides) of(e *city.Edition, code catalog.ItemCode) (*guideBytes, error) {
	g.mu.Lock()
	if g.edition != e {
		g.edition, g.ready = e, &sync.Map{}
	}
	ready := g.ready
	g.mu.Unlock()
	if b, ok := ready.Load(code); ok {
		return b.(*guideBytes), nil
	}
	it, err := e.Catalogue.Item(code)
	if err != nil {
		return nil, err
	}
	b := encodeGuide(it, e.Version)
	ready.Store(it.Code, b)
	return b, nil
}
