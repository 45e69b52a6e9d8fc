package citizen

import (
	"context"
	"strconv"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	domain "github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/nearby"
	"github.com/yimen-gov/yimen/pkg/place"
)

// WhereIn is what every question about where to go says.
type WhereIn struct {
	Lng      float64 `query:"lng" required:"true" doc:"degrees"`
	Lat      float64 `query:"lat" required:"true" doc:"degrees"`
	Datum    string  `query:"datum" required:"true" enum:"wgs84,gcj02" doc:"which map the position was read on; wx.getLocation gives wgs84 unless asked for gcj02"`
	Mode     string  `query:"mode" enum:"walk,ebike,car" default:"walk"`
	Minutes  int     `query:"minutes" minimum:"1" maximum:"30" default:"15"`
	When     string  `query:"when" format:"date-time" doc:"when one sets out; now unless given"`
	Limit    int     `query:"limit" minimum:"1" maximum:"50" default:"10" doc:"offices wanted"`
	Cursor   string  `query:"cursor" maxLength:"64" doc:"next_cursor of the page before; the order is that of the moment, so an office may stand on two pages"`
	Division string  `query:"division" maxLength:"12" doc:"where the shop, house or land is that it is about; unless given, where the person lives (PUT /api/v1/me/home)"`
	OnBehalf string  `query:"on_behalf_of" format:"uuid" doc:"the person that I act for"`
}

type nearbyIn struct {
	Item string `path:"item" maxLength:"32"`
	WhereIn
}

type themeOfficesIn struct {
	Theme string `path:"theme" maxLength:"32"`
	Each  bool   `query:"each" doc:"tell for each item too who takes it"`
	WhereIn
}

type offerOut struct {
	Office      officeOut `json:"office"`
	Seconds     int       `json:"seconds" doc:"to get there"`
	Meters      int       `json:"meters"`
	Model       string    `json:"model" doc:"where the travel time comes from: straight line or roads"`
	Place       string    `json:"place" enum:"inside,closed,outside" doc:"inside the circle and open; closed on arrival; too far"`
	OpenUntil   string    `json:"open_until,omitempty"`
	OpensAt     string    `json:"opens_at,omitempty"`
	FirstSlot   string    `json:"first_slot,omitempty" doc:"the first free slot after arrival"`
	WaitSeconds *int      `json:"wait_seconds,omitempty" doc:"expected in the queue without an appointment"`
	Why         string    `json:"why" doc:"the reason for its place, in Chinese"`
}

type nearbyOut struct {
	Items       []offerOut `json:"items" doc:"the best first"`
	NextCursor  string     `json:"next_cursor,omitempty" doc:"absent on the last page"`
	SelfService []offerOut `json:"self_service" doc:"zones in the circle that are open round the clock, the nearest first"`
	Online      bool       `json:"online" doc:"it can be handled without going anywhere"`
	Model       string     `json:"model" doc:"where the travel times come from"`
	Attribution string     `json:"attribution,omitempty" doc:"to be shown with the answer"`
	Each        []eachOut  `json:"each,omitempty" doc:"of a theme: its items one by one, when asked for or when no office inside the circle takes all of them"`
}

type eachOut struct {
	Item   string     `json:"item"`
	Name   string     `json:"name"`
	Online bool       `json:"online"`
	Items  []offerOut `json:"items" doc:"the best three"`
}

type officeIn struct {
	Office string `path:"office" maxLength:"32"`
}

type officeOut struct {
	Code        string  `json:"code"`
	Name        string  `json:"name"`
	Level       string  `json:"level" enum:"village,town,district,city"`
	Division    string  `json:"division"`
	Lng         float64 `json:"lng" doc:"WGS-84"`
	Lat         float64 `json:"lat" doc:"WGS-84"`
	Datum       string  `json:"datum" enum:"wgs84"`
	Trust       string  `json:"trust" enum:"exact,approximate,synthetic" doc:"how far the position may be believed"`
	Windows     int     `json:"windows"`
	Hours       string  `json:"hours"`
	SelfService bool    `json:"self_service_24h"`
}

func (in *WhereIn) question(ctx context.Context) (q nearby.Question, err error) {
	q = nearby.Question{
		Who: api.Person(ctx), OnBehalf: domain.ID(in.OnBehalf), Division: place.DivisionCode(in.Division),
		At: place.Position{Lng: in.Lng, Lat: in.Lat}, Datum: circle.Datum(in.Datum), Minutes: in.Minutes, Most: in.Limit,
	}
	if q.Skip, err = skipped(in.Cursor); err != nil {
		return q, err
	}
	if in.When != "" {
		if q.When, err = time.Parse(time.RFC3339, in.When); err != nil {
			return q, circle.ErrWhen.Because(err)
		}
	}
	q.By, err = circle.ParseMode(in.Mode)
	return q, err
}

// skipped reads a cursor: how many offices were told before.
func skipped(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(cursor, 10, 16)
	if err != nil {
		return 0, api.ErrInvalid.With(fault.Field{Path: "query.cursor", Text: "不是上一页给出的 next_cursor，请从第一页重新查询"})
	}
	return int(n), nil
}

// Offices registers where to go.
func Offices(app *api.App, guide *nearby.Guide, shelf city.Shelf) {
	var ready officePages
	ask := func(ctx context.Context, in *WhereIn, what nearby.Question) (*nearbyBytes, error) {
		q, err := in.question(ctx)
		if err != nil {
			return nil, err
		}
		q.Item, q.Theme, q.Each = what.Item, what.Theme, what.Each
		a, err := guide.Ask(ctx, q)
		if err != nil {
			return nil, err
		}
		return ready.of(a.Edition).answer(&a, q.Skip), nil
	}
	api.Get(app, api.Op{ID: "nearby-offices", Path: "/api/v1/items/{item}/offices", Tag: "places",
		Summary: "The offices that can take an item, the best first, with the reason"},
		func(ctx context.Context, in *nearbyIn) (*nearbyBytes, error) {
			return ask(ctx, &in.WhereIn, nearby.Question{Item: catalog.ItemCode(in.Item)})
		})
	api.Get(app, api.Op{ID: "theme-offices", Path: "/api/v1/themes/{theme}/offices", Tag: "places",
		Summary: "The offices that can take every item of a theme, the best first; or who takes each of them"},
		func(ctx context.Context, in *themeOfficesIn) (*nearbyBytes, error) {
			return ask(ctx, &in.WhereIn, nearby.Question{Theme: catalog.ThemeCode(in.Theme), Each: in.Each})
		})
	api.Get(app, api.Op{ID: "office", Path: "/api/v1/offices/{office}", Tag: "places", Summary: "One office"},
		func(ctx context.Context, in *officeIn) (*officeOut, error) {
			e, err := shelf.Current(ctx)
			if err != nil {
				return nil, err
			}
			o, err := e.Places.Office(place.OfficeCode(in.Office))
			if err != nil {
				return nil, err
			}
			out := officeFrom(o)
			return &out, nil
		})
}

func officeFrom(o *place.Office) officeOut {
	return officeOut{
		Code: string(o.Code), Name: o.Name, Level: o.Level.String(), Division: string(o.Division),
		Lng: o.Position.Lng, Lat: o.Position.Lat, Datum: string(circle.WGS84), Trust: string(o.Trust),
		Windows: o.Windows, Hours: o.Hours.String(), SelfService: o.SelfService24h,
	}
}
