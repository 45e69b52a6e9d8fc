package citizen

import (
	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type slotOut struct {
	StartsAt string `json:"starts_at"`
	EndsAt   string `json:"ends_at"`
	Free     int    `json:"free" doc:"how many more can start then; 0 is full"`
}

type dayOut struct {
	Date        string    `json:"date"`
	Open        bool      `json:"open" doc:"whether there are slots, full ones among them"`
	Why         string    `json:"why,omitempty" doc:"why nothing can be booked, in Chinese"`
	Provisional bool      `json:"provisional,omitempty" doc:"the holidays of that year are not arranged yet"`
	Slots       []slotOut `json:"slots"`
}

type slotsOut struct {
	Items    []dayOut `json:"items" doc:"one for each date"`
	Warnings []string `json:"warnings,omitempty" doc:"years among these dates whose holidays are not arranged yet, in Chinese"`
}

func slotsFrom(days []appointment.Day, c *workday.Calendar) *slotsOut {
	out := &slotsOut{Items: make([]dayOut, 0, len(days))}
	for _, d := range days {
		out.Items = append(out.Items, dayOut{
			Date: api.On(d.Date), Open: d.Open, Why: d.Why, Provisional: d.Provisional, Slots: slotList(d.Slots),
		})
	}
	if len(days) > 0 {
		for _, w := range c.Warnings(days[0].Date, days[len(days)-1].Date) {
			out.Warnings = append(out.Warnings, w.Text)
		}
	}
	return out
}

func slotList(list []appointment.Slot) []slotOut {
	out := make([]slotOut, 0, len(list))
	for _, s := range list {
		out = append(out, slotOut{api.At(s.StartsAt), api.At(s.EndsAt), s.Free})
	}
	return out
}

// AppointmentOut is an appointment as its person and its office see it.
type AppointmentOut struct {
	ID        string   `json:"id" format:"uuid"`
	Code      string   `json:"code,omitempty" doc:"to show or say at the office; none for a hold"`
	Office    string   `json:"office"`
	Item      string   `json:"item"`
	More      []string `json:"more_items,omitempty" doc:"further items of the same visit"`
	StartsAt  string   `json:"starts_at"`
	EndsAt    string   `json:"ends_at"`
	People    int      `json:"people"`
	Window    int      `json:"window,omitempty" doc:"the window that is theirs; absent: whichever is free"`
	Channel   string   `json:"channel" enum:"online,agent,office"`
	Priority  string   `json:"priority,omitempty" enum:"elderly,pregnant,disabled,veteran"`
	Seen      string   `json:"priority_seen,omitempty" enum:"shown,not_shown" doc:"what staff found of the priority"`
	State     string   `json:"state" enum:"held,booked,checked_in,served,cancelled,lapsed,no_show"`
	StateText string   `json:"state_text"`
	HoldEnds  string   `json:"hold_ends,omitempty" doc:"book before that"`
	MadeAt    string   `json:"made_at"`
	CheckedAt string   `json:"checked_at,omitempty" doc:"check-in"`
	Displaced bool     `json:"displaced,omitempty" doc:"the office is closed at that time: it may be moved outside the usual limits"`
	MoveUntil string   `json:"move_until,omitempty" doc:"of a displaced one: when it ends unless it is moved"`
}

// AppointmentFrom encodes an appointment.
func AppointmentFrom(a appointment.Appointment) AppointmentOut {
	out := AppointmentOut{
		ID: string(a.ID), Code: string(a.Code), Office: string(a.Office), Item: string(a.Item),
		StartsAt: api.At(a.StartsAt), EndsAt: api.At(a.EndsAt), People: a.People,
		State: string(a.State), StateText: a.State.Words(), MadeAt: api.At(a.MadeAt), CheckedAt: api.At(a.CheckedAt),
	}
	for _, item := range a.More {
		out.More = append(out.More, string(item))
	}
	out.Window, out.Channel, out.Priority, out.Seen = a.Window, string(a.Channel), string(a.Priority), string(a.Seen)
	if out.Displaced = a.Displaced(); out.Displaced {
		out.MoveUntil = api.At(a.LapsesAt)
	}
	switch a.State {
	case appointment.Held:
		out.Code, out.HoldEnds = "", api.At(a.LapsesAt)
	case appointment.Lapsed:
		out.Code = ""
	}
	return out
}

// AppointmentID is an appointment's cursor in a list.
func AppointmentID(a appointment.Appointment) string { return string(a.ID) }

func appointmentOr(a appointment.Appointment, err error) (*AppointmentOut, error) {
	if err != nil {
		return nil, err
	}
	out := AppointmentFrom(a)
	return &out, nil
}
