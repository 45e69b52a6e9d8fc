package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
)

// ShownIdentity is what a person at the window shows; it is exported because
// others embed it.
type ShownIdentity struct {
	Name    string `json:"name" minLength:"1" maxLength:"60"`
	Number  string `json:"number" minLength:"15" maxLength:"24" doc:"resident identity number (GB 11643)"`
	Purpose string `json:"purpose" minLength:"2" maxLength:"100" doc:"what it is needed for; the person can read it"`
}

type windowPersonIn struct {
	api.Write
	Body ShownIdentity
}

type personOut struct {
	Name   string `json:"name" doc:"masked"`
	Number string `json:"number" doc:"masked"`
	Known  string `json:"known_since" doc:"when the person was first met"`
}

type openAtWindowIn struct {
	api.Write
	Body struct {
		ShownIdentity
		Item        string `json:"item" maxLength:"32"`
		Appointment string `json:"appointment,omitempty" format:"uuid" doc:"the person's visit that this is for"`
		Division    string `json:"division,omitempty" pattern:"^[0-9]{12}$" patternDescription:"12 位区划代码" doc:"where the matter lies; who decides follows from it"`
	}
}

type fillAtWindowIn struct {
	CaseIn
	Body struct {
		Form       map[string]string `json:"form,omitempty" maxProperties:"80" doc:"by field name; an empty value takes it back"`
		Conditions map[string]bool   `json:"conditions,omitempty" maxProperties:"40" doc:"by material: whether its condition applies"`
	}
}

// Persons registers the service of people who stand at the window, with or
// without WeChat. Whoever opens or fills a case for them stands in its record.
func Persons(app *api.App, door *citizen.Door, counter *casework.Counter) {
	d := desk{counter}
	api.Post(app, api.Op{ID: "receive-person", Path: "/api/v1/village/persons", Tag: "staff",
		Summary: "Receive a person at the window: name and number are matched; the look is kept"},
		func(ctx context.Context, in *windowPersonIn) (*personOut, error) {
			p, err := received(ctx, door, in.Body)
			return &personOut{p.Name.Masked(), p.Masked(), api.At(p.MadeAt)}, err
		})
	api.Post(app, api.Op{ID: "open-at-window", Path: "/api/v1/village/cases", Tag: "staff",
		Summary: "Open a case for the person at the window; it is in my hands at once"},
		func(ctx context.Context, in *openAtWindowIn) (*staffCaseOut, error) {
			p, err := received(ctx, door, in.Body.ShownIdentity)
			if err != nil {
				return nil, err
			}
			cs, err := counter.OpenAtWindow(ctx, *api.Who(ctx).Member, p.ID, casework.Opening{
				Item: catalog.ItemCode(in.Body.Item), Appointment: in.Body.Appointment, Division: place.DivisionCode(in.Body.Division),
			})
			return d.caseOr(ctx, cs, err)
		})
	api.Put(app, api.Op{ID: "fill-at-window", Path: "/api/v1/village/cases/{id}/form", Tag: "staff",
		Summary: "Fill in the form of a case in my hands for the person at the window"},
		func(ctx context.Context, in *fillAtWindowIn) (*staffCaseOut, error) {
			f := casework.Filling{Form: in.Body.Form, Conditions: map[catalog.MaterialCode]bool{}}
			for code, applies := range in.Body.Conditions {
				f.Conditions[catalog.MaterialCode(code)] = applies
			}
			cs, err := counter.FillAtWindow(ctx, *api.Who(ctx).Member, casework.ID(in.ID), f)
			return d.caseOr(ctx, cs, err)
		})
}

func received(ctx context.Context, door *citizen.Door, shown ShownIdentity) (p citizen.Person, err error) {
	who, err := shown.shown()
	if err != nil {
		return p, err
	}
	return door.Receive(ctx, string(api.Who(ctx).Member.ID), who.Name, who.Number, shown.Purpose)
}
