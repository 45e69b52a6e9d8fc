package village

import (
	"bytes"
	"context"
	"io"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/coverage"
	"github.com/yimen-gov/yimen/pkg/nearby"
)

type coverageIn struct {
	Item string `path:"item" maxLength:"32"`
	Mode string `query:"mode" enum:"walk,ebike,car" default:"walk"`
}

type coverageOut struct {
	Mode      string     `json:"mode"`
	Model     string     `json:"model" doc:"where the travel times come from"`
	City      shareOut   `json:"city"`
	Districts []shareOut `json:"districts"`
	Towns     []shareOut `json:"towns"`
	Farthest  []farOut   `json:"farthest" doc:"the farthest place of each town, the farthest first"`
	Delegated []gainOut  `json:"delegated" doc:"what each existing office would bring into the circle, did it take the item"`
	Founded   []gainOut  `json:"founded" doc:"what a new office there would bring into the circle"`
	Beyond    float64    `json:"people_beyond,omitempty" doc:"residents of the grid who live off the ground that is counted"`
}

type shareOut struct {
	Code   string    `json:"code,omitempty"`
	Name   string    `json:"name,omitempty"`
	KM2    float64   `json:"km2"`
	People float64   `json:"people,omitempty" doc:"residents, where a population grid is given"`
	Within []bandOut `json:"within"`
}

type bandOut struct {
	Minutes int     `json:"minutes"`
	KM2     float64 `json:"km2"`
	People  float64 `json:"people,omitempty"`
}

type farOut struct {
	Lng     float64 `json:"lng" doc:"WGS-84"`
	Lat     float64 `json:"lat" doc:"WGS-84"`
	Near    string  `json:"near"`
	Town    string  `json:"town"`
	Seconds int     `json:"seconds"`
	Model   string  `json:"model"`
	People  float64 `json:"people,omitempty" doc:"who live on that square of ground"`
}

type gainOut struct {
	Office string  `json:"office,omitempty"`
	Name   string  `json:"name"`
	Lng    float64 `json:"lng" doc:"WGS-84"`
	Lat    float64 `json:"lat" doc:"WGS-84"`
	KM2    float64 `json:"km2"`
	People float64 `json:"people,omitempty"`
}

// Coverage registers what planners ask.
func Coverage(app *api.App, planner *nearby.Planner) {
	api.Get(app, api.Op{ID: "coverage", Path: "/api/v1/village/coverage/{item}", Tag: "staff",
		Summary: "How much of the city lies within 5 to 20 minutes of an office that takes an item, and what one more would gain"},
		func(ctx context.Context, in *coverageIn) (*coverageOut, error) {
			r, err := in.report(ctx, planner)
			if err != nil {
				return nil, err
			}
			return coverageFrom(r), nil
		})
	api.Get(app, api.Op{ID: "coverage-isochrones", Path: "/api/v1/village/coverage/{item}/isochrones", Tag: "staff", Summary: "The isochrones, as GeoJSON"},
		func(ctx context.Context, in *coverageIn) (*api.File, error) {
			return in.file(ctx, planner, ".geojson", "application/geo+json", (*coverage.Report).WriteGeoJSON)
		})
	api.Get(app, api.Op{ID: "coverage-map", Path: "/api/v1/village/coverage/{item}/map", Tag: "staff", Summary: "A map for the wall: one HTML page that loads nothing"},
		func(ctx context.Context, in *coverageIn) (*api.File, error) {
			return in.file(ctx, planner, ".html", "text/html; charset=utf-8", (*coverage.Report).WriteMap)
		})
}

func (in *coverageIn) report(ctx context.Context, planner *nearby.Planner) (*coverage.Report, error) {
	by, err := circle.ParseMode(in.Mode)
	if err != nil {
		return nil, err
	}
	return planner.Report(ctx, catalog.ItemCode(in.Item), by)
}

func (in *coverageIn) file(ctx context.Context, planner *nearby.Planner, ext, media string, write func(*coverage.Report, io.Writer) error) (*api.File, error) {
	r, err := in.report(ctx, planner)
	if err != nil {
		return nil, err
	}
	var content bytes.Buffer
	if err := write(r, &content); err != nil {
		return nil, err
	}
	return &api.File{Name: in.Item + "-" + in.Mode + ext, Media: media, Content: content.Bytes()}, nil
}

func coverageFrom(r *coverage.Report) *coverageOut {
	out := &coverageOut{
		Mode: r.By.String(), Model: r.Model, City: shareFrom(r.City),
		Districts: []shareOut{}, Towns: []shareOut{}, Farthest: []farOut{},
		Delegated: gainsFrom(r.Delegated), Founded: gainsFrom(r.Founded), Beyond: r.Beyond(),
	}
	for _, s := range r.Districts {
		out.Districts = append(out.Districts, shareFrom(s))
	}
	for _, s := range r.Towns {
		out.Towns = append(out.Towns, shareFrom(s))
	}
	for _, f := range r.Farthest {
		out.Farthest = append(out.Farthest, farOut{f.At.Lng, f.At.Lat, f.Near, f.Town.Name, f.Seconds, f.Model, f.People})
	}
	return out
}

func shareFrom(s coverage.Share) shareOut {
	out := shareOut{Code: s.Code, Name: s.Name, KM2: s.KM2, People: s.People}
	for i, minutes := range coverage.Minutes {
		out.Within = append(out.Within, bandOut{minutes, s.KM2Within[i], s.PeopleWithin[i]})
	}
	return out
}

func gainsFrom(gains []coverage.Gain) []gainOut {
	out := make([]gainOut, len(gains))
	for i, g := range gains {
		out[i] = gainOut{g.Office, g.Name, g.At.Lng, g.At.Lat, g.KM2, g.People}
	}
	return out
}
