package village

import (
	"context"
	"fmt"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
)

// RuleBody is a rule as it goes over the wire: what is left out is left to the
// next wider rule.
type RuleBody struct {
	Item     string `json:"item,omitempty" maxLength:"32" doc:"for this item only; for every item if left out"`
	Lead     *int   `json:"lead_minutes,omitempty" doc:"a slot can be booked until so long before it starts"`
	Horizon  *int   `json:"horizon_days,omitempty" doc:"dates that can be booked, today among them"`
	Release  string `json:"release,omitempty" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" patternDescription:"08:00 这样的时刻" doc:"when one more date is released each day"`
	Quiet    *int   `json:"quiet_minutes,omitempty" doc:"about so long a seat given up is shown to nobody but the waiting list"`
	WalkIn   *int   `json:"walk_in_windows,omitempty" doc:"windows kept for walk-ins"`
	Priority *int   `json:"priority_seats,omitempty" doc:"seats at a time kept for those with priority"`
	Agents   *int   `json:"agent_seats,omitempty" doc:"seats at a time that agents may have at most"`
	Online   *int   `json:"online_seats,omitempty" doc:"seats at a time that can be had online at most"`
}

type setRuleIn struct{ Body RuleBody }

type rulesIn struct{}

type rulesOut struct {
	Items []ruleOut `json:"items"`
}

type ruleOut struct {
	City bool `json:"city,omitempty" doc:"said for every office"`
	RuleBody
}

func rules(app *api.App, desk *appointment.Desk) {
	api.Get(app, api.Op{ID: "booking-rules", Path: "/api/v1/village/booking-rules", Tag: "staff", Summary: "The rules said for my office, and the city's"},
		func(ctx context.Context, _ *rulesIn) (*rulesOut, error) {
			list, err := desk.BookingRules(ctx, api.Who(ctx).Member.Office)
			return rulesFrom(list), err
		})
	api.Put(app, api.Op{ID: "set-booking-rule", Path: "/api/v1/village/booking-rules", Tag: "staff", Summary: "Write the rule of my office, for all items or for one; an empty one takes it back"},
		func(ctx context.Context, in *setRuleIn) (*rulesOut, error) {
			office := api.Who(ctx).Member.Office
			if err := desk.SetRule(ctx, in.Body.rule(office)); err != nil {
				return nil, err
			}
			list, err := desk.BookingRules(ctx, office)
			return rulesFrom(list), err
		})
	api.Put(app, api.Op{ID: "set-city-rule", Path: "/api/v1/admin/booking-rules", Tag: "administration", Summary: "Write the city's rule, for all items or for one; an empty one takes it back"},
		func(ctx context.Context, in *setRuleIn) (*rulesOut, error) {
			if err := desk.SetRule(ctx, in.Body.rule("")); err != nil {
				return nil, err
			}
			list, err := desk.BookingRules(ctx, "")
			return rulesFrom(list), err
		})
}

func (b RuleBody) rule(office place.OfficeCode) appointment.Rule {
	number := func(n *int) int {
		switch {
		case n == nil:
			return appointment.Unsaid
		case *n < 0:
			return appointment.Unsaid - 1 // out of range, and not "unsaid"
		}
		return *n
	}
	r := appointment.Rule{
		Office: office, Item: catalog.ItemCode(b.Item), Lead: number(b.Lead), Horizon: number(b.Horizon), Release: appointment.Unsaid,
		Quiet: number(b.Quiet), WalkIn: number(b.WalkIn), Priority: number(b.Priority), Agents: number(b.Agents), Online: number(b.Online),
	}
	var hour, minute int
	if n, _ := fmt.Sscanf(b.Release, "%d:%d", &hour, &minute); n == 2 {
		r.Release = hour*60 + minute
	}
	return r
}

func rulesFrom(list []appointment.Rule) *rulesOut {
	said := func(n int) *int {
		if n == appointment.Unsaid {
			return nil
		}
		return &n
	}
	out := &rulesOut{Items: []ruleOut{}}
	for _, r := range list {
		o := ruleOut{City: r.Office == "", RuleBody: RuleBody{
			Item: string(r.Item), Lead: said(r.Lead), Horizon: said(r.Horizon), Quiet: said(r.Quiet), WalkIn: said(r.WalkIn),
			Priority: said(r.Priority), Agents: said(r.Agents), Online: said(r.Online),
		}}
		if r.Release != appointment.Unsaid {
			o.Release = fmt.Sprintf("%02d:%02d", r.Release/60, r.Release%60)
		}
		out.Items = append(out.Items, o)
	}
	return out
}
