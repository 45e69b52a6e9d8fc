package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
)

type appealIn struct {
	AppointmentActIn
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"500" doc:"why I could not come"`
	}
}

// AppealOut is an appeal as its person and its office see it.
type AppealOut struct {
	ID          string `json:"id" format:"uuid"`
	Appointment string `json:"appointment" format:"uuid"`
	Reason      string `json:"reason"`
	State       string `json:"state" enum:"open,granted,refused"`
	MadeAt      string `json:"made_at"`
	Answer      string `json:"answer,omitempty"`
	DecidedAt   string `json:"decided_at,omitempty"`
}

// AppealFrom encodes an appeal.
func AppealFrom(p appointment.Appeal) AppealOut {
	return AppealOut{
		ID: p.ID, Appointment: string(p.Appointment), Reason: p.Why, State: string(p.State),
		MadeAt: api.At(p.MadeAt), Answer: p.Answer, DecidedAt: api.At(p.DecidedAt),
	}
}

// AppealOr encodes an appeal, or passes the error on.
func AppealOr(p appointment.Appeal, err error) (*AppealOut, error) {
	if err != nil {
		return nil, err
	}
	out := AppealFrom(p)
	return &out, nil
}

// Appeals registers what a person may say against a no-show.
func Appeals(app *api.App, desk *appointment.Desk) {
	api.Post(app, api.Op{ID: "appeal-no-show", Path: "/api/v1/appointments/{id}/appeal", Tag: "appointments", Summary: "Ask that a missed appointment be forgiven; once"},
		func(ctx context.Context, in *appealIn) (*AppealOut, error) {
			return AppealOr(desk.Appeal(ctx, api.Person(ctx), appointment.ID(in.ID), in.Body.Reason))
		})
	api.Get(app, api.Op{ID: "my-appeal", Path: "/api/v1/appointments/{id}/appeal", Tag: "appointments", Summary: "What became of my appeal"},
		func(ctx context.Context, in *AppointmentIn) (*AppealOut, error) {
			return AppealOr(desk.AppealOf(ctx, api.Person(ctx), appointment.ID(in.ID)))
		})
}
