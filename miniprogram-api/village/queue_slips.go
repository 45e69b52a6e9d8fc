package village

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/queue"
)

type slipIn struct {
	ID       string    `json:"id" minLength:"8" maxLength:"64" doc:"the device's own, never used twice"`
	Number   int       `json:"number" minimum:"1" maximum:"999" doc:"of the pre-printed block: 7 for P007"`
	Item     string    `json:"item" minLength:"1" maxLength:"32"`
	Priority string    `json:"priority,omitempty" enum:"elderly,pregnant,disabled,veteran"`
	Window   int       `json:"window,omitempty" minimum:"1" maximum:"1000"`
	Outcome  string    `json:"outcome" enum:"waiting,finished,missed,withdrawn"`
	TakenAt  time.Time `json:"taken_at" doc:"by the device's clock, as the others"`
	ServedAt time.Time `json:"served_at,omitempty" doc:"with finished"`
	EndedAt  time.Time `json:"ended_at,omitempty" doc:"with finished"`
}

type enterSlipsIn struct {
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
	State  string `json:"state,omitempty" enum:"waiting,called,serving,missed,parked,finished,withdrawn,closed"`
	Code   string `json:"code,omitempty" doc:"of the problem, where in conflict"`
	Detail string `json:"detail,omitempty"`
}

// Slips registers how paper numbers are entered once the network is back.
func Slips(app *api.App, hall *queue.Hall) {
	api.Post(app, api.Op{ID: "enter-slips", Path: "/api/v1/village/queue/slips", Tag: "queue",
		Summary: "Enter paper numbers that were given out without a network",
		About:   "Each slip is entered once, however often it comes, with the place of the time when it was taken; each is answered on its own."},
		func(ctx context.Context, in *enterSlipsIn) (*api.List[slipOut], error) {
			slips := make([]queue.Slip, len(in.Body.Slips))
			for i, s := range in.Body.Slips {
				slips[i] = queue.Slip{
					ID: s.ID, Number: s.Number, Item: catalog.ItemCode(s.Item), Priority: queue.Priority(s.Priority), Window: s.Window,
					Outcome: queue.State(s.Outcome), TakenAt: s.TakenAt, ServedAt: s.ServedAt, EndedAt: s.EndedAt,
				}
			}
			list, err := hall.Enter(ctx, me(ctx), in.Body.SentAt, slips)
			out := &api.List[slipOut]{Items: []slipOut{}}
			for _, o := range list {
				out.Items = append(out.Items, slipOut{o.ID, string(o.Result), string(o.Ticket), string(o.State), o.Code, o.Detail})
			}
			return out, err
		})
}
