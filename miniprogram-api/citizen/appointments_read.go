package citizen

import (
	"context"
	"slices"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type slotsIn struct {
	Office   string   `path:"office" maxLength:"32"`
	Item     string   `query:"item" required:"true" maxLength:"32"`
	More     []string `query:"more_items" maxItems:"4" doc:"further items of the same visit, a comma between"`
	People   int      `query:"people" minimum:"1" maximum:"100" default:"1" doc:"who come together"`
	Window   int      `query:"window" minimum:"1" maximum:"1000" doc:"a window that can be asked for; any if left out"`
	Priority string   `query:"priority" enum:"elderly,pregnant,disabled,veteran" doc:"why the person comes before others"`
	From     string   `query:"from" format:"date" doc:"first date; today if left out"`
	Days     int      `query:"days" minimum:"1" maximum:"31" default:"7"`
}

func (in *slotsIn) wish() appointment.Wish {
	return appointment.Wish{
		Office: place.OfficeCode(in.Office), Item: catalog.ItemCode(in.Item), More: ItemCodes(in.More),
		People: in.People, Window: in.Window, Priority: appointment.Priority(in.Priority),
	}
}

// codeMost is the longest code of an item, in bytes.
const codeMost = 32

// ItemCodes reads codes of items.
func ItemCodes(list []string) (codes []catalog.ItemCode) {
	for _, code := range list {
		codes = append(codes, catalog.ItemCode(code))
	}
	return codes
}

// slots registers what can be booked.
func slots(app *api.App, desk *appointment.Desk) {
	var kept keptSlots
	api.Get(app, api.Op{ID: "slots", Path: "/api/v1/offices/{office}/slots", Tag: "appointments", Summary: "What can be booked at an office for an item"},
		func(ctx context.Context, in *slotsIn) (*slotsBytes, error) {
			var from workday.Date
			if in.From != "" {
				var err error
				if from, err = workday.ParseDate(in.From); err != nil {
					return nil, err
				}
			}
			if slices.ContainsFunc(in.More, func(code string) bool { return len(code) > codeMost }) {
				return nil, api.ErrInvalid.With(fault.Field{Path: "query.more_items", Text: "事项编码最长32个字符，多个之间用逗号隔开"})
			}
			return kept.answer(in, desk, func() (*slotsOut, error) {
				days, err := desk.Days(ctx, in.wish(), from, in.Days)
				return slotsFrom(days, desk.Calendar), err
			})
		})
	api.Get(app, api.Op{ID: "other-times", Path: "/api/v1/appointments/{id}/other-times", Tag: "appointments",
		Summary: "The next times that my appointment could be moved to at its office"},
		func(ctx context.Context, in *AppointmentIn) (*otherTimesOut, error) {
			list, err := desk.OtherTimes(ctx, api.Person(ctx), appointment.ID(in.ID))
			return otherTimesFrom(list), err
		})
}

type otherTimesOut struct {
	Items []slotOut `json:"items"`
}

func otherTimesFrom(list []appointment.Slot) *otherTimesOut {
	return &otherTimesOut{Items: slotList(list)}
}

type namedWindowsIn struct {
	Office string `path:"office" maxLength:"32"`
}

type namedWindowsOut struct {
	Items []namedWindowOut `json:"items"`
}

type namedWindowOut struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
	From   string `json:"from" doc:"first date"`
	To     string `json:"to,omitempty" doc:"the date from which it can be asked for no more"`
}

// namedWindows registers which windows can be asked for.
func namedWindows(app *api.App, desk *appointment.Desk) {
	api.Get(app, api.Op{ID: "named-windows", Path: "/api/v1/offices/{office}/windows", Tag: "appointments", Summary: "The windows of an office that can be asked for by number"},
		func(ctx context.Context, in *namedWindowsIn) (*namedWindowsOut, error) {
			list, err := desk.NamedWindows(ctx, place.OfficeCode(in.Office))
			out := &namedWindowsOut{Items: []namedWindowOut{}}
			for _, n := range list {
				o := namedWindowOut{Number: n.Number, Name: n.Name, From: api.On(workday.DateOf(n.From))}
				if !n.To.IsZero() {
					o.To = api.On(workday.DateOf(n.To))
				}
				out.Items = append(out.Items, o)
			}
			return out, err
		})
}
