package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/staff"
)

type consultIn struct {
	CaseActIn
	Body struct {
		Departments []string `json:"departments" minItems:"1" maxItems:"20" doc:"codes of the departments that are asked, all at once"`
		Days        int      `json:"days" minimum:"1" maximum:"20" doc:"working days that each has"`
		Text        string   `json:"text,omitempty" maxLength:"500" doc:"what they are asked"`
	}
}

type opineIn struct {
	CaseActIn
	Body struct {
		Agree bool   `json:"agree"`
		Text  string `json:"text,omitempty" maxLength:"500" doc:"an objection needs its reason"`
	}
}

type rulingIn struct {
	CaseActIn
	Body struct {
		Grant bool   `json:"grant"`
		Text  string `json:"text" minLength:"2" maxLength:"500"`
	}
}

type opinionsIn struct{ api.Page }

type opinionOut struct {
	Case       string `json:"case" format:"uuid"`
	Department string `json:"department"`
	State      string `json:"state" enum:"asked,agreed,objected"`
	Due        string `json:"due"`
	Ask        string `json:"ask,omitempty"`
	Text       string `json:"text,omitempty"`
	GivenAt    string `json:"given_at,omitempty"`
}

type opinionsOut struct {
	Items  []opinionOut `json:"items"`
	Ruling *rulingOut   `json:"ruling,omitempty" doc:"what settled a disagreement"`
}

type rulingOut struct {
	Grant bool   `json:"grant"`
	Text  string `json:"text"`
	At    string `json:"at"`
}

func opinionFrom(o casework.Opinion) opinionOut {
	return opinionOut{string(o.Case), string(o.Department), string(o.State), api.On(o.Due), o.Ask, o.Text, api.At(o.GivenAt)}
}

