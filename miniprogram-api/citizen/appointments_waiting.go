package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type waitIn struct {
	api.Write
	Body struct {
		Office   string `json:"office" maxLength:"32"`
		Item     string `json:"item" maxLength:"32"`
		People   int    `json:"people,omitempty" minimum:"1" maximum:"100" default:"1"`
		Priority string `json:"priority,omitempty" enum:"elderly,pregnant,disabled,veteran"`
		From     string `json:"from" format:"date" doc:"first date that suits"`
		To       string `json:"to" format:"date" doc:"last date that suits"`
	}
}

type WaitingActIn struct {
	api.Write
	ID string `path:"id" format:"uuid"`
}

type waitingIn struct{ api.Page }

type waitingOut struct {
	ID          string `json:"id" format:"uuid"`
	Office      string `json:"office"`
	Item        string `json:"item"`
	People      int    `json:"people"`
	Priority    string `json:"priority,omitempty"`
	From        string `json:"from"`
	To          string `json:"to"`
	State       string `json:"state" enum:"waiting,offered,accepted,declined,lapsed,left,ended"`
	Appointment string `json:"appointment,omitempty" doc:"what is or was offered"`
	OfferEnds   string `json:"offer_ends,omitempty" doc:"accept before that, or the next one is asked"`
	AskedAt     string `json:"asked_at"`
}

func waitingFrom(w appointment.Waiting) waitingOut {
	return waitingOut{
		ID: string(w.ID), Office: string(w.Office), Item: string(w.Item), People: w.People, Priority: string(w.Priority),
		From: api.On(workday.DateOf(w.From)), To: api.On(workday.DateOf(w.To).AddDays(-1)), State: string(w.State),
		Appointment: string(w.Appointment), OfferEnds: api.At(w.OfferEnds), AskedAt: api.At(w.AskedAt),
	}
}

func waitingOr(w appointment.Waiting, err error) (*waitingOut, error) {
	if err != nil {
		return nil, err
	}
	out := waitingFrom(w)
	return &out, nil
}

// WaitingList registers places on waiting lists.
func WaitingList(app *api.App, desk *appointment.Desk) {
	api.Post(app, api.Op{ID: "join-waiting", Path: "/api/v1/waiting", Tag: "appointments", Summary: "Wait for a seat at an office",
		About: "Seats that come free are offered in the order of asking. An offer is kept for some minutes; accepted by one act, or the next one is asked."},
		func(ctx context.Context, in *waitIn) (*waitingOut, error) {
			first, err := workday.ParseDate(in.Body.From)
			if err != nil {
				return nil, err
			}
			last, err := workday.ParseDate(in.Body.To)
			if err != nil {
				return nil, err
			}
			return waitingOr(desk.Wait(ctx, api.Who(ctx).Account, appointment.Wish{
				Office: place.OfficeCode(in.Body.Office), Item: catalog.ItemCode(in.Body.Item), People: in.Body.People,
				Priority: appointment.Priority(in.Body.Priority),
			}, first, last))
		})
	api.Get(app, api.Op{ID: "my-waiting", Path: "/api/v1/waiting", Tag: "appointments", Summary: "What I wait for, the newest first"},
		func(ctx context.Context, in *waitingIn) (*api.List[waitingOut], error) {
			list, err := desk.MyWaiting(ctx, api.Person(ctx), appointment.WaitingID(in.Cursor), in.Most())
			return api.Paged(in.Page, list, waitingFrom, func(w appointment.Waiting) string { return string(w.ID) }), err
		})
	api.Post(app, api.Op{ID: "accept-waiting", Path: "/api/v1/waiting/{id}/accept", Tag: "appointments", Summary: "Take what is offered: it is booked"},
		func(ctx context.Context, in *WaitingActIn) (*AppointmentOut, error) {
			return appointmentOr(desk.Accept(ctx, api.Person(ctx), appointment.WaitingID(in.ID)))
		})
	api.Post(app, api.Op{ID: "leave-waiting", Path: "/api/v1/waiting/{id}/leave", Tag: "appointments", Summary: "Wait no longer; what is offered goes to the next"},
		func(ctx context.Context, in *WaitingActIn) (*waitingOut, error) {
			return waitingOr(desk.Leave(ctx, api.Person(ctx), appointment.WaitingID(in.ID)))
		})
}
