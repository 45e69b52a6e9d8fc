package citizen

import (
	"context"
	"fmt"
	"slices"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// AgencyOut is an agency as its two sides and the window see it.
type AgencyOut struct {
	ID            string   `json:"id" format:"uuid"`
	Kind          string   `json:"kind" enum:"granted,guardian"`
	Relation      string   `json:"relation,omitempty" enum:"spouse,parent,child,sibling,other_family,colleague,other" doc:"what the agent is to the principal, as they have said it"`
	State         string   `json:"state" enum:"offered,active,ended"`
	Principal     string   `json:"principal" format:"uuid" doc:"the person acted for: on_behalf_of when opening a case"`
	PrincipalName string   `json:"principal_name" doc:"masked; of an organisation whole"`
	AgentName     string   `json:"agent_name" doc:"masked"`
	Items         []string `json:"items" doc:"item codes; empty: every item"`
	MadeAt        string   `json:"made_at"`
	AcceptedAt    string   `json:"accepted_at,omitempty"`
	EndsAt        string   `json:"ends_at" doc:"from this moment on it no longer counts"`
	EndedAt       string   `json:"ended_at,omitempty"`
	AtWindow      bool     `json:"at_window" doc:"it was arranged at a window, on paper: GET /api/v1/agencies/{id}/proof"`
}

type agenciesOut struct {
	Items []AgencyOut `json:"items"`
}

type agenciesIn struct {
	Side string `query:"side" enum:"principal,agent" default:"principal" doc:"principal: who acts for me; agent: for whom I act"`
}

type agencyOfferIn struct {
	api.Write
	Body struct {
		Principal string   `json:"principal,omitempty" format:"uuid" doc:"an organisation that I represent; absent: myself"`
		Name      string   `json:"name" minLength:"1" maxLength:"60" doc:"the agent's"`
		Number    string   `json:"number" minLength:"15" maxLength:"24" doc:"the agent's resident identity number"`
		Relation  string   `json:"relation,omitempty" enum:"spouse,parent,child,sibling,other_family,colleague,other" doc:"what the agent is to me"`
		Items     []string `json:"items,omitempty" maxItems:"50" doc:"item codes; absent: every item"`
		Until     string   `json:"until" format:"date" doc:"last day, at most 3 years ahead"`
	}
}

type AgencyIn struct {
	ID string `path:"id" format:"uuid"`
}

type agencyActIn struct {
	api.Write
	AgencyIn
}

type agencyChildIn struct {
	api.Write
	Body struct {
		Name   string `json:"name" minLength:"1" maxLength:"60"`
		Number string `json:"number" minLength:"15" maxLength:"24" doc:"the child's resident identity number"`
	}
}

// Agencies registers who acts for whom. known says whether the catalogue has an
// item.
func Agencies(app *api.App, door *citizen.Door, known func(context.Context, string) error) {
	api.Get(app, api.Op{ID: "my-agencies", Path: "/api/v1/agencies", Tag: "agents", Summary: "Who acts for me, or for whom I act"},
		func(ctx context.Context, in *agenciesIn) (*agenciesOut, error) {
			list, err := door.Agencies(ctx, api.Who(ctx).Account, citizen.Side(in.Side))
			out := &agenciesOut{Items: []AgencyOut{}}
			for _, a := range list {
				out.Items = append(out.Items, AgencyFrom(a))
			}
			return out, err
		})
	api.Post(app, api.Op{ID: "offer-agency", Path: "/api/v1/agencies", Tag: "agents", Summary: "Let somebody act for me; it counts once they accept"},
		func(ctx context.Context, in *agencyOfferIn) (*AgencyOut, error) {
			g, err := grantOf(ctx, in, known)
			if err != nil {
				return nil, err
			}
			return agencyOr(door.Offer(ctx, api.Who(ctx).Account, g))
		})
	api.Post(app, api.Op{ID: "add-child", Path: "/api/v1/agencies/children", Tag: "agents", Summary: "Act for a child whose guardian I am, until it is of age"},
		func(ctx context.Context, in *agencyChildIn) (*AgencyOut, error) {
			name, number, err := identity(in.Body.Name, in.Body.Number)
			if err != nil {
				return nil, err
			}
			return agencyOr(door.AddChild(ctx, api.Who(ctx).Account, name, number))
		})
	api.Post(app, api.Op{ID: "accept-agency", Path: "/api/v1/agencies/{id}/accept", Tag: "agents", Summary: "Accept to act for somebody"},
		func(ctx context.Context, in *agencyActIn) (*AgencyOut, error) {
			return agencyOr(door.AcceptAgency(ctx, api.Who(ctx).Account, in.ID))
		})
	api.Delete(app, api.Op{ID: "end-agency", Path: "/api/v1/agencies/{id}", Tag: "agents", Summary: "Revoke it as principal, or give it up as agent"},
		func(ctx context.Context, in *AgencyIn) (*api.Done, error) {
			return &api.Done{Done: true}, door.EndAgency(ctx, api.Who(ctx).Account, in.ID)
		})
	api.Get(app, api.Op{ID: "agency-proof", Path: "/api/v1/agencies/{id}/proof", Tag: "agents", Summary: "The paper of an agency that was arranged at a window"},
		func(ctx context.Context, in *AgencyIn) (*api.File, error) {
			p, content, err := door.AgencyProof(ctx, api.Who(ctx).Account, in.ID)
			return &api.File{Name: "代办证明", Media: p.Media, Content: content}, err
		})
	legalPersons(app, door)
}

func grantOf(ctx context.Context, in *agencyOfferIn, known func(context.Context, string) error) (g citizen.Grant, err error) {
	g = citizen.Grant{Principal: citizen.ID(in.Body.Principal), Relation: citizen.Relation(in.Body.Relation), Items: in.Body.Items}
	if g.Name, g.Number, err = identity(in.Body.Name, in.Body.Number); err != nil {
		return g, err
	}
	if g.Until, err = workday.ParseDate(in.Body.Until); err != nil {
		return g, citizen.ErrAgencyTime.With(fault.Field{Path: "body.until", Text: citizen.ErrAgencyTime.Text})
	}
	return g, KnownItems(ctx, "body.items", g.Items, known)
}

// KnownItems refuses a list of items with doubles or with one that the catalogue in
// force does not have.
func KnownItems(ctx context.Context, path string, list []string, known func(context.Context, string) error) error {
	for i, item := range list {
		if slices.Contains(list[:i], item) {
			return api.ErrInvalid.With(fault.Field{Path: fmt.Sprintf("%s[%d]", path, i), Text: "列表里有重复，请去掉"})
		}
		if err := known(ctx, item); err != nil {
			return err
		}
	}
	return nil
}

// identity reads a name and a resident identity number.
func identity(name, number string) (n citizen.Name, id citizen.IDNumber, err error) {
	if n, err = citizen.ParseName(name); err != nil {
		return n, id, err
	}
	id, err = citizen.ParseIDNumber(number)
	return n, id, err
}

func agencyOr(a citizen.Agency, err error) (*AgencyOut, error) {
	if err != nil {
		return nil, err
	}
	out := AgencyFrom(a)
	return &out, nil
}

// AgencyFrom encodes an agency.
func AgencyFrom(a citizen.Agency) AgencyOut {
	items := a.Items
	if items == nil {
		items = []string{}
	}
	return AgencyOut{
		ID: a.ID, Kind: string(a.Kind), Relation: string(a.Relation), State: string(a.State),
		Principal: string(a.Principal), PrincipalName: a.ShownPrincipal(), AgentName: a.AgentName.Masked(), Items: items,
		MadeAt: api.At(a.MadeAt), AcceptedAt: api.At(a.AcceptedAt), EndsAt: api.At(a.EndsAt), EndedAt: api.At(a.EndedAt),
		AtWindow: a.ArrangedBy != "",
	}
}

type legalPersonIn struct {
	api.Write
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"120" doc:"as the business licence has it"`
		Code string `json:"code" minLength:"18" maxLength:"24" doc:"unified social credit code (GB 32100)"`
	}
}

type legalPersonOut struct {
	ID   string `json:"id" format:"uuid" doc:"on_behalf_of when opening a case"`
	Name string `json:"name"`
	Code string `json:"code" doc:"masked"`
}

type legalPersonsOut struct {
	Items []legalPersonOut `json:"items"`
}

func legalPersons(app *api.App, door *citizen.Door) {
	api.Post(app, api.Op{ID: "claim-legal-person", Path: "/api/v1/legal-persons", Tag: "agents", Summary: "Act as the legal representative of an organisation"},
		func(ctx context.Context, in *legalPersonIn) (*legalPersonOut, error) {
			name, err := citizen.ParseOrgName(in.Body.Name)
			if err != nil {
				return nil, err
			}
			code, err := citizen.ParseCreditCode(in.Body.Code)
			if err != nil {
				return nil, err
			}
			p, err := door.Represent(ctx, api.Who(ctx).Account, name, code)
			return &legalPersonOut{string(p.ID), p.Name.String(), p.Masked()}, err
		})
	api.Get(app, api.Op{ID: "my-legal-persons", Path: "/api/v1/legal-persons", Tag: "agents", Summary: "The organisations that I represent"},
		func(ctx context.Context, _ *nothing) (*legalPersonsOut, error) {
			list, err := door.Represented(ctx, api.Who(ctx).Account)
			out := &legalPersonsOut{Items: []legalPersonOut{}}
			for _, p := range list {
				out.Items = append(out.Items, legalPersonOut{string(p.ID), p.Name.String(), p.Masked()})
			}
			return out, err
		})
}
