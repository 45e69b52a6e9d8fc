package village

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	domain "github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// DutyDate names a date.
type DutyDate struct {
	Date string `path:"date" format:"date"`
}

type dutyIn struct{ DutyDate }

type setDutyIn struct {
	DutyDate
	Body struct {
		Duties []dutyEntry `json:"duties" maxItems:"500" doc:"none: somebody is at every window"`
	}
}

type dutyEntry struct {
	Window int       `json:"window" minimum:"1" maximum:"1000"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Staff  string    `json:"staff" minLength:"1" maxLength:"64" doc:"id of the member of staff"`
}

type dutyOut struct {
	Date   string         `json:"date"`
	Duties []dutyEntryOut `json:"duties"`
}

type dutyEntryOut struct {
	Window int    `json:"window"`
	From   string `json:"from"`
	To     string `json:"to"`
	Staff  string `json:"staff"`
}

func dutyFrom(date workday.Date, list []place.Duty) *dutyOut {
	out := &dutyOut{Date: api.On(date), Duties: []dutyEntryOut{}}
	for _, d := range list {
		out.Duties = append(out.Duties, dutyEntryOut{d.Window, api.At(d.From), api.At(d.To), d.Staff})
	}
	return out
}

type nameWindowsIn struct {
	Body struct {
		Windows []namedWindow `json:"windows" maxItems:"100"`
	}
}

type namedWindow struct {
	Number int    `json:"number" minimum:"1" maximum:"1000"`
	Name   string `json:"name" minLength:"1" maxLength:"50" doc:"what people choose it for"`
}

type namedFromOut struct {
	From string `json:"from" doc:"the first day for which it holds: nobody is booked there yet"`
}

type bookForIn struct {
	api.Write
	Body struct {
		ShownIdentity
		Item     string    `json:"item" maxLength:"32"`
		More     []string  `json:"more_items,omitempty" maxItems:"4"`
		StartsAt time.Time `json:"starts_at"`
		People   int       `json:"people,omitempty" minimum:"1" maximum:"100" default:"1"`
		Window   int       `json:"window,omitempty" minimum:"0" maximum:"1000"`
		Priority string    `json:"priority,omitempty" enum:"elderly,pregnant,disabled,veteran"`
	}
}

// Bookings registers what an office's staff set for its appointments.
func Bookings(app *api.App, desk *appointment.Desk, door *domain.Door) {
	api.Get(app, api.Op{ID: "duty", Path: "/api/v1/village/duty/{date}", Tag: "staff", Summary: "Who is on duty at my office on a date"},
		func(ctx context.Context, in *dutyIn) (*dutyOut, error) {
			date, err := workday.ParseDate(in.Date)
			if err != nil {
				return nil, err
			}
			list, err := desk.Duty(ctx, *api.Who(ctx).Member, date)
			return dutyFrom(date, list), err
		})
	api.Put(app, api.Op{ID: "set-duty", Path: "/api/v1/village/duty/{date}", Tag: "staff", Summary: "Write who is on duty on a date",
		About: "Windows on duty for a whole session take appointments; those there for part of it serve walk-ins. What is booked keeps its time."},
		func(ctx context.Context, in *setDutyIn) (*dutyOut, error) {
			date, err := workday.ParseDate(in.Date)
			if err != nil {
				return nil, err
			}
			list := make([]place.Duty, 0, len(in.Body.Duties))
			for _, d := range in.Body.Duties {
				list = append(list, place.Duty{Window: d.Window, From: d.From, To: d.To, Staff: d.Staff})
			}
			err = desk.SetDuty(ctx, *api.Who(ctx).Member, date, list)
			return dutyFrom(date, list), err
		})
	api.Put(app, api.Op{ID: "name-windows", Path: "/api/v1/village/named-windows", Tag: "staff", Summary: "Say which windows can be asked for by number"},
		func(ctx context.Context, in *nameWindowsIn) (*namedFromOut, error) {
			list := make([]place.NamedWindow, 0, len(in.Body.Windows))
			for _, n := range in.Body.Windows {
				list = append(list, place.NamedWindow{Number: n.Number, Name: n.Name})
			}
			from, err := desk.NameWindows(ctx, *api.Who(ctx).Member, list)
			return &namedFromOut{api.On(from)}, err
		})
	api.Post(app, api.Op{ID: "book-for-person", Path: "/api/v1/village/appointments", Tag: "staff", Summary: "Book at my office for somebody who calls or is here, with or without WeChat; the look is kept"},
		func(ctx context.Context, in *bookForIn) (*citizen.AppointmentOut, error) {
			p, err := received(ctx, door, in.Body.ShownIdentity)
			if err != nil {
				return nil, err
			}
			a, err := desk.BookFor(ctx, *api.Who(ctx).Member, p.ID, appointment.Request{
				Item: catalog.ItemCode(in.Body.Item), More: citizen.ItemCodes(in.Body.More), StartsAt: in.Body.StartsAt,
				People: in.Body.People, Window: in.Body.Window, Priority: appointment.Priority(in.Body.Priority),
			})
			if err != nil {
				return nil, err
			}
			out := citizen.AppointmentFrom(a)
			return &out, nil
		})
	rules(app, desk)
	appeals(app, desk)
}

type appealsIn struct{ api.Page }

type decideAppealIn struct {
	EntryActIn
	Body struct {
		Grant  bool   `json:"grant"`
		Answer string `json:"answer" minLength:"2" maxLength:"500"`
	}
}

func appeals(app *api.App, desk *appointment.Desk) {
	api.Get(app, api.Op{ID: "appeals", Path: "/api/v1/village/appeals", Tag: "staff", Summary: "Open appeals against no-shows at my office, the oldest first"},
		func(ctx context.Context, in *appealsIn) (*api.List[citizen.AppealOut], error) {
			list, err := desk.Appeals(ctx, *api.Who(ctx).Member, in.Cursor, in.Most())
			return api.Paged(in.Page, list, citizen.AppealFrom, func(p appointment.Appeal) string { return p.ID }), err
		})
	api.Post(app, api.Op{ID: "decide-appeal", Path: "/api/v1/village/appeals/{id}/decide", Tag: "staff", Summary: "Forgive a missed appointment, or not"},
		func(ctx context.Context, in *decideAppealIn) (*citizen.AppealOut, error) {
			return citizen.AppealOr(desk.DecideAppeal(ctx, *api.Who(ctx).Member, in.ID, in.Body.Grant, in.Body.Answer))
		})
}
