package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/staff"
)

type callNextIn struct{ api.Write }

type transferIn struct {
	citizen.TicketActIn
	Body struct {
		Window int    `json:"window,omitempty" minimum:"1" maximum:"1000" doc:"only this window may call it"`
		Lane   string `json:"lane,omitempty" enum:"appointments,priorities,walk_ins"`
		Item   string `json:"item,omitempty" minLength:"1" maxLength:"32"`
	}
}

type ticketTurnOut struct {
	Act       string `json:"act" enum:"take,call,recall,skip,call_back,return,serve,park,transfer,put_back,finish,reopen,withdraw,close"`
	State     string `json:"state" enum:"waiting,called,serving,missed,parked,finished,withdrawn,closed"`
	StateText string `json:"state_text"`
	Lane      string `json:"lane" enum:"appointments,priorities,walk_ins"`
	Window    int    `json:"window,omitempty"`
	Clerk     string `json:"clerk,omitempty" format:"uuid" doc:"the post that did it; none for the person, or time"`
	At        string `json:"happened_at"`
}

type historyOut struct {
	citizen.TicketOut
	History []ticketTurnOut `json:"history" doc:"the first first"`
}

// Calls registers what clerks do with tickets.
func Calls(app *api.App, hall *queue.Hall) {
	api.Get(app, api.Op{ID: "queue-tickets", Path: "/api/v1/village/tickets", Tag: "queue", Summary: "My office's tickets of today that are not over"},
		func(ctx context.Context, _ *queueIn) (*api.List[citizen.TicketOut], error) {
			list, err := hall.Today(ctx, me(ctx))
			out := &api.List[citizen.TicketOut]{Items: []citizen.TicketOut{}}
			for _, t := range list {
				out.Items = append(out.Items, citizen.TurnFrom(t))
			}
			return out, err
		})
	api.Get(app, api.Op{ID: "queue-ticket", Path: "/api/v1/village/tickets/{id}", Tag: "queue", Summary: "One ticket of my office with its history"},
		func(ctx context.Context, in *citizen.TicketIn) (*historyOut, error) {
			t, events, err := hall.History(ctx, me(ctx), queue.ID(in.ID))
			return historyFrom(t, events), err
		})
	api.Post(app, api.Op{ID: "call-next", Path: "/api/v1/village/queue/next", Tag: "queue", Summary: "Call whoever is next for my window"},
		func(ctx context.Context, _ *callNextIn) (*citizen.TicketOut, error) {
			return citizen.TicketOr(hall.CallNext(ctx, me(ctx)))
		})
	api.Post(app, api.Op{ID: "transfer-ticket", Path: "/api/v1/village/tickets/{id}/transfer", Tag: "queue",
		Summary: "Hand the ticket in hand over to another window, lane or item; it keeps its number, history and place"},
		func(ctx context.Context, in *transferIn) (*citizen.TicketOut, error) {
			return citizen.TicketOr(hall.Transfer(ctx, me(ctx), queue.ID(in.ID), queue.Handover{
				Window: in.Body.Window, Lane: queue.Lane(in.Body.Lane), Item: catalog.ItemCode(in.Body.Item),
			}))
		})
	for _, a := range []struct {
		id, verb, summary string
		do                func(context.Context, staff.Member, queue.ID) (queue.Ticket, error)
	}{
		{"call-back-ticket", "call", "Call a missed or parked ticket to my window", hall.CallBack},
		{"recall-ticket", "recall", "Call the ticket in hand once more", hall.Recall},
		{"skip-ticket", "skip", "Pass over the ticket in hand: nobody has come", hall.Skip},
		{"serve-ticket", "serve", "The person has come to the window", hall.Serve},
		{"park-ticket", "park", "Let the person fetch or fill in something", hall.Park},
		{"return-ticket", "return", "Put a parked ticket back in its place, a missed one at the end", hall.Return},
		{"finish-ticket", "finish", "The visit is done; its appointment counts as served", hall.Finish},
		{"reopen-ticket", "reopen", "Take up again what was finished by mistake a moment ago", hall.Reopen},
		{"give-up-ticket", "withdraw", "Give a ticket up for a person who says so", hall.WithdrawAtDesk},
	} {
		api.Post(app, api.Op{ID: a.id, Path: "/api/v1/village/tickets/{id}/" + a.verb, Tag: "queue", Summary: a.summary},
			func(ctx context.Context, in *citizen.TicketActIn) (*citizen.TicketOut, error) {
				return citizen.TicketOr(a.do(ctx, me(ctx), queue.ID(in.ID)))
			})
	}
}

func historyFrom(t queue.Turn, events []queue.Event) *historyOut {
	out := &historyOut{TicketOut: citizen.TurnFrom(t), History: []ticketTurnOut{}}
	for _, e := range events {
		out.History = append(out.History, ticketTurnOut{
			Act: string(e.Act), State: string(e.State), StateText: e.State.Words(), Lane: string(e.Lane), Window: e.Window,
			Clerk: string(e.Clerk), At: api.At(e.At),
		})
	}
	return out
}
