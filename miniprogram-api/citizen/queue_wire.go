package citizen

import (
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/queue"
)

// TicketOut is a ticket as its person and its office see it.
type TicketOut struct {
	ID          string `json:"id" format:"uuid"`
	Number      string `json:"number" doc:"as printed and called" example:"B012"`
	Office      string `json:"office"`
	Date        string `json:"date"`
	Item        string `json:"item"`
	Lane        string `json:"lane" enum:"appointments,priorities,walk_ins"`
	LaneText    string `json:"lane_text"`
	Origin      string `json:"origin" enum:"appointment,kiosk,staff,phone,paper"`
	Priority    string `json:"priority,omitempty" enum:"elderly,pregnant,disabled,veteran,carried"`
	Appointment string `json:"appointment,omitempty" format:"uuid"`
	State       string `json:"state" enum:"waiting,called,serving,missed,parked,finished,withdrawn,closed"`
	StateText   string `json:"state_text"`
	Window      int    `json:"window,omitempty" doc:"called to; or to be called to, where it was transferred to one"`
	Calls       int    `json:"calls,omitempty" doc:"how often it was called since it was last chosen"`
	DueAt       string `json:"due_at,omitempty" doc:"the appointment's time: before that it is called only where a window would stand idle"`
	TakenAt     string `json:"taken_at"`
	CalledAt    string `json:"called_at,omitempty"`
	ServedAt    string `json:"served_at,omitempty"`
	EndedAt     string `json:"ended_at,omitempty"`

	Before      *int   `json:"people_before,omitempty" doc:"who will be called before, while it waits"`
	WaitMinutes *int   `json:"wait_minutes,omitempty" doc:"expected; absent where nobody can tell"`
	Basis       string `json:"basis,omitempty" doc:"what the estimate rests on, in Chinese"`
}

// Polled marks an answer that phones ask for again and again.
func (TicketOut) Polled() {}

// TicketFrom encodes a ticket without an estimate.
func TicketFrom(t queue.Ticket) TicketOut {
	out := TicketOut{
		ID: string(t.ID), Number: t.Label(), Office: string(t.Office), Date: api.On(t.Day), Item: string(t.Item),
		Lane: string(t.Lane), LaneText: t.Lane.Words(), Origin: string(t.Origin), Priority: string(t.Priority),
		Appointment: string(t.Appointment), State: string(t.State), StateText: t.State.Words(), Window: t.Window, Calls: t.Calls,
		DueAt: api.At(t.Due), TakenAt: api.At(t.TakenAt), CalledAt: api.At(t.CalledAt), ServedAt: api.At(t.ServedAt), EndedAt: api.At(t.EndedAt),
	}
	if t.State == queue.Waiting {
		out.Window = t.OnlyWindow
	}
	return out
}

// TurnFrom encodes a ticket with its estimate.
func TurnFrom(t queue.Turn) TicketOut {
	out := TicketFrom(t.Ticket)
	if t.State == queue.Waiting {
		out.Before, out.WaitMinutes, out.Basis = &t.Expect.Before, WaitMinutes(t.Expect), t.Expect.Basis()
	}
	return out
}

// WaitMinutes rounds an estimate up to whole minutes; nil where it is not known.
func WaitMinutes(e queue.Expect) *int {
	if e.Wait < 0 {
		return nil
	}
	n := int((e.Wait + time.Minute - 1) / time.Minute)
	return &n
}

// ArrivalOut is an appointment that was checked in, with its ticket.
type ArrivalOut struct {
	AppointmentOut
	Ticket TicketOut `json:"ticket" doc:"the place in the queue"`
}

// ArrivalOr encodes a check-in.
func ArrivalOr(a queue.Arrival, err error) (*ArrivalOut, error) {
	if err != nil {
		return nil, err
	}
	return &ArrivalOut{AppointmentFrom(a.Appointment), TicketFrom(a.Ticket)}, nil
}

// SpotIn is where a phone is; it is exported because others embed it.
type SpotIn struct {
	Lng   float64 `json:"lng" doc:"degrees"`
	Lat   float64 `json:"lat" doc:"degrees"`
	Datum string  `json:"datum" enum:"wgs84,gcj02" doc:"which map the position was read on"`
}

func (in SpotIn) spot() queue.Spot {
	return queue.Spot{At: place.Position{Lng: in.Lng, Lat: in.Lat}, Datum: circle.Datum(in.Datum)}
}
