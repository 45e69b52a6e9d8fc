// Package village (村居与窗口接口) holds the routes of those who serve people:
// village and window staff, office managers and reviewers.
package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
)

type CaseIn struct {
	ID string `path:"id" format:"uuid"`
}

type CaseActIn struct {
	api.Write
	CaseIn
}

type worklistIn struct{ api.Page }

type originalsIn struct {
	CaseActIn
	Material string `path:"material" maxLength:"32"`
	Body     struct {
		Copies int `json:"copies" minimum:"1" maximum:"20" doc:"paper originals seen or handed in"`
	}
}

type judgeIn struct {
	CaseActIn
	Material string `path:"material" maxLength:"32"`
	Body     struct {
		Fit  bool   `json:"fit"`
		Note string `json:"note,omitempty" maxLength:"200" doc:"why it is unfit"`
	}
}

type decideIn struct {
	CaseActIn
	Body struct {
		Grant bool   `json:"grant"`
		Text  string `json:"text,omitempty" maxLength:"500" doc:"the reason; a refusal needs one"`

		Outputs map[string]string `json:"outputs,omitempty" maxProperties:"20" doc:"what a granted case has produced, by form field, such as uscc; later cases of its theme take it from here"`
	}
}

type revealIn struct {
	CaseActIn
	Body struct {
		Purpose string `json:"purpose" minLength:"2" maxLength:"100" doc:"what the whole data is needed for; the person can read it"`
	}
}

// Cases registers the handling of cases at the window and by reviewers. What
// they show is masked; reveal-case shows the whole.
func Cases(app *api.App, counter *casework.Counter) {
	d := desk{counter}
	api.Get(app, api.Op{ID: "worklist", Path: "/api/v1/village/cases", Tag: "staff", Summary: "The open cases that concern me, oldest first"},
		func(ctx context.Context, in *worklistIn) (*api.List[staffCaseOut], error) {
			list, err := counter.Worklist(ctx, *api.Who(ctx).Member, casework.ID(in.Cursor), in.Most())
			if err != nil {
				return nil, err
			}
			return d.list(ctx, in.Page, list)
		})
	api.Get(app, api.Op{ID: "staff-case", Path: "/api/v1/village/cases/{id}", Tag: "staff", Summary: "A case that concerns me, masked"},
		func(ctx context.Context, in *CaseIn) (*staffCaseOut, error) {
			cs, err := counter.Seen(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			return d.caseOr(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "reveal-case", Path: "/api/v1/village/cases/{id}/reveal", Tag: "staff", Summary: "A case that concerns me, whole; the person sees who looked and why"},
		func(ctx context.Context, in *revealIn) (*staffCaseOut, error) {
			return wholeOr(counter.Reveal(ctx, *api.Who(ctx).Member, casework.ID(in.ID), in.Body.Purpose))
		})
	api.Post(app, api.Op{ID: "take-case", Path: "/api/v1/village/cases/{id}/take", Tag: "staff", Summary: "Take a case in hand, at the window or in the department"},
		func(ctx context.Context, in *CaseActIn) (*staffCaseOut, error) {
			cs, err := counter.TakeOver(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			return d.caseOr(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "submit-at-window", Path: "/api/v1/village/cases/{id}/submit", Tag: "staff", Summary: "Hand in the application for the person at the window"},
		func(ctx context.Context, in *CaseActIn) (*staffResultOut, error) {
			r, err := counter.SubmitAtWindow(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			return d.resultOr(ctx, r, err)
		})
	d.review(app)
	d.notices(app)
	d.times(app)
	d.joint(app)
	d.hands(app)
}

func (d desk) review(app *api.App) {
	api.Post(app, api.Op{ID: "record-originals", Path: "/api/v1/village/cases/{id}/materials/{material}/originals", Tag: "staff", Summary: "Record the paper originals of a material"},
		func(ctx context.Context, in *originalsIn) (*staffCaseOut, error) {
			cs, err := d.counter.RecordOriginals(ctx, *api.Who(ctx).Member, casework.ID(in.ID), catalog.MaterialCode(in.Material), in.Body.Copies)
			return d.caseOr(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "judge-material", Path: "/api/v1/village/cases/{id}/materials/{material}/judge", Tag: "staff", Summary: "Find a material fit or unfit"},
		func(ctx context.Context, in *judgeIn) (*staffCaseOut, error) {
			cs, err := d.counter.JudgeMaterial(ctx, *api.Who(ctx).Member, casework.ID(in.ID), catalog.MaterialCode(in.Material), in.Body.Fit, in.Body.Note)
			return d.caseOr(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "decide-case", Path: "/api/v1/village/cases/{id}/decision", Tag: "staff", Summary: "Grant or refuse"},
		func(ctx context.Context, in *decideIn) (*staffCaseOut, error) {
			cs, err := d.counter.DecideCase(ctx, *api.Who(ctx).Member, casework.ID(in.ID), casework.Verdict{
				Grant: in.Body.Grant, Text: in.Body.Text, Outputs: in.Body.Outputs,
			})
			return d.caseOr(ctx, cs, err)
		})
	api.Get(app, api.Op{ID: "case-files", Path: "/api/v1/village/cases/{id}/files", Tag: "staff", Summary: "The files of a case"},
		func(ctx context.Context, in *CaseIn) (*filesOut, error) {
			cs, err := d.counter.Seen(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			if err != nil {
				return nil, err
			}
			list, err := d.counter.Store.Files(ctx, cs.ID)
			return filesFrom(list), err
		})
}

type fileOut struct {
	ID       string `json:"id" format:"uuid"`
	Material string `json:"material"`
	Name     string `json:"name" doc:"masked: people write names into it"`
	Media    string `json:"media"`
	Bytes    int64  `json:"bytes"`
	AddedAt  string `json:"added_at"`
	Check    string `json:"check,omitempty" enum:"asked,pass,review,risky" doc:"WeChat's judgement of a picture's content, where it is asked"`
}

type filesOut struct {
	Items []fileOut `json:"items"`
}

func filesFrom(list []casework.File) *filesOut {
	out := &filesOut{Items: []fileOut{}}
	for _, f := range list {
		out.Items = append(out.Items, fileOut{f.ID, string(f.Material), api.MaskFile(f.Name), f.Media, f.Bytes, api.At(f.AddedAt), f.Check})
	}
	return out
}
