package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/casework"
	person "github.com/yimen-gov/yimen/pkg/citizen"
)

// staffCaseOut is a case as staff see it.
type staffCaseOut struct {
	citizen.CaseOut
	ApplicantName   string `json:"applicant_name" doc:"masked but for reveal-case, like number, phone and form"`
	ApplicantNumber string `json:"applicant_number" doc:"identity number, or credit code"`
	ApplicantPhone  string `json:"applicant_phone,omitempty" doc:"from the form"`
	Clerk           string `json:"clerk,omitempty" doc:"id of the post that has it in hand at the window"`
	Reviewer        string `json:"reviewer,omitempty" doc:"id of the post that has it in hand in the deciding department"`
}

// staffResultOut is the answer to an application handed in at the window.
type staffResultOut struct {
	citizen.ResultOut
	Case staffCaseOut `json:"case"`
}

// phoneField is where every form of the catalogue has the applicant's phone.
const phoneField = "applicant_phone"

// desk encodes cases for staff.
type desk struct{ counter *casework.Counter }

func (d desk) caseOr(ctx context.Context, cs casework.Case, err error) (*staffCaseOut, error) {
	if err != nil {
		return nil, err
	}
	return d.masked(ctx, cs)
}

// masked encodes a case so that it can be worked on and tells no more than
// that needs.
func (d desk) masked(ctx context.Context, cs casework.Case) (*staffCaseOut, error) {
	item, err := d.counter.Item(ctx, cs)
	if err != nil {
		return nil, err
	}
	p, err := d.counter.Store.Person(ctx, cs.Person)
	if err != nil {
		return nil, err
	}
	cs.Form = api.MaskForm(item.Fields, cs.Form)
	return &staffCaseOut{citizen.CaseFrom(cs), p.Name.Masked(), p.Masked(), cs.Form[phoneField], string(cs.Clerk), string(cs.Reviewer)}, nil
}

// list encodes a page of cases, without what was filled in.
func (d desk) list(ctx context.Context, page api.Page, cases []casework.Case) (*api.List[staffCaseOut], error) {
	var failed error
	out := api.Paged(page, cases, func(cs casework.Case) staffCaseOut {
		one, err := d.masked(ctx, cs)
		if err != nil {
			failed = err
			return staffCaseOut{}
		}
		one.Form, one.Materials = nil, nil
		return *one
	}, func(cs casework.Case) string { return string(cs.ID) })
	return out, failed
}

func (d desk) resultOr(ctx context.Context, r casework.Result, err error) (*staffResultOut, error) {
	result, err := citizen.Resulted(ctx, d.counter, r, err)
	if err != nil {
		return nil, err
	}
	cs, err := d.masked(ctx, r.Case)
	if err != nil {
		return nil, err
	}
	return &staffResultOut{*result, *cs}, nil
}

// wholeOr encodes a case whole.
func wholeOr(cs casework.Case, p person.Person, err error) (*staffCaseOut, error) {
	if err != nil {
		return nil, err
	}
	return &staffCaseOut{citizen.CaseFrom(cs), p.Name.String(), p.Identity(), cs.Form[phoneField], string(cs.Clerk), string(cs.Reviewer)}, nil
}
