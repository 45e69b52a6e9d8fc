package citizen

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
)

type holdIn struct {
	api.Write
	Body struct {
		Office     string    `json:"office" maxLength:"32"`
		Item       string    `json:"item" maxLength:"32"`
		StartsAt   time.Time `json:"starts_at" doc:"the start of a slot; its length is the item's"`
		More       []string  `json:"more_items,omitempty" maxItems:"4" doc:"further items, done in the same visit"`
		People     int       `json:"people,omitempty" minimum:"1" maximum:"100" default:"1" doc:"who come together"`
		Window     int       `json:"window,omitempty" minimum:"0" maximum:"1000" doc:"a window that can be asked for; any if left out"`
		Priority   string    `json:"priority,omitempty" enum:"elderly,pregnant,disabled,veteran" doc:"why the person comes before others; staff look at check-in"`
		OnBehalfOf string    `json:"on_behalf_of,omitempty" format:"uuid" doc:"the person that I book for, from GET /api/v1/agencies or /api/v1/legal-persons; it counts as their visit"`
	}
}

type bookIn struct {
	api.Write
	Body struct {
		Hold string `json:"hold" format:"uuid" doc:"the hold to confirm"`
	}
}

type AppointmentIn struct {
	ID string `path:"id" format:"uuid"`
}

type AppointmentActIn struct {
	api.Write
	AppointmentIn
}

type appointmentsIn struct {
	api.Page
	OnBehalfOf string `query:"on_behalf_of" format:"uuid" doc:"those of this person in which I act, instead of my own"`
}

type moveIn struct {
	AppointmentActIn
	Body struct {
		StartsAt time.Time `json:"starts_at" doc:"the start of another slot"`
		Office   string    `json:"office,omitempty" maxLength:"32" doc:"another office; the same if left out"`
	}
}

// Appointments registers slots, holds and a citizen's appointments.
func Appointments(app *api.App, desk *appointment.Desk) {
	slots(app, desk)
	namedWindows(app, desk)
	holds(app, desk)
	api.Post(app, api.Op{ID: "book", Path: "/api/v1/appointments", Tag: "appointments", Summary: "Turn a hold into an appointment"},
		func(ctx context.Context, in *bookIn) (*AppointmentOut, error) {
			return appointmentOr(desk.Book(ctx, api.Person(ctx), appointment.ID(in.Body.Hold)))
		})
	api.Get(app, api.Op{ID: "my-appointments", Path: "/api/v1/appointments", Tag: "appointments", Summary: "My appointments and holds, the latest time first"},
		func(ctx context.Context, in *appointmentsIn) (*api.List[AppointmentOut], error) {
			list, err := visitsOf(ctx, desk, in)
			return api.Paged(in.Page, list, AppointmentFrom, AppointmentID), err
		})
	api.Get(app, api.Op{ID: "my-appointment", Path: "/api/v1/appointments/{id}", Tag: "appointments", Summary: "One of my appointments or holds"},
		func(ctx context.Context, in *AppointmentIn) (*AppointmentOut, error) {
			return appointmentOr(desk.Appointment(ctx, api.Person(ctx), appointment.ID(in.ID)))
		})
	changes(app, desk)
}

func holds(app *api.App, desk *appointment.Desk) {
	api.Post(app, api.Op{ID: "hold-slot", Path: "/api/v1/holds", Tag: "appointments", Summary: "Keep a slot for a few minutes",
		About: "Needs a real name. The answer says when the hold ends; book it before."},
		func(ctx context.Context, in *holdIn) (*AppointmentOut, error) {
			return appointmentOr(desk.Hold(ctx, api.Who(ctx).Account, appointment.Request{
				Office: place.OfficeCode(in.Body.Office), Item: catalog.ItemCode(in.Body.Item),
				More: ItemCodes(in.Body.More), StartsAt: in.Body.StartsAt, People: in.Body.People, Window: in.Body.Window,
				Priority: appointment.Priority(in.Body.Priority), OnBehalf: citizen.ID(in.Body.OnBehalfOf),
			}))
		})
	api.Post(app, api.Op{ID: "release-hold", Path: "/api/v1/holds/{id}/release", Tag: "appointments", Summary: "Give a hold up"},
		func(ctx context.Context, in *AppointmentActIn) (*AppointmentOut, error) {
			return appointmentOr(desk.Release(ctx, api.Person(ctx), appointment.ID(in.ID)))
		})
}

func changes(app *api.App, desk *appointment.Desk) {
	api.Post(app, api.Op{ID: "cancel-appointment", Path: "/api/v1/appointments/{id}/cancel", Tag: "appointments", Summary: "Cancel before it begins"},
		func(ctx context.Context, in *AppointmentActIn) (*AppointmentOut, error) {
			return appointmentOr(desk.Cancel(ctx, api.Person(ctx), appointment.ID(in.ID)))
		})
	api.Post(app, api.Op{ID: "move-appointment", Path: "/api/v1/appointments/{id}/move", Tag: "appointments", Summary: "Move to another slot; without it the old one stays"},
		func(ctx context.Context, in *moveIn) (*AppointmentOut, error) {
			return appointmentOr(desk.Move(ctx, api.Person(ctx), appointment.ID(in.ID), in.Body.StartsAt, place.OfficeCode(in.Body.Office)))
		})
}

func visitsOf(ctx context.Context, desk *appointment.Desk, in *appointmentsIn) ([]appointment.Appointment, error) {
	if in.OnBehalfOf != "" {
		return desk.Acting(ctx, api.Person(ctx), citizen.ID(in.OnBehalfOf), appointment.ID(in.Cursor), in.Most())
	}
	return desk.Mine(ctx, api.Person(ctx), appointment.ID(in.Cursor), in.Most())
}
