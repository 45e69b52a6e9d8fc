package citizen

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/nearby"
	"github.com/yimen-gov/yimen/pkg/place"
)

type nearbyIn struct {
	Item    string  `path:"item" maxLength:"32"`
	Lng     float64 `query:"lng" required:"true" doc:"degrees"`
	Lat     float64 `query:"lat" required:"true" doc:"degrees"`
	Datum   string  `query:"datum" required:"true" enum:"wgs84,gcj02" doc:"which map the position was read on; wx.getLocation gives wgs84 unless asked for gcj02"`
	Mode    string  `query:"mode" enum:"walk,ebike,car" default:"walk"`
	Minutes int     `query:"minutes" minimum:"1" maximum:"30" default:"15"`
	When    string  `query:"when" format:"date-time" doc:"when one sets out; now unless given"`
	Most    int     `query:"most" minimum:"1" maximum:"20" default:"10" doc:"offices wanted"`
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
	SelfService []offerOut `json:"self_service" doc:"zones in the circle that are open round the clock, the nearest first"`
	Online      bool       `json:"online" doc:"the item can be handled without going anywhere"`
	Model       string     `json:"model" doc:"where the travel times come from"`
	Attribution string     `json:"attribution,omitempty" doc:"to be shown with the answer"`
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

func (in *nearbyIn) question() (q nearby.Question, err error) {
	q = nearby.Question{
		Item: catalog.ItemCode(in.Item), At: place.Position{Lng: in.Lng, Lat: in.Lat},
		Datum: circle.Datum(in.Datum), Minutes: in.Minutes, Most: in.Most,
	}
	if in.When != "" {
		if q.When, err = time.Parse(time.RFC3339, in.When); err != nil {
			return q, circle.ErrWhen.Because(err)
		}
	}
	q.By, err = circle.ParseMode(in.Mode)
	return q, err
}

// Offices registers where to go.
func Offices(app *api.App, guide *nearby.Guide, shelf city.Shelf) {
	api.Get(app, api.Op{ID: "nearby-offices", Path: "/api/v1/items/{item}/offices", Tag: "places",
		Summary: "The offices that can take an item, the best first, with the reason"},
		func(ctx context.Context, in *nearbyIn) (*nearbyOut, error) {
			q, err := in.question()
			if err != nil {
				return nil, err
			}
			a, err := guide.Ask(ctx, q)
			return nearbyFrom(a), err
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

var placeNames = map[circle.Place]string{circle.Inside: "inside", circle.Closed: "closed", circle.Outside: "outside"}

func nearbyFrom(a nearby.Answer) *nearbyOut {
	return &nearbyOut{
		Items: offersFrom(a.Offers), SelfService: offersFrom(a.SelfService),
		Online: a.Online, Model: a.Model, Attribution: a.Attribution,
	}
}

func offersFrom(offers []nearby.Offer) []offerOut {
	out := make([]offerOut, len(offers))
	for i, o := range offers {
		out[i] = offerOut{
			Office: officeFrom(o.Office), Seconds: o.Travel.Seconds, Meters: o.Travel.Meters, Model: o.Travel.Model,
			Place: placeNames[o.Place], OpenUntil: api.At(o.OpenUntil), OpensAt: api.At(o.OpensAt),
			FirstSlot: api.At(o.FirstSlot), WaitSeconds: waitOf(o.Wait), Why: o.Why,
		}
	}
	return out
}

// waitOf leaves a wait out that is not known.
func waitOf(wait time.Duration) *int {
	if wait < 0 {
		return nil
	}
	seconds := int(wait / time.Second)
	return &seconds
}

func officeFrom(o *place.Office) officeOut {
	return officeOut{
		Code: string(o.Code), Name: o.Name, Level: o.Level.String(), Division: string(o.Division),
		Lng: o.Position.Lng, Lat: o.Position.Lat, Datum: string(circle.WGS84), Trust: string(o.Trust),
		Windows: o.Windows, Hours: o.Hours.String(), SelfService: o.SelfService24h,
	}
}
