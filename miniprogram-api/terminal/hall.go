package terminal

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	person "github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/terminal"
)

const idleSeconds = int(person.TerminalIdle / time.Second)

type itemIn struct {
	api.Write
	Body struct {
		Item string `json:"item" minLength:"1" maxLength:"32"`
	}
}

type itemOut struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	Department string `json:"department"`
	Level      int    `json:"identity_level" doc:"4: the face must have been matched on the phone within a day"`
}

type itemsOut struct {
	Items []itemOut `json:"items"`
}

// Hall registers tickets, check-in and applications at a terminal.
func Hall(app *api.App, k *terminal.Keeper, hall *queue.Hall, counter *casework.Counter) {
	api.Post(app, api.Op{ID: "terminal-ticket", Path: "/api/v1/terminal/tickets", Tag: "terminal", Summary: "Take a ticket at the terminal, signed in or not"},
		func(ctx context.Context, in *itemIn) (*citizen.TicketOut, error) {
			m, err := k.Member(ctx, device(ctx))
			if err != nil {
				return nil, err
			}
			t, err := hall.Give(ctx, m, queue.Wish{Item: catalog.ItemCode(in.Body.Item), Origin: queue.Kiosk, Person: api.Person(ctx)})
			if err != nil {
				return nil, err
			}
			turn, _, err := hall.History(ctx, m, t.ID)
			out := citizen.TurnFrom(turn)
			return &out, err
		})
	api.Post(app, api.Op{ID: "terminal-check-in", Path: "/api/v1/terminal/check-in", Tag: "terminal", Summary: "Check in the appointment that I have here today"},
		func(ctx context.Context, _ *actIn) (*citizen.ArrivalOut, error) {
			m, err := k.Member(ctx, device(ctx))
			if err != nil {
				return nil, err
			}
			return citizen.ArrivalOr(hall.CheckInPerson(ctx, m, api.Person(ctx)))
		})
	api.Get(app, api.Op{ID: "terminal-items", Path: "/api/v1/terminal/items", Tag: "terminal", Summary: "What can be applied for at this terminal"},
		func(ctx context.Context, _ *nothing) (*itemsOut, error) {
			list, err := k.Items(ctx, device(ctx))
			out := &itemsOut{Items: []itemOut{}}
			for _, i := range list {
				out.Items = append(out.Items, itemOut{string(i.Code), i.Name, i.Department.Name, i.IdentityLevel})
			}
			return out, err
		})
	applications(app, k, counter)
	slips(app, k, hall)
}

// applications are for items that are marked self-service; form and files go
// the same way as from a phone.
func applications(app *api.App, k *terminal.Keeper, counter *casework.Counter) {
	api.Post(app, api.Op{ID: "terminal-case", Path: "/api/v1/terminal/cases", Tag: "terminal", Summary: "Begin an application at the terminal; what is known is filled in",
		About: "It is a draft like any other: whoever walks away goes on with it on the phone."},
		func(ctx context.Context, in *itemIn) (*citizen.CaseOut, error) {
			m, err := k.MemberFor(ctx, device(ctx), catalog.ItemCode(in.Body.Item))
			if err != nil {
				return nil, err
			}
			cs, err := counter.Open(ctx, api.Who(ctx).Account, casework.Opening{Item: catalog.ItemCode(in.Body.Item), Office: m.Office})
			if err != nil {
				return nil, err
			}
			out := citizen.CaseFrom(cs)
			return &out, k.Begun(ctx, api.Who(ctx).Session.ID, string(cs.ID))
		})
	api.Post(app, api.Op{ID: "terminal-submit", Path: "/api/v1/terminal/cases/{id}/submit", Tag: "terminal", Summary: "Hand in an application at the terminal; the outcome comes at once"},
		func(ctx context.Context, in *citizen.CaseActIn) (*citizen.ResultOut, error) {
			cs, err := counter.Own(ctx, api.Person(ctx), casework.ID(in.ID))
			if err != nil {
				return nil, err
			}
			if err := k.MayApply(ctx, cs.Item); err != nil {
				return nil, err
			}
			r, err := counter.Submit(ctx, api.Who(ctx).Account, cs.ID)
			return citizen.Resulted(ctx, counter, r, err)
		})
}

type slipIn struct {
	ID      string    `json:"id" minLength:"8" maxLength:"64" doc:"the device's own, never used twice"`
	Number  int       `json:"number" minimum:"1" maximum:"999" doc:"of the device's own part of the paper block"`
	Item    string    `json:"item" minLength:"1" maxLength:"32"`
	TakenAt time.Time `json:"taken_at" doc:"by the device's clock"`
}

type slipsIn struct {
	api.Write
	Body struct {
		SentAt time.Time `json:"sent_at" doc:"what the device's clock says now"`
		Slips  []slipIn  `json:"slips" minItems:"1" maxItems:"500"`
	}
}

type slipOut struct {
	ID     string `json:"id"`
	Result string `json:"result" enum:"done,already_done,conflict"`
	Ticket string `json:"ticket,omitempty" format:"uuid"`
	Code   string `json:"code,omitempty" doc:"of the problem, where in conflict"`
	Detail string `json:"detail,omitempty"`
}

// slips takes in the numbers that the device gave while it had no network.
func slips(app *api.App, k *terminal.Keeper, hall *queue.Hall) {
	api.Post(app, api.Op{ID: "terminal-slips", Path: "/api/v1/terminal/slips", Tag: "terminal", Summary: "Enter the numbers that this terminal gave out without a network",
		About: "Only numbers of its own block; each once, however often it comes, with the place of the time when it was taken."},
		func(ctx context.Context, in *slipsIn) (*api.List[slipOut], error) {
			list := make([]queue.Slip, len(in.Body.Slips))
			for i, s := range in.Body.Slips {
				list[i] = queue.Slip{ID: s.ID, Number: s.Number, Item: catalog.ItemCode(s.Item), Outcome: queue.Waiting, TakenAt: s.TakenAt}
			}
			m, err := k.Slips(ctx, device(ctx), list)
			if err != nil {
				return nil, err
			}
			done, err := hall.Enter(ctx, m, in.Body.SentAt, list)
			out := &api.List[slipOut]{Items: []slipOut{}}
			for _, o := range done {
				out.Items = append(out.Items, slipOut{o.ID, string(o.Result), string(o.Ticket), o.Code, o.Detail})
			}
			return out, err
		})
}