// joint registers the joint review of a case by several departments.
func (d desk) joint(app *api.App) {
	at := func(name string) string { return "/api/v1/village/cases/{id}/opinions" + name }
	api.Post(app, api.Op{ID: "consult", Path: at(""), Tag: "staff", Summary: "Ask other departments for their opinions on a case that mine leads"},
		func(ctx context.Context, in *consultIn) (*opinionsOut, error) {
			ask := casework.Ask{Days: in.Body.Days, Text: in.Body.Text}
			for _, code := range in.Body.Departments {
				ask.Departments = append(ask.Departments, catalog.DepartmentCode(code))
			}
			cs, err := d.counter.Consult(ctx, *api.Who(ctx).Member, casework.ID(in.ID), ask)
			return d.opinions(ctx, cs, err)
		})
	api.Get(app, api.Op{ID: "opinions", Path: at(""), Tag: "staff", Summary: "What departments were asked on a case, and said"},
		func(ctx context.Context, in *CaseIn) (*opinionsOut, error) {
			cs, err := d.counter.Seen(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			return d.opinions(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "give-opinion", Path: at("/own"), Tag: "staff", Summary: "Give my department's opinion"},
		func(ctx context.Context, in *opineIn) (*opinionsOut, error) {
			cs, err := d.counter.Opine(ctx, *api.Who(ctx).Member, casework.ID(in.ID), in.Body.Agree, in.Body.Text)
			return d.opinions(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "settle-case", Path: at("/ruling"), Tag: "staff", Summary: "Rule where departments disagree or have let their time run out"},
		func(ctx context.Context, in *rulingIn) (*opinionsOut, error) {
			cs, err := d.counter.SettleCase(ctx, *api.Who(ctx).Member, casework.ID(in.ID), in.Body.Grant, in.Body.Text)
			return d.opinions(ctx, cs, err)
		})
	api.Get(app, api.Op{ID: "opinions-due", Path: "/api/v1/village/opinions", Tag: "staff", Summary: "What my department is asked, oldest first"},
		func(ctx context.Context, in *opinionsIn) (*api.List[opinionOut], error) {
			list, err := d.counter.OpinionsDue(ctx, *api.Who(ctx).Member, casework.ID(in.Cursor), in.Most())
			return api.Paged(in.Page, list, opinionFrom, func(o casework.Opinion) string { return string(o.Case) }), err
		})
}

func (d desk) opinions(ctx context.Context, cs casework.Case, err error) (*opinionsOut, error) {
	if err != nil {
		return nil, err
	}
	list, ruling, err := d.counter.Consulted(ctx, cs)
	out := &opinionsOut{Items: []opinionOut{}}
	for _, o := range list {
		out.Items = append(out.Items, opinionFrom(o))
	}
	if !ruling.At.IsZero() {
		out.Ruling = &rulingOut{ruling.Grant, ruling.Text, api.At(ruling.At)}
	}
	return out, err
}

type handOverIn struct {
	CaseActIn
	Body struct {
		To     string `json:"to,omitempty" maxLength:"64" doc:"id of a colleague's post; left out: whoever takes it next"`
		Reason string `json:"reason" minLength:"2" maxLength:"300"`
	}
}

type noPageIn struct{}

type colleaguesOut struct {
	Items []colleagueOut `json:"items"`
}

type colleagueOut struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
}

type correctIn struct {
	CaseActIn
	Body struct {
		Text   string `json:"text" minLength:"1" maxLength:"500" doc:"how the decision reads now"`
		Reason string `json:"reason" minLength:"2" maxLength:"300" doc:"stands in the record, with the old text"`
	}
}

type reopenIn struct {
	CaseActIn
	Body struct {
		Reason string `json:"reason" minLength:"2" maxLength:"300" doc:"stands in the record"`
	}
}

type answerReviewIn struct {
	CaseActIn
	Body struct {
		Uphold bool   `json:"uphold"`
		Text   string `json:"text" minLength:"2" maxLength:"500"`
	}
}

type reviewOut struct {
	Case    string            `json:"case" format:"uuid"`
	Number  string            `json:"number"`
	Rule    string            `json:"rule"`
	Version int               `json:"version"`
	Facts   map[string]string `json:"facts"`
	Asked   string            `json:"asked" doc:"what the applicant says"`
	AskedAt string            `json:"asked_at"`
}

type recordOut struct {
	Items []eventLineOut `json:"items"`
}

type eventLineOut struct {
	At    string `json:"at"`
	Act   string `json:"act"`
	Actor string `json:"actor" doc:"applicant, system, or the id of a post"`
	Note  string `json:"note,omitempty"`
	Text  string `json:"text,omitempty" doc:"what was written freely, such as a reason"`
}

// hands registers how a case passes from hand to hand, and how one that is
// over is touched again.
func (d desk) hands(app *api.App) {
	at := func(name string) string { return "/api/v1/village/cases/{id}/" + name }
	act := func(ctx context.Context) staff.Member { return *api.Who(ctx).Member }
	api.Post(app, api.Op{ID: "hand-over-case", Path: at("hand-over"), Tag: "staff", Summary: "Pass a case to a colleague, or back to whoever takes it next"},
		func(ctx context.Context, in *handOverIn) (*staffCaseOut, error) {
			cs, err := d.counter.HandOverCase(ctx, act(ctx), casework.ID(in.ID), staff.ID(in.Body.To), in.Body.Reason)
			return d.caseOr(ctx, cs, err)
		})
	api.Get(app, api.Op{ID: "office-colleagues", Path: "/api/v1/village/colleagues", Tag: "staff", Summary: "Who may take a case over from me"},
		func(ctx context.Context, _ *noPageIn) (*colleaguesOut, error) {
			list, err := d.counter.Colleagues(ctx, act(ctx))
			out := &colleaguesOut{Items: []colleagueOut{}}
			for _, m := range list {
				out.Items = append(out.Items, colleagueOut{string(m.ID), m.Name.String(), string(m.Role)})
			}
			return out, err
		})
	api.Post(app, api.Op{ID: "correct-case", Path: at("correction"), Tag: "staff", Summary: "Correct the words of a decision; the old ones stay in the record"},
		func(ctx context.Context, in *correctIn) (*staffCaseOut, error) {
			cs, err := d.counter.CorrectDecision(ctx, act(ctx), casework.ID(in.ID), in.Body.Text, in.Body.Reason)
			return d.caseOr(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "reopen-case", Path: at("reopening"), Tag: "staff", Summary: "Take a case that was over back to where it was accepted"},
		func(ctx context.Context, in *reopenIn) (*staffCaseOut, error) {
			cs, err := d.counter.ReopenCase(ctx, act(ctx), casework.ID(in.ID), in.Body.Reason)
			return d.caseOr(ctx, cs, err)
		})
	api.Get(app, api.Op{ID: "case-record", Path: at("record"), Tag: "staff", Summary: "Everything that was done to a case"},
		func(ctx context.Context, in *CaseIn) (*recordOut, error) {
			cs, err := d.counter.Seen(ctx, act(ctx), casework.ID(in.ID))
			if err != nil {
				return nil, err
			}
			list, err := d.counter.Store.Events(ctx, cs.ID)
			out := &recordOut{Items: []eventLineOut{}}
			for _, e := range list {
				out.Items = append(out.Items, eventLineOut{api.At(e.At), string(e.Act), e.Actor, e.Note, e.Text})
			}
			return out, err
		})
	d.reviews(app)
}

func (d desk) reviews(app *api.App) {
	api.Get(app, api.Op{ID: "reviews-asked", Path: "/api/v1/village/reviews", Tag: "staff", Summary: "Decisions by rule that a person is asked to look at, oldest first"},
		func(ctx context.Context, in *opinionsIn) (*api.List[reviewOut], error) {
			list, err := d.counter.Reviews(ctx, *api.Who(ctx).Member, casework.ID(in.Cursor), in.Most())
			return api.Paged(in.Page, list, func(i casework.Instant) reviewOut {
				return reviewOut{string(i.Case), i.Number, i.Rule, i.Version, i.Facts, i.Asked, api.At(i.AskedAt)}
			}, func(i casework.Instant) string { return string(i.Case) }), err
		})
	api.Post(app, api.Op{ID: "answer-review", Path: "/api/v1/village/cases/{id}/review", Tag: "staff", Summary: "Say what I find on looking at a decision by rule"},
		func(ctx context.Context, in *answerReviewIn) (*staffCaseOut, error) {
			cs, err := d.counter.AnswerReview(ctx, *api.Who(ctx).Member, casework.ID(in.ID), in.Body.Uphold, in.Body.Text)
			return d.caseOr(ctx, cs, err)
		})
}
