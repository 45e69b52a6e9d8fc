// Package display (叫号屏) speaks to the screens in the offices' halls: which
// numbers are called to which windows, as a page of data and as a stream.
package display

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	domain "github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/queue"
)

// Hall knows the boards; *queue.Hall does.
type Hall interface {
	// Board reads an office's board. Error: place.ErrNoOffice.
	Board(ctx context.Context, office place.OfficeCode) (queue.Board, error)
	// Mine returns a person's own ticket as it stands. Error: queue.ErrNoTicket.
	Mine(ctx context.Context, who domain.ID, id queue.ID) (queue.Turn, error)
	// Versions tells which offices' queues have changed today.
	Versions(ctx context.Context) (map[place.OfficeCode]int64, error)
}

type boardIn struct {
	Office string `path:"office" maxLength:"32"`
}

type callOut struct {
	Number   string `json:"number" example:"B012"`
	Window   int    `json:"window"`
	State    string `json:"state" enum:"waiting,called,serving,missed,parked,finished,withdrawn,closed"`
	Calls    int    `json:"calls" doc:"how often it was called"`
	CalledAt string `json:"called_at"`
}

type laneOut struct {
	Lane     string `json:"lane" enum:"appointments,priorities,walk_ins"`
	LaneText string `json:"lane_text"`
	Waiting  int    `json:"waiting"`
}

// boardOut is what a screen shows. It names nobody.
type boardOut struct {
	Office      string    `json:"office"`
	Name        string    `json:"name"`
	Date        string    `json:"date"`
	Version     int64     `json:"version" doc:"counts the changes of the day's queue"`
	Calls       []callOut `json:"calls" doc:"the last called first"`
	Lanes       []laneOut `json:"lanes"`
	Open        []int     `json:"open_windows"`
	WaitMinutes *int      `json:"wait_minutes,omitempty" doc:"expected for somebody who takes a ticket now; absent where nobody can tell"`
	Basis       string    `json:"basis" doc:"what the estimate rests on, in Chinese"`
}

// Polled marks an answer that screens ask for again and again.
func (boardOut) Polled() {}

// Boards registers the screens' data and their stream, and that of a ticket.
func Boards(app *api.App, d *Display) {
	api.Get(app, api.Op{ID: "display", Path: "/api/v1/offices/{office}/display", Tag: "queue", Summary: "What the screen in an office's hall shows",
		About: "The same as a stream of server-sent events: `/api/v1/offices/{office}/display/events`. Each event `board` is the whole board; whoever reconnects has missed nothing."},
		func(ctx context.Context, in *boardIn) (*boardOut, error) {
			b, err := d.Hall.Board(ctx, place.OfficeCode(in.Office))
			if err != nil {
				return nil, err
			}
			return boardFrom(b), nil
		})
	app.Fiber.Get("/api/v1/offices/:office/display/events", d.serve)
	app.Fiber.Get("/api/v1/tickets/:id/events", d.serveTicket(app))
}

func boardFrom(b queue.Board) *boardOut {
	out := &boardOut{
		Office: string(b.Office.Code), Name: b.Office.Name, Date: api.On(b.Day), Version: b.Version,
		Calls: []callOut{}, Lanes: []laneOut{}, Open: append([]int{}, b.Windows...),
		WaitMinutes: citizen.WaitMinutes(b.Expect), Basis: b.Expect.Basis(),
	}
	for _, t := range b.Calls {
		out.Calls = append(out.Calls, callOut{t.Label(), t.Window, string(t.State), t.Calls, api.At(t.CalledAt)})
	}
	for _, lane := range queue.Lanes {
		out.Lanes = append(out.Lanes, laneOut{string(lane), lane.Words(), b.Waiting[lane]})
	}
	return out
}
