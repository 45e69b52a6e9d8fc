package admin

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type trailIn struct {
	Cursor string `query:"cursor" maxLength:"120" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"at most so many entries"`
	Kind   string `query:"kind" enum:"look,post_taken,post_left,agency,agency_ended,bypass" doc:"only these"`
	Member string `query:"member" format:"uuid" doc:"only what this member of staff did"`
	Person string `query:"person" format:"uuid" doc:"only what was done with this person's data or rights"`
	From   string `query:"from" format:"date" doc:"first day"`
	To     string `query:"to" format:"date" doc:"last day"`
}

type entryOut struct {
	Kind    string `json:"kind" enum:"look,post_taken,post_left,agency,agency_ended,bypass"`
	ID      string `json:"id" doc:"of the look, the post, the agency, or the case"`
	At      string `json:"at"`
	Member  string `json:"member,omitempty" doc:"who did it; absent: the person, an agent, or the command line"`
	Role    string `json:"role,omitempty"`
	Office  string `json:"office,omitempty"`
	Person  string `json:"person,omitempty" doc:"whom it is about"`
	Name    string `json:"name,omitempty" doc:"of that person, masked"`
	What    string `json:"what" doc:"what was looked at, which role, which kind of agency"`
	Purpose string `json:"purpose,omitempty" doc:"as the member of staff wrote it"`
}

// Trail registers the audit trail.
func Trail(app *api.App, gate *staff.Gate) {
	api.Get(app, api.Op{ID: "audit-trail", Path: "/api/v1/admin/trail", Tag: "admin",
		Summary: "Who looked at whom and what for, who was given or lost a right, what was let go without proof; newest first"},
		func(ctx context.Context, in *trailIn) (*api.List[entryOut], error) {
			s, err := in.search()
			if err != nil {
				return nil, err
			}
			list, err := gate.Trail(ctx, s)
			return api.Paged(api.Page{Limit: in.Limit}, list, entryFrom, staff.Entry.Cursor), err
		})
}

func (in *trailIn) search() (s staff.TrailSearch, err error) {
	s = staff.TrailSearch{Kind: staff.TrailKind(in.Kind), Actor: staff.ID(in.Member), Person: citizen.ID(in.Person), Most: in.Limit + 1}
	if s.After, err = staff.ParseTrailMark(in.Cursor); err != nil {
		return s, err
	}
	if s.From, err = dayOf(in.From, 0); err != nil {
		return s, err
	}
	s.To, err = dayOf(in.To, 1)
	return s, err
}

// dayOf is the beginning of the day so many days after a date, in the office's
// zone; the zero time for "".
func dayOf(date string, after int) (time.Time, error) {
	if date == "" {
		return time.Time{}, nil
	}
	d, err := workday.ParseDate(date)
	if err != nil {
		return time.Time{}, err
	}
	return time.Date(d.Year, d.Month, d.Day+after, 0, 0, 0, 0, workday.Zone), nil
}

func entryFrom(e staff.Entry) entryOut {
	return entryOut{
		string(e.Kind), e.ID, api.At(e.At), string(e.Actor), string(e.Role), string(e.Office), string(e.Person), e.Name, e.What, e.Purpose,
	}
}
