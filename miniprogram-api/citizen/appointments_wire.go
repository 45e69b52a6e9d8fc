package citizen

import (
	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
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
	Items []dayOut `json:"items" doc:"one for each date"`
}

func slotsFrom(days []appointment.Day) *slotsOut {
	out := &slotsOut{Items: make([]dayOut, 0, len(days))}
	for _, d := range days {
		day := dayOut{Date: api.On(d.Date), Open: d.Open, Why: d.Why, Provisional: d.Provisional, Slots: make([]slotOut, 0, len(d.Slots))}
		for _, s := range d.Slots {
			day.Slots = append(day.Slots, slotOut{api.At(s.StartsAt), api.At(s.EndsAt), s.Free})
		}
		out.Items = append(out.Items, day)
	}
	return out
}

// AppointmentOut is an appointment as its person and its office see it.
type AppointmentOut struct {
	ID        string `json:"id" format:"uuid"`
	Code      string `json:"code,omitempty" doc:"to show or say at the office; none for a hold"`
	Office    string `json:"office"`
	Item      string `json:"item"`
	StartsAt  string `json:"starts_at"`
	EndsAt    string `json:"ends_at"`
	People    int    `json:"people"`
	State     string `json:"state" enum:"held,booked,checked_in,served,cancelled,lapsed,no_show"`
	StateText string `json:"state_text"`
	HoldEnds  string `json:"hold_ends,omitempty" doc:"book before that"`
	MadeAt    string `json:"made_at"`
	CheckedAt string `json:"checked_at,omitempty" doc:"check-in"`
}

// AppointmentFrom encodes an appointment.
func AppointmentFrom(a appointment.Appointment) AppointmentOut {
	out := AppointmentOut{
		ID: string(a.ID), Code: string(a.Code), Office: string(a.Office), Item: string(a.Item),
		StartsAt: api.At(a.StartsAt), EndsAt: api.At(a.EndsAt), People: a.People,
		State: string(a.State), StateText: a.State.Words(), MadeAt: api.At(a.MadeAt), CheckedAt: api.At(a.CheckedAt),
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
