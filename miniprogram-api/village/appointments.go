package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type appointmentsIn struct {
	api.Page
	Date string `query:"date" format:"date" doc:"today if left out"`
}

// Appointments registers what an office does with its appointments.
func Appointments(app *api.App, desk *appointment.Desk) {
	api.Get(app, api.Op{ID: "office-appointments", Path: "/api/v1/village/appointments", Tag: "staff", Summary: "My office's appointments on a date, earliest first"},
		func(ctx context.Context, in *appointmentsIn) (*api.List[citizen.AppointmentOut], error) {
			var date workday.Date
			if in.Date != "" {
				var err error
				if date, err = workday.ParseDate(in.Date); err != nil {
					return nil, err
				}
			}
			list, err := desk.Today(ctx, *api.Who(ctx).Member, date, appointment.ID(in.Cursor), in.Most())
			return api.Paged(in.Page, list, citizen.AppointmentFrom, citizen.AppointmentID), err
		})
}
