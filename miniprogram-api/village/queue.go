package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	person "github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type checkInIn struct {
	api.Write
	Body struct {
		Code string `json:"code" minLength:"8" maxLength:"16" doc:"the code that the person shows or says"`
		Seen string `json:"priority_seen,omitempty" enum:"shown,not_shown" doc:"whether the person has shown what the declared priority rests on"`
	}
}

type giveTicketIn struct {
	api.Write
	Body struct {
		Item     string         `json:"item" minLength:"1" maxLength:"32"`
		Origin   string         `json:"origin,omitempty" enum:"kiosk,staff" default:"staff" doc:"at a terminal, or by staff"`
		Priority string         `json:"priority,omitempty" enum:"elderly,pregnant,disabled,veteran" doc:"seen by staff; not at a terminal"`
		Person   *ShownIdentity `json:"person,omitempty" doc:"who it is for, where they have shown it"`
		Carries  *struct {
			Date   string `json:"date" format:"date"`
			Number string `json:"number" minLength:"2" maxLength:"5"`
		} `json:"carries,omitempty" doc:"the ticket that was left undone when an earlier day closed"`
	}
}

type queueIn struct{}

// Arrivals registers how people come into an office's queue.
func Arrivals(app *api.App, hall *queue.Hall, door *person.Door) {
	api.Post(app, api.Op{ID: "check-in", Path: "/api/v1/village/appointments/check-in", Tag: "queue", Summary: "Check somebody in by their code; they get a ticket",
		About: "Checked in again, the same ticket is shown again."},
		func(ctx context.Context, in *checkInIn) (*citizen.ArrivalOut, error) {
			return citizen.ArrivalOr(hall.CheckIn(ctx, me(ctx), appointment.ReadCode(in.Body.Code), appointment.Seen(in.Body.Seen)))
		})
	api.Post(app, api.Op{ID: "check-in-person", Path: "/api/v1/village/appointments/check-in-person", Tag: "queue",
		Summary: "Check somebody in by the identity card that they show; the look is kept"},
		func(ctx context.Context, in *windowPersonIn) (*citizen.ArrivalOut, error) {
			p, err := received(ctx, door, in.Body)
			if err != nil {
				return nil, err
			}
			return citizen.ArrivalOr(hall.CheckInPerson(ctx, me(ctx), p.ID))
		})
	api.Post(app, api.Op{ID: "give-ticket", Path: "/api/v1/village/tickets", Tag: "queue", Summary: "Give a ticket to somebody without an appointment"},
		func(ctx context.Context, in *giveTicketIn) (*citizen.TicketOut, error) {
			w, err := in.wish(ctx, door)
			if err != nil {
				return nil, err
			}
			t, err := hall.Give(ctx, me(ctx), w)
			if err != nil {
				return nil, err
			}
			turn, _, err := hall.History(ctx, me(ctx), t.ID)
			out := citizen.TurnFrom(turn)
			return &out, err
		})
}

func (in *giveTicketIn) wish(ctx context.Context, door *person.Door) (w queue.Wish, err error) {
	w = queue.Wish{Item: catalog.ItemCode(in.Body.Item), Origin: queue.Origin(in.Body.Origin), Priority: queue.Priority(in.Body.Priority)}
	if c := in.Body.Carries; c != nil {
		w.Carries = c.Number
		if w.CarryDay, err = workday.ParseDate(c.Date); err != nil {
			return w, err
		}
	}
	if in.Body.Person == nil {
		return w, nil
	}
	p, err := received(ctx, door, *in.Body.Person)
	w.Person = p.ID
	return w, err
}
