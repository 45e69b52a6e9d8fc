package village

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/place"
)

type enterIn struct {
	api.Write
	Body struct {
		Kind   string    `json:"kind" enum:"closure,exception,series" doc:"closure: nobody is served; exception: these days have these hours, holiday or not; series: other weekly hours for some time"`
		From   time.Time `json:"from" doc:"midnight for exceptions and series"`
		To     time.Time `json:"to" doc:"the first instant after it"`
		Window int       `json:"window,omitempty" minimum:"0" maximum:"1000" doc:"closure of one window only"`
		Item   string    `json:"item,omitempty" maxLength:"32" doc:"closure for one item only"`
		Hours  string    `json:"hours,omitempty" maxLength:"200" doc:"of an exception: 09:00-12:00,14:00-16:00, none = closed; of a series: Mon-Fri 09:00-12:00;Sat 09:00-11:00"`
		Reason string    `json:"reason" minLength:"2" maxLength:"100" doc:"what people are told, without names of persons"`
	}
}

// EntryActIn is an act on something with an id.
type EntryActIn struct {
	api.Write
	ID string `path:"id" format:"uuid"`
}

type timetableIn struct{ api.Page }

type entryOut struct {
	ID       string `json:"id" format:"uuid"`
	Kind     string `json:"kind" enum:"closure,exception,series"`
	From     string `json:"from"`
	To       string `json:"to"`
	Window   int    `json:"window,omitempty"`
	Item     string `json:"item,omitempty"`
	Hours    string `json:"hours,omitempty"`
	Reason   string `json:"reason"`
	MadeAt   string `json:"made_at"`
	UndoneAt string `json:"undone_at,omitempty"`
}

type enteredOut struct {
	Entry entryOut                 `json:"entry"`
	Hit   []citizen.AppointmentOut `json:"hit" doc:"appointments and holds that it concerns; their people are told"`
}

// Timetable registers when an office is open beside its weekly hours.
func Timetable(app *api.App, desk *appointment.Desk) {
	api.Get(app, api.Op{ID: "timetable", Path: "/api/v1/village/timetable", Tag: "staff", Summary: "My office's closures, exceptions and series from today on, undone ones too"},
		func(ctx context.Context, in *timetableIn) (*api.List[entryOut], error) {
			list, err := desk.Entries(ctx, *api.Who(ctx).Member, in.Cursor, in.Most())
			return api.Paged(in.Page, list, entryFrom, func(e place.Entry) string { return e.ID }), err
		})
	api.Post(app, api.Op{ID: "enter-timetable", Path: "/api/v1/village/timetable", Tag: "staff", Summary: "Close, or open at other hours",
		About: "It holds at once. Appointments that it hits stay with their people, who are told and may move them outside the usual limits."},
		func(ctx context.Context, in *enterIn) (*enteredOut, error) {
			e, err := in.entry()
			if err != nil {
				return nil, err
			}
			e, hit, err := desk.Enter(ctx, *api.Who(ctx).Member, e)
			return enteredFrom(e, hit), err
		})
	api.Post(app, api.Op{ID: "undo-timetable", Path: "/api/v1/village/timetable/{id}/undo", Tag: "staff", Summary: "Take an entry back",
		About: "Appointments that it had hit and nobody has moved stand again; their people are told."},
		func(ctx context.Context, in *EntryActIn) (*enteredOut, error) {
			e, again, err := desk.Undo(ctx, *api.Who(ctx).Member, in.ID)
			return enteredFrom(e, again), err
		})
}

func (in *enterIn) entry() (e place.Entry, err error) {
	e = place.Entry{
		Kind: place.EntryKind(in.Body.Kind), From: in.Body.From, To: in.Body.To, Window: in.Body.Window, Item: in.Body.Item, Reason: in.Body.Reason,
	}
	switch e.Kind {
	case place.Exception:
		e.Sessions, err = place.ParseSessions(in.Body.Hours)
	case place.Series:
		e.Weekly, err = place.ParseHours(in.Body.Hours)
	default:
		if in.Body.Hours != "" {
			return e, appointment.ErrEntryKind
		}
	}
	if err != nil {
		return e, appointment.ErrEntryHours.Because(err)
	}
	return e, nil
}

func entryFrom(e place.Entry) entryOut {
	out := entryOut{
		ID: e.ID, Kind: string(e.Kind), From: api.At(e.From), To: api.At(e.To), Window: e.Window, Item: e.Item,
		Hours: place.SessionsText(e.Sessions), Reason: e.Reason, MadeAt: api.At(e.MadeAt), UndoneAt: api.At(e.UndoneAt),
	}
	if e.Kind == place.Series {
		out.Hours = e.Weekly.String()
	}
	return out
}

func enteredFrom(e place.Entry, hit []appointment.Appointment) *enteredOut {
	out := &enteredOut{Entry: entryFrom(e), Hit: []citizen.AppointmentOut{}}
	for _, a := range hit {
		out.Hit = append(out.Hit, citizen.AppointmentFrom(a))
	}
	return out
}
