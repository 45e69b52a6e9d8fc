package citizen

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type slotsIn struct {
	Office string `path:"office" maxLength:"32"`
	Item   string `query:"item" required:"true" maxLength:"32"`
	People int    `query:"people" minimum:"1" maximum:"100" default:"1" doc:"who come together"`
	From   string `query:"from" format:"date" doc:"first date; today if left out"`
	Days   int    `query:"days" minimum:"1" maximum:"31" default:"7"`
}

type holdIn struct {
	api.Write
	Body struct {
		Office   string    `json:"office" maxLength:"32"`
		Item     string    `json:"item" maxLength:"32"`
		StartsAt time.Time `json:"starts_at" doc:"the start of a slot; its length is the item's"`
		People   int       `json:"people,omitempty" minimum:"1" maximum:"100" default:"1" doc:"who come together"`

		OnBehalfOf string `json:"on_behalf_of,omitempty" format:"uuid" doc:"the person that I book for, from GET /api/v1/agencies or /api/v1/legal-persons; it counts as their visit"`
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
	api.Get(app, api.Op{ID: "slots", Path: "/api/v1/offices/{office}/slots", Tag: "appointments", Summary: "What can be booked at an office for an item"},
		func(ctx context.Context, in *slotsIn) (*slotsOut, error) {
			var from workday.Date
			if in.From != "" {
				var err error
				if from, err = workday.ParseDate(in.From); err != nil {
					return nil, err
				}
			}
			days, err := desk.Days(ctx, place.OfficeCode(in.Office), catalog.ItemCode(in.Item), in.People, from, in.Days)
			return slotsFrom(days), err
		})
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
				StartsAt: in.Body.StartsAt, People: in.Body.People, OnBehalf: citizen.ID(in.Body.OnBehalfOf),
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
