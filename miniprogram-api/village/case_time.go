package village

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/workday"
)

type receiveIn struct {
	CaseActIn
	Body *struct {
		ArrivedOn string `json:"arrived_on,omitempty" format:"date" doc:"when the papers came, today if left out"`
	}
}

type noticeIn struct {
	CaseActIn
	Body struct {
		Materials []string `json:"materials" minItems:"1" maxItems:"60" doc:"all that is missing or not in legal form, at once"`
		Text      string   `json:"text,omitempty" maxLength:"500" doc:"what is wrong, in words"`
		Reason    string   `json:"reason,omitempty" maxLength:"300" doc:"why something that the first notice did not name is asked for now; a supervisor rules on it"`
	}
}

type ruleNoticeIn struct {
	CaseActIn
	Seq  int `path:"seq" minimum:"1" maximum:"1000"`
	Body struct {
		Approve bool `json:"approve"`
	}
}

// notices registers what an office tells the applicant, and when it must.
func (d desk) notices(app *api.App) {
	api.Post(app, api.Op{ID: "receive-case", Path: "/api/v1/village/cases/{id}/receive", Tag: "staff",
		Summary: "Note that the papers of an application have come; it is answered within five working days, or accepted by law"},
		func(ctx context.Context, in *receiveIn) (*staffCaseOut, error) {
			var on workday.Date
			if in.Body != nil {
				var err error
				if on, err = dateOr(in.Body.ArrivedOn); err != nil {
					return nil, err
				}
			}
			cs, err := d.counter.ReceiveCase(ctx, *api.Who(ctx).Member, casework.ID(in.ID), on)
			return d.caseOr(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "give-notice", Path: "/api/v1/village/cases/{id}/notices", Tag: "staff",
		Summary: "Tell the applicant all that is missing, once; a second notice with something new waits for a supervisor"},
		func(ctx context.Context, in *noticeIn) (*citizen.NoticesOut, error) {
			cs, _, err := d.counter.GiveNotice(ctx, *api.Who(ctx).Member, casework.ID(in.ID), casework.Notice{
				Materials: citizen.MaterialsOf(in.Body.Materials), Text: in.Body.Text, Reason: in.Body.Reason,
			})
			return d.noticesOf(ctx, cs, err)
		})
	api.Get(app, api.Op{ID: "staff-notices", Path: "/api/v1/village/cases/{id}/notices", Tag: "staff", Summary: "What the applicant was told, or shall be"},
		func(ctx context.Context, in *CaseIn) (*citizen.NoticesOut, error) {
			cs, err := d.counter.Seen(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			return d.noticesOf(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "rule-notice", Path: "/api/v1/village/cases/{id}/notices/{seq}/ruling", Tag: "staff", Summary: "Let a second notice go out, or not"},
		func(ctx context.Context, in *ruleNoticeIn) (*citizen.NoticesOut, error) {
			cs, err := d.counter.RuleNotice(ctx, *api.Who(ctx).Member, casework.ID(in.ID), in.Seq, in.Body.Approve)
			return d.noticesOf(ctx, cs, err)
		})
}

func (d desk) noticesOf(ctx context.Context, cs casework.Case, err error) (*citizen.NoticesOut, error) {
	if err != nil {
		return nil, err
	}
	list, err := d.counter.Notices(ctx, cs)
	return citizen.NoticesFrom(list, true), err
}

func dateOr(text string) (workday.Date, error) {
	if text == "" {
		return workday.Date{}, nil
	}
	return workday.ParseDate(text)
}

type pauseIn struct {
	CaseActIn
	Body struct {
		Reason string `json:"reason" enum:"hearing,tender,inspection,testing,appraisal,expert_review,publicity"`
		Days   int    `json:"days" minimum:"1" maximum:"120" doc:"working days that it takes; the applicant is told"`
		Note   string `json:"note,omitempty" maxLength:"300"`
	}
}

type resumeIn struct {
	CaseActIn
	Body struct {
		Reason string `json:"reason" enum:"hearing,tender,inspection,testing,appraisal,expert_review,publicity"`
	}
}

type extendIn struct {
	CaseActIn
	Body struct {
		Days   int    `json:"days" minimum:"1" maximum:"15" doc:"working days: at most 10, or 15 where departments handle it together"`
		Reason string `json:"reason" minLength:"2" maxLength:"300" doc:"the applicant is told"`
	}
}

type ruleReliefIn struct {
	CaseActIn
	Body struct {
		Grant  bool   `json:"grant"`
		To     string `json:"to,omitempty" format:"date" doc:"last day of the obstacle, where granted"`
		Reason string `json:"reason" minLength:"2" maxLength:"300"`
	}
}

type reliefOut struct {
	State    string `json:"state" enum:"asked,granted,denied"`
	From     string `json:"from"`
	To       string `json:"to,omitempty"`
	Text     string `json:"text"`
	Evidence string `json:"evidence"`
	AskedAt  string `json:"asked_at"`
	Reason   string `json:"reason,omitempty"`
}

type alarmsIn struct{ api.Page }

type alarmOut struct {
	Case       string `json:"case" format:"uuid"`
	Number     string `json:"number"`
	Clock      string `json:"clock" enum:"answer,promise,law,opinion"`
	Kind       string `json:"kind" enum:"near,due,over"`
	Due        string `json:"due"`
	Department string `json:"department"`
	At         string `json:"at"`
}

// times registers what moves and watches the clocks of a case.
func (d desk) times(app *api.App) {
	at := func(name string) string { return "/api/v1/village/cases/{id}/" + name }
	api.Get(app, api.Op{ID: "staff-clock", Path: at("clock"), Tag: "staff", Summary: "How the time of a case is counted, day by day"},
		func(ctx context.Context, in *CaseIn) (*citizen.ClocksOut, error) {
			cs, err := d.counter.Seen(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			if err != nil {
				return nil, err
			}
			told, err := d.counter.Tell(ctx, cs)
			return citizen.ClocksFrom(told), err
		})
	api.Post(app, api.Op{ID: "pause-case", Path: at("pauses"), Tag: "staff", Summary: "Leave the time of a hearing, inspection, test, expert review or publicity out"},
		func(ctx context.Context, in *pauseIn) (*staffCaseOut, error) {
			cs, err := d.counter.PauseCase(ctx, *api.Who(ctx).Member, casework.ID(in.ID), workday.Reason(in.Body.Reason), in.Body.Days, in.Body.Note)
			return d.caseOr(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "resume-case", Path: at("pauses/end"), Tag: "staff", Summary: "Let the clocks go on before the told time of a step is over"},
		func(ctx context.Context, in *resumeIn) (*staffCaseOut, error) {
			cs, err := d.counter.ResumeCase(ctx, *api.Who(ctx).Member, casework.ID(in.ID), workday.Reason(in.Body.Reason))
			return d.caseOr(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "extend-case", Path: at("extension"), Tag: "staff", Summary: "Prolong a case once, within its time, with a reason; the applicant is told"},
		func(ctx context.Context, in *extendIn) (*staffCaseOut, error) {
			cs, err := d.counter.ExtendCase(ctx, *api.Who(ctx).Member, casework.ID(in.ID), in.Body.Days, in.Body.Reason)
			return d.caseOr(ctx, cs, err)
		})
	api.Post(app, api.Op{ID: "rule-relief", Path: at("force-majeure"), Tag: "staff", Summary: "Grant more time because of force majeure, or deny it"},
		func(ctx context.Context, in *ruleReliefIn) (*staffCaseOut, error) {
			to, err := dateOr(in.Body.To)
			if err != nil {
				return nil, err
			}
			cs, err := d.counter.RuleRelief(ctx, *api.Who(ctx).Member, casework.ID(in.ID), in.Body.Grant, to, in.Body.Reason)
			return d.caseOr(ctx, cs, err)
		})
	api.Get(app, api.Op{ID: "staff-relief", Path: at("force-majeure"), Tag: "staff", Summary: "What an applicant says of force majeure"},
		func(ctx context.Context, in *CaseIn) (*reliefOut, error) {
			r, err := d.counter.ReliefOf(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			return &reliefOut{string(r.State), api.On(r.From), api.On(r.To), r.Text, r.Evidence, api.At(r.AskedAt), r.Reason}, err
		})
	api.Get(app, api.Op{ID: "case-alarms", Path: "/api/v1/village/alarms", Tag: "staff", Summary: "What the clocks of my cases brought, newest cases first"},
		func(ctx context.Context, in *alarmsIn) (*api.List[alarmOut], error) {
			list, err := d.counter.Alarms(ctx, *api.Who(ctx).Member, in.Cursor, in.Most())
			return api.Paged(in.Page, list, alarmFrom, casework.Alarm.Key), err
		})
}

func alarmFrom(a casework.Alarm) alarmOut {
	department := string(a.Department)
	if a.About != "" {
		department = string(a.About)
	}
	return alarmOut{string(a.Case), a.Number, string(a.Clock), string(a.Kind), api.On(a.On), department, api.At(a.At)}
}

type supplementIn struct {
	api.Write
	Body struct {
		Number    string `json:"number" minLength:"4" maxLength:"60" doc:"of the case, on its papers"`
		Material  string `json:"material" maxLength:"32"`
		Channel   string `json:"channel" enum:"window,post,site_visit"`
		ArrivedOn string `json:"arrived_on,omitempty" format:"date" doc:"what came by post counts on its arrival; today if left out"`
		Originals int    `json:"originals,omitempty" minimum:"0" maximum:"20" doc:"paper originals among it"`
	}
}

type supplementOut struct {
	Number    string `json:"number"`
	State     string `json:"state" doc:"of the case"`
	StateText string `json:"state_text"`
	Owed      int    `json:"owed" doc:"materials that still have to come"`
	Due       string `json:"supplement_due,omitempty"`
}

type suppliesOut struct {
	Items []supplyOut `json:"items"`
}

type supplyOut struct {
	Material  string `json:"material"`
	Channel   string `json:"channel" enum:"window,post,site_visit,online,shared"`
	ArrivedOn string `json:"arrived_on"`
	Office    string `json:"office"`
	At        string `json:"at" doc:"when it was entered"`
}

// Supplements registers what comes after the intake, at any office of the city.
func Supplements(app *api.App, counter *casework.Counter) {
	api.Post(app, api.Op{ID: "take-supplement", Path: "/api/v1/village/supplements", Tag: "staff",
		Summary: "Enter a supplement that came to my office, for a case of any office: at the window, by post, at a site visit"},
		func(ctx context.Context, in *supplementIn) (*supplementOut, error) {
			on, err := dateOr(in.Body.ArrivedOn)
			if err != nil {
				return nil, err
			}
			codes := citizen.MaterialsOf([]string{in.Body.Material})
			cs, err := counter.TakeSupplement(ctx, *api.Who(ctx).Member, casework.HandedIn{
				Number: in.Body.Number, Material: codes[0], Channel: casework.Channel(in.Body.Channel), On: on, Originals: in.Body.Originals,
			})
			return &supplementOut{cs.Number, string(cs.State), cs.State.Words(), len(cs.Owed()), api.On(cs.SupplementDue)}, err
		})
	api.Get(app, api.Op{ID: "case-supplements", Path: "/api/v1/village/cases/{id}/supplements", Tag: "staff", Summary: "What came after the intake, when and how"},
		func(ctx context.Context, in *CaseIn) (*suppliesOut, error) {
			cs, err := counter.Seen(ctx, *api.Who(ctx).Member, casework.ID(in.ID))
			if err != nil {
				return nil, err
			}
			list, err := counter.Supplies(ctx, cs)
			out := &suppliesOut{Items: []supplyOut{}}
			for _, s := range list {
				out.Items = append(out.Items, supplyOut{string(s.Material), string(s.Channel), api.On(s.On), string(s.Office), api.At(s.At)})
			}
			return out, err
		})
}
