package citizen

import (
	"context"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/city"
)

// Pictures draws mini-program codes.
type Pictures interface {
	// CheckInCode is the picture (JPEG) of an appointment's code, to be kept
	// until the appointment is over.
	CheckInCode(ctx context.Context, code appointment.Code, until time.Time) ([]byte, error)
}

// Calendars registers what a person takes along of an appointment.
func Calendars(app *api.App, desk *appointment.Desk, shelf city.Shelf, pictures Pictures) {
	api.Get(app, api.Op{ID: "appointment-calendar", Path: "/api/v1/appointments/{id}/calendar", Tag: "appointments", Summary: "My appointment as a calendar file (ICS)"},
		func(ctx context.Context, in *AppointmentIn) (*api.File, error) {
			a, err := desk.Appointment(ctx, api.Person(ctx), appointment.ID(in.ID))
			if err != nil {
				return nil, err
			}
			edition, err := shelf.Current(ctx)
			if err != nil {
				return nil, err
			}
			return &api.File{Name: "appointment.ics", Media: "text/calendar; charset=utf-8", Content: calendarOf(a, edition, desk.Now())}, nil
		})
	api.Get(app, api.Op{ID: "appointment-code", Path: "/api/v1/appointments/{id}/code", Tag: "appointments", Summary: "The mini-program code to check in with (JPEG)",
		About: "Where WeChat cannot be reached, the number in the appointment does as well."},
		func(ctx context.Context, in *AppointmentIn) (*api.File, error) {
			a, err := desk.Appointment(ctx, api.Person(ctx), appointment.ID(in.ID))
			if err != nil {
				return nil, err
			}
			if a.State != appointment.Booked && a.State != appointment.CheckedIn {
				return nil, appointment.ErrNoShownCode
			}
			picture, err := pictures.CheckInCode(ctx, a.Code, a.LapsesAt)
			return &api.File{Name: "check-in.jpg", Media: "image/jpeg", Content: picture}, err
		})
}

// alarms are when a calendar reminds, before the start.
var alarms = []string{"-P1D", "-PT1H"}

// calendarOf writes RFC 5545: the same appointment keeps its UID and a later
// file has a higher SEQUENCE, so that one taken again after a move replaces the
// one before.
func calendarOf(a appointment.Appointment, e *city.Edition, now time.Time) []byte {
	c := ics.NewCalendar()
	c.SetProductId("-//Yimen//Appointments//ZH")
	c.SetMethod(ics.MethodPublish)
	ev := c.AddEvent(string(a.ID) + "@yimen")
	ev.SetDtStampTime(now.UTC())
	ev.SetSequence(int(now.Sub(a.MadeAt) / time.Second))
	ev.SetStartAt(a.StartsAt.UTC())
	ev.SetEndAt(a.EndsAt.UTC())
	summary, location := string(a.Item), string(a.Office)
	if i, err := e.Catalogue.Item(a.Item); err == nil {
		summary = i.Name
	}
	if o, err := e.Places.Office(a.Office); err == nil {
		location = o.Name
	}
	ev.SetSummary("政务预约：" + summary)
	ev.SetLocation(location)
	switch a.State {
	case appointment.Booked, appointment.CheckedIn, appointment.Served:
		ev.SetStatus(ics.ObjectStatusConfirmed)
		ev.SetDescription("预约码" + string(a.Code) + "，请按时到场签到。")
		for _, before := range alarms {
			alarm := ev.AddAlarm()
			alarm.SetAction(ics.ActionDisplay)
			alarm.SetTrigger(before)
			alarm.SetDescription("政务预约：" + summary)
		}
	case appointment.Held:
		ev.SetStatus(ics.ObjectStatusTentative)
	default:
		ev.SetStatus(ics.ObjectStatusCancelled)
	}
	return []byte(c.Serialize(ics.WithNewLineWindows))
}
