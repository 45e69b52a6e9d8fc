package village

import (
	"context"
	"io"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	routes "github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type arrangeIn struct {
	api.Write
	RawBody huma.MultipartFormFiles[struct {
		Kind            string        `form:"kind" required:"true" enum:"granted,guardian" doc:"granted: a signed mandate; guardian: the law or a court has given it"`
		Relation        string        `form:"relation" required:"true" enum:"spouse,parent,child,sibling,other_family,colleague,other" doc:"what the agent is to the principal"`
		PrincipalName   string        `form:"principal_name" required:"true" minLength:"1" maxLength:"60"`
		PrincipalNumber string        `form:"principal_number" required:"true" minLength:"15" maxLength:"24" doc:"resident identity number (GB 11643)"`
		AgentName       string        `form:"agent_name" required:"true" minLength:"1" maxLength:"60"`
		AgentNumber     string        `form:"agent_number" required:"true" minLength:"15" maxLength:"24" doc:"resident identity number (GB 11643)"`
		Items           string        `form:"items" maxLength:"800" doc:"item codes, comma separated; absent: every item"`
		Until           string        `form:"until" required:"true" doc:"last day: YYYY-MM-DD, at most 3 years ahead; of a child's guardian until it is of age"`
		File            huma.FormFile `form:"file" required:"true" doc:"the paper that it rests on: JPEG, PNG or PDF, at most 10 MB"`
	}]
}

type agenciesOfIn struct {
	api.Write
	Body ShownIdentity
}

type endAtWindowIn struct {
	api.Write
	routes.AgencyIn
	Body ShownIdentity
}

type agenciesOut struct {
	Items []routes.AgencyOut `json:"items"`
}

// Agencies registers what people without WeChat arrange at the window about
// who acts for them. The member of staff stands in the record.
func Agencies(app *api.App, door *citizen.Door, known func(context.Context, string) error) {
	api.Post(app, api.Op{ID: "arrange-agency", Path: "/api/v1/village/agencies", Tag: "staff", BodyMost: 11 << 20,
		Summary: "Arrange for two people who show their identity who acts for whom, on paper (wx.uploadFile); it counts at once"},
		func(ctx context.Context, in *arrangeIn) (*routes.AgencyOut, error) {
			r, err := arrangementOf(ctx, in, known)
			if err != nil {
				return nil, err
			}
			a, err := door.Arrange(ctx, string(api.Who(ctx).Member.ID), r)
			out := routes.AgencyFrom(a)
			return &out, err
		})
	api.Post(app, api.Op{ID: "agencies-at-window", Path: "/api/v1/village/agencies/find", Tag: "staff",
		Summary: "Who acts for the person at the window; the look is kept"},
		func(ctx context.Context, in *agenciesOfIn) (*agenciesOut, error) {
			who, err := in.Body.shown()
			if err != nil {
				return nil, err
			}
			list, err := door.AgenciesAtWindow(ctx, string(api.Who(ctx).Member.ID), who, in.Body.Purpose)
			out := &agenciesOut{Items: []routes.AgencyOut{}}
			for _, a := range list {
				out.Items = append(out.Items, routes.AgencyFrom(a))
			}
			return out, err
		})
	api.Post(app, api.Op{ID: "end-agency-at-window", Path: "/api/v1/village/agencies/{id}/end", Tag: "staff",
		Summary: "End an agency for its principal, who stands at the window"},
		func(ctx context.Context, in *endAtWindowIn) (*api.Done, error) {
			who, err := in.Body.shown()
			if err != nil {
				return nil, err
			}
			return &api.Done{Done: true}, door.EndAgencyAtWindow(ctx, string(api.Who(ctx).Member.ID), who, in.Body.Purpose, in.ID)
		})
}

// shown reads who stands at the window.
func (s ShownIdentity) shown() (citizen.Shown, error) { return shown(s.Name, s.Number) }

func shown(name, number string) (s citizen.Shown, err error) {
	if s.Name, err = citizen.ParseName(name); err != nil {
		return s, err
	}
	s.Number, err = citizen.ParseIDNumber(number)
	return s, err
}

func arrangementOf(ctx context.Context, in *arrangeIn, known func(context.Context, string) error) (r citizen.Arrangement, err error) {
	f := in.RawBody.Data()
	if !f.File.IsSet {
		return r, api.ErrMalformed
	}
	r = citizen.Arrangement{Kind: citizen.AgencyKind(f.Kind), Relation: citizen.Relation(f.Relation)}
	if r.Principal, err = shown(f.PrincipalName, f.PrincipalNumber); err != nil {
		return r, err
	}
	if r.Agent, err = shown(f.AgentName, f.AgentNumber); err != nil {
		return r, err
	}
	if r.Until, err = workday.ParseDate(f.Until); err != nil {
		return r, citizen.ErrAgencyTime.With(fault.Field{Path: "form.until", Text: citizen.ErrAgencyTime.Text})
	}
	if f.Items != "" {
		r.Items = strings.Split(f.Items, ",")
	}
	if err := routes.KnownItems(ctx, "form.items", r.Items, known); err != nil {
		return r, err
	}
	if r.Paper, err = io.ReadAll(io.LimitReader(f.File, scan.BytesMost+1)); err != nil {
		return r, api.ErrMalformed.Because(err)
	}
	return r, nil
}
