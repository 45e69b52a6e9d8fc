package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/queue"
)

type takeTicketIn struct {
	api.Write
	Office string `path:"office" maxLength:"32"`
	Body   struct {
		SpotIn
		Item string `json:"item" maxLength:"32"`
	}
}

type checkInNearIn struct {
	AppointmentActIn
	Body SpotIn
}

type ticketsIn struct{}

type TicketIn struct {
	ID string `path:"id" format:"uuid"`
}

type TicketActIn struct {
	api.Write
	TicketIn
}

// ticketsMost is more tickets than a person has on one day.
const ticketsMost = 50

// Queue registers a person's own place in the queues.
func Queue(app *api.App, hall *queue.Hall) {
	api.Post(app, api.Op{ID: "take-ticket", Path: "/api/v1/offices/{office}/tickets", Tag: "queue", Summary: "Take a ticket by phone, near the office",
		About: "Needs a real name and a position near the office. One open ticket a person and office."},
		func(ctx context.Context, in *takeTicketIn) (*TicketOut, error) {
			t, err := hall.TakeNear(ctx, api.Who(ctx).Account, place.OfficeCode(in.Office), catalog.ItemCode(in.Body.Item), in.Body.spot())
			if err != nil {
				return nil, err
			}
			return turnOr(hall.Mine(ctx, t.Person, t.ID))
		})
	api.Post(app, api.Op{ID: "check-in-near", Path: "/api/v1/appointments/{id}/check-in", Tag: "queue", Summary: "Check my appointment in by phone, near the office"},
		func(ctx context.Context, in *checkInNearIn) (*ArrivalOut, error) {
			return ArrivalOr(hall.CheckInNear(ctx, api.Person(ctx), appointment.ID(in.ID), in.Body.spot()))
		})
	api.Get(app, api.Op{ID: "my-tickets", Path: "/api/v1/tickets", Tag: "queue", Summary: "My tickets of today, newest first"},
		func(ctx context.Context, _ *ticketsIn) (*api.List[TicketOut], error) {
			list, err := hall.MineAll(ctx, api.Person(ctx), ticketsMost)
			out := &api.List[TicketOut]{Items: []TicketOut{}}
			for _, t := range list {
				out.Items = append(out.Items, TurnFrom(t))
			}
			return out, err
		})
	api.Get(app, api.Op{ID: "my-ticket", Path: "/api/v1/tickets/{id}", Tag: "queue", Summary: "My place in the queue",
		About: "Ask every few seconds with If-None-Match: where nothing has changed the answer is 304, without a body. The same as a stream of server-sent events: `/api/v1/tickets/{id}/events`; each event `ticket` is the whole ticket. Where that is full (503), go on asking."},
		func(ctx context.Context, in *TicketIn) (*TicketOut, error) {
			return turnOr(hall.Mine(ctx, api.Person(ctx), queue.ID(in.ID)))
		})
	api.Post(app, api.Op{ID: "withdraw-ticket", Path: "/api/v1/tickets/{id}/withdraw", Tag: "queue", Summary: "Give my ticket up"},
		func(ctx context.Context, in *TicketActIn) (*TicketOut, error) {
			return TicketOr(hall.Withdraw(ctx, api.Person(ctx), queue.ID(in.ID)))
		})
}

func turnOr(t queue.Turn, err error) (*TicketOut, error) {
	if err != nil {
		return nil, err
	}
	out := TurnFrom(t)
	return &out, nil
}

// TicketOr encodes a ticket without an estimate, or gives the error.
func TicketOr(t queue.Ticket, err error) (*TicketOut, error) {
	if err != nil {
		return nil, err
	}
	out := TicketFrom(t)
	return &out, nil
}
