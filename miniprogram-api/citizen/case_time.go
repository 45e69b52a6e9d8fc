package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ClocksOut is the time of a case, explained day by day.
type ClocksOut struct {
	AsOf   string      `json:"as_of" format:"date"`
	Clocks []clockOut  `json:"clocks"`
	Pauses []pauseOut  `json:"pauses" doc:"the times that do not count"`
	More   *prolongOut `json:"extension,omitempty" doc:"the one extension"`
	Papers []awayOut   `json:"papers" doc:"originals that I gave and have not back: where they are; time goes on meanwhile"`
	Notes  []string    `json:"notes" doc:"years whose holidays are not arranged yet"`
}

type awayOut struct {
	Material string `json:"material"`
	Where    string `json:"where" enum:"at_office,in_bag,missing,lost"`
	Office   string `json:"office" doc:"where it is, or was last"`
	To       string `json:"to,omitempty" doc:"the office that its bag goes to"`
	Since    string `json:"since"`
	Due      string `json:"due,omitempty" doc:"the last day for its bag to arrive"`
	Late     bool   `json:"late"`
	Text     string `json:"text"`
}

type clockOut struct {
	Kind      string          `json:"kind" enum:"answer,promise,law,supplement"`
	Name      string          `json:"name"`
	Unit      string          `json:"unit" enum:"working,calendar,months"`
	Days      int             `json:"days" doc:"in that unit, without the extension"`
	Extension int             `json:"extension" doc:"in that unit"`
	Start     string          `json:"start" doc:"the day of the event, which does not count"`
	Due       string          `json:"due,omitempty" doc:"the last day in time; absent while nobody can know it"`
	State     string          `json:"state" enum:"running,paused,overdue,stopped"`
	Used      int             `json:"used" doc:"days that have counted"`
	Left      int             `json:"left" doc:"negative: so many days too many"`
	Lines     []countedDayOut `json:"lines" doc:"each day since the start"`
}

type countedDayOut struct {
	Date    string `json:"date"`
	Counted bool   `json:"counted"`
	Number  int    `json:"number,omitempty" doc:"which counted day it is"`
	Why     string `json:"why"`
}

type pauseOut struct {
	Reason string `json:"reason"`
	Name   string `json:"name"`
	From   string `json:"from"`
	To     string `json:"to,omitempty" doc:"last day left out; absent while it lasts"`
	Days   int    `json:"days,omitempty" doc:"working days that it was said to take"`
}

type prolongOut struct {
	Days int    `json:"days" doc:"working days"`
	At   string `json:"at"`
	Why  string `json:"why"`
}

// ClocksFrom encodes the time of a case as it is told.
func ClocksFrom(told casework.Told) *ClocksOut {
	out := &ClocksOut{AsOf: api.On(told.AsOf), Clocks: []clockOut{}, Pauses: []pauseOut{}, Papers: []awayOut{}, Notes: []string{}}
	for _, c := range told.Clocks {
		o := clockOut{
			Kind: string(c.Kind), Name: c.Kind.Words(), Unit: string(c.Unit), Days: c.Days, Extension: c.Extension, Start: api.On(c.Start),
			Due: api.On(c.Due), State: string(c.State), Used: c.Used, Left: c.Left, Lines: []countedDayOut{},
		}
		for _, l := range c.Lines {
			o.Lines = append(o.Lines, countedDayOut{api.On(l.Date), l.Counted, l.Number, l.Why})
		}
		out.Clocks = append(out.Clocks, o)
	}
	for _, p := range told.Timing.Pauses {
		out.Pauses = append(out.Pauses, pauseOut{string(p.Reason), p.Reason.Text(), api.On(p.From), api.On(p.To), p.Days})
	}
	if e := told.Timing.Extension; e.Days > 0 {
		out.More = &prolongOut{e.Days, api.At(e.At), e.Why}
	}
	for _, p := range told.Papers {
		out.Papers = append(out.Papers, awayOut{
			string(p.Material), p.Where, string(p.Office), string(p.To), api.At(p.Since), api.On(p.Due), p.Late(told.AsOf), p.Words(told.AsOf),
		})
	}
	for _, w := range told.Warnings {
		out.Notes = append(out.Notes, w.Text)
	}
	return out
}

// NoticesOut lists what the applicant was told to supply.
type NoticesOut struct {
	Items []noticeOut `json:"items"`
}

type noticeOut struct {
	Seq       int      `json:"seq"`
	State     string   `json:"state" enum:"given,proposed,rejected"`
	Materials []string `json:"materials"`
	Text      string   `json:"text,omitempty"`
	Reason    string   `json:"reason,omitempty" doc:"why something new was asked for later"`
	At        string   `json:"at"`
}

