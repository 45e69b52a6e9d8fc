package village

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/rush"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type announceIn struct {
	api.Write
	Body struct {
		Item      string    `json:"item" maxLength:"32"`
		FirstDate string    `json:"first_date" format:"date" doc:"first date of the visits"`
		LastDate  string    `json:"last_date" format:"date"`
		OpensAt   time.Time `json:"opens_at" doc:"the seats are released then"`
		EndsAt    time.Time `json:"ends_at" doc:"from then on the seats are booked without the room"`
		PerSecond int       `json:"per_second" minimum:"1" maximum:"10000" default:"20" doc:"how many are let through in a second"`
	}
}

type callOffIn struct {
	api.Write
	citizen.RushIn
}

type calledOffOut struct {
	ID string `json:"id" format:"uuid"`
}

// Rushes registers what an office releases at one second.
func Rushes(app *api.App, room *rush.Room) {
	api.Post(app, api.Op{ID: "announce-rush", Path: "/api/v1/village/rushes", Tag: "staff", Summary: "Hold my office's seats for an item back and release them at one second",
		About: "Until then nobody books them; afterwards a waiting room lets people through."},
		func(ctx context.Context, in *announceIn) (*citizen.RushOut, error) {
			plan, err := planned(in)
			if err != nil {
				return nil, err
			}
			r, err := room.Announce(ctx, *api.Who(ctx).Member, plan)
			if err != nil {
				return nil, err
			}
			out := citizen.RushFrom(r, r.MadeAt)
			return &out, nil
		})
	api.Post(app, api.Op{ID: "call-off-rush", Path: "/api/v1/village/rushes/{id}/call-off", Tag: "staff", Summary: "Free the seats that my office holds back"},
		func(ctx context.Context, in *callOffIn) (*calledOffOut, error) {
			return &calledOffOut{in.ID}, room.CallOff(ctx, *api.Who(ctx).Member, rush.ID(in.ID))
		})
}

func planned(in *announceIn) (p rush.Plan, err error) {
	p = rush.Plan{Item: catalog.ItemCode(in.Body.Item), OpensAt: in.Body.OpensAt, EndsAt: in.Body.EndsAt, PerSecond: in.Body.PerSecond}
	if p.First, err = workday.ParseDate(in.Body.FirstDate); err != nil {
		return p, err
	}
	p.Last, err = workday.ParseDate(in.Body.LastDate)
	return p, err
}