// NoticesFrom encodes notices; the applicant sees those that were given.
func NoticesFrom(list []casework.Notice, all bool) *NoticesOut {
	out := &NoticesOut{Items: []noticeOut{}}
	for _, n := range list {
		if n.State != casework.Given && !all {
			continue
		}
		o := noticeOut{n.Seq, string(n.State), []string{}, n.Text, n.Reason, api.At(n.At)}
		for _, m := range n.Materials {
			o.Materials = append(o.Materials, string(m))
		}
		out.Items = append(out.Items, o)
	}
	return out
}

type reliefIn struct {
	CaseActIn
	Body struct {
		From     string `json:"from" format:"date" doc:"first day of the obstacle"`
		Text     string `json:"text" minLength:"2" maxLength:"500" doc:"what has happened"`
		Evidence string `json:"evidence" minLength:"2" maxLength:"200" doc:"id of a file of the case, or where the proof can be seen"`
	}
}

func caseTime(app *api.App, counter *casework.Counter) {
	api.Get(app, api.Op{ID: "case-clock", Path: "/api/v1/cases/{id}/clock", Tag: "cases", Summary: "How the time of my case is counted, day by day"},
		func(ctx context.Context, in *CaseIn) (*ClocksOut, error) {
			cs, err := counter.Own(ctx, api.Person(ctx), casework.ID(in.ID))
			if err != nil {
				return nil, err
			}
			told, err := counter.Tell(ctx, cs)
			return ClocksFrom(told), err
		})
	api.Get(app, api.Op{ID: "case-notices", Path: "/api/v1/cases/{id}/notices", Tag: "cases", Summary: "What I was told to supply"},
		func(ctx context.Context, in *CaseIn) (*NoticesOut, error) {
			cs, err := counter.Own(ctx, api.Person(ctx), casework.ID(in.ID))
			if err != nil {
				return nil, err
			}
			list, err := counter.Notices(ctx, cs)
			return NoticesFrom(list, false), err
		})
	api.Post(app, api.Op{ID: "ask-relief", Path: "/api/v1/cases/{id}/force-majeure", Tag: "cases", Summary: "Ask for more time for a supplement because of force majeure, once, before the deadline"},
		func(ctx context.Context, in *reliefIn) (*CaseOut, error) {
			from, err := workday.ParseDate(in.Body.From)
			if err != nil {
				return nil, err
			}
			return caseOr(counter.AskRelief(ctx, api.Person(ctx), casework.ID(in.ID), casework.Relief{
				From: from, Text: in.Body.Text, Evidence: in.Body.Evidence,
			}))
		})
}

type instantOut struct {
	Rule    string            `json:"rule" doc:"the item whose rule decided"`
	Version int               `json:"version"`
	Grant   bool              `json:"grant"`
	Facts   map[string]string `json:"facts" doc:"on what it rests"`
	At      string            `json:"at"`
	AskedAt string            `json:"review_asked_at,omitempty"`
	SeenAt  string            `json:"reviewed_at,omitempty"`
	Upheld  bool              `json:"upheld" doc:"what a person who looked again has found"`
	Seen    string            `json:"review_text,omitempty"`
}

type reviewIn struct {
	CaseActIn
	Body struct {
		Text string `json:"text" minLength:"2" maxLength:"500" doc:"what should be looked at"`
	}
}

func caseRule(app *api.App, counter *casework.Counter) {
	api.Get(app, api.Op{ID: "instant-decision", Path: "/api/v1/cases/{id}/instant", Tag: "cases", Summary: "On which rule and facts my case was decided at once"},
		func(ctx context.Context, in *CaseIn) (*instantOut, error) {
			i, err := counter.InstantOf(ctx, api.Person(ctx), casework.ID(in.ID))
			return &instantOut{i.Rule, i.Version, i.Grant, i.Facts, api.At(i.At), api.At(i.AskedAt), api.At(i.SeenAt), i.Upheld, i.Seen}, err
		})
	api.Post(app, api.Op{ID: "ask-review", Path: "/api/v1/cases/{id}/review", Tag: "cases", Summary: "Ask that a person looks at a decision made by rule"},
		func(ctx context.Context, in *reviewIn) (*CaseOut, error) {
			return caseOr(counter.AskReview(ctx, api.Person(ctx), casework.ID(in.ID), in.Body.Text))
		})
}

// MaterialsOf reads material codes.
func MaterialsOf(list []string) (codes []catalog.MaterialCode) {
	for _, m := range list {
		codes = append(codes, catalog.MaterialCode(m))
	}
	return codes
}
