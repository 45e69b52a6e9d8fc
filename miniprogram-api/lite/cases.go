package lite

import (
	"context"
	"strconv"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// casesView is a list of cases with their clocks.
type casesView struct {
	Rows   []caseRow
	More   string // id after which the list goes on
	Alarms []alarmRow
}

type caseRow struct {
	ID, Number, Item, State, Due string
	Over, Near, Mine, Others     bool
}

type alarmRow struct{ Case, Number, Text string }

// cases are the open cases that concern whoever asks.
func (p *Pages) cases() page {
	return page{path: "/cases", op: "worklist", title: "办件", menu: "办件", look: "cases", show: p.showCases}
}

func (p *Pages) showCases(ctx context.Context, v *visit) (any, error) {
	n, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	m, w := v.me(), casesView{}
	list, err := p.Counter.Worklist(ctx, m, casework.ID(v.c.Query("after")), rowsMost+1)
	if err != nil {
		return nil, err
	}
	if len(list) > rowsMost {
		list = list[:rowsMost]
		w.More = string(list[rowsMost-1].ID)
	}
	today := workday.DateOf(p.Now())
	for _, cs := range list {
		w.Rows = append(w.Rows, caseRowOf(cs, m, n, today))
	}
	alarms, err := p.Counter.Alarms(ctx, m, "", alarmsMost)
	for _, a := range alarms {
		w.Alarms = append(w.Alarms, alarmRow{string(a.Case), a.Number, a.Clock.Words() + alarmWords[a.Kind] + "，最后一天 " + day(a.On)})
	}
	return w, err
}

// alarmsMost is how many alarms stand above the list.
const alarmsMost = 10

var alarmWords = map[casework.AlarmKind]string{"near": "快到期", "due": "今天到期", "over": "已超期"}

func caseRowOf(cs casework.Case, m staff.Member, n names, today workday.Date) caseRow {
	holder := cs.Clerk
	if m.Role == staff.Reviewer {
		holder = cs.Reviewer
	}
	row := caseRow{
		ID: string(cs.ID), Number: cs.Number, Item: n.item(cs.Item), State: cs.State.Words(),
		Over: isOver(cs, today), Mine: holder == m.ID, Others: holder != "" && holder != m.ID,
	}
	due := cs.Due
	if due.IsZero() {
		due = cs.AnswerDue
	}
	if !due.IsZero() {
		left := due.DaysSince(today)
		row.Due, row.Near = day(due), left >= 0 && left <= 2
	}
	return row
}

// takeIn is where an application is taken in for somebody at the window, with
// or without WeChat.
func (p *Pages) takeIn() page {
	return page{path: "/take-in", op: "open-at-window", title: "代为收件", menu: "收件", look: "take_in", acts: []act{
		{name: "open", op: "open-at-window", do: func(ctx context.Context, v *visit) (string, error) {
			item, err := v.item(ctx)
			if err != nil {
				return "", err
			}
			who, err := p.received(ctx, v, "窗口收件")
			if err != nil {
				return "", err
			}
			cs, err := p.Counter.OpenAtWindow(ctx, v.me(), who.ID, casework.Opening{Item: item})
			return at("/cases/"+string(cs.ID), "case_opened"), err
		}},
	}}
}

// foundView is what a search has found.
type foundView struct {
	Cases  []caseRow
	Person *personRow
	Owed   *owedView
}

type personRow struct{ Name, Number, Since, Visit string }

// find looks a case or a person up: the purpose is asked, what is shown is
// masked, and the look is kept.
func (p *Pages) find() page {
	return page{path: "/find", op: "lite-find", title: "查找", menu: "查找", look: "find", acts: []act{
		{name: "case", op: "staff-case", find: func(ctx context.Context, v *visit) (any, error) {
			n, err := p.names(ctx)
			if err != nil {
				return nil, err
			}
			cs, err := p.Counter.Found(ctx, v.me(), v.text("case_number"))
			if err != nil {
				return nil, err
			}
			return foundView{Cases: []caseRow{caseRowOf(cs, v.me(), n, workday.DateOf(p.Now()))}}, nil
		}},
		{name: "person", op: "receive-person", find: p.findPerson},
		{name: "supplement", op: "take-supplement", find: p.findOwed},
		{name: "take-supplement", op: "take-supplement", do: p.takeSupplement},
	}}
}

func (p *Pages) findPerson(ctx context.Context, v *visit) (any, error) {
	who, err := p.received(ctx, v, "")
	if err != nil {
		return nil, err
	}
	row := personRow{Name: who.Name.Masked(), Number: who.Masked(), Since: day(workday.DateOf(who.MadeAt))}
	if a, err := p.Desk.TodayOf(ctx, who.ID, v.me().Office); err == nil {
		row.Visit = clock(a.StartsAt) + "，" + a.State.Words()
	}
	return foundView{Person: &row}, nil
}

// owedView is what a case of any office still lacks; it names nobody.
type owedView struct {
	Number, Item, Due string
	Owed              []choice
}

func (p *Pages) findOwed(ctx context.Context, v *visit) (any, error) {
	n, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	cs, err := p.Counter.Store.CaseByNumber(ctx, v.text("case_number"))
	if err != nil {
		return nil, err
	}
	w := owedView{Number: cs.Number, Item: n.item(cs.Item), Due: day(cs.SupplementDue)}
	for _, m := range cs.Owed() {
		w.Owed = append(w.Owed, choice{string(m.Code), n.material(m.Code)})
	}
	return foundView{Owed: &w}, nil
}

func (p *Pages) takeSupplement(ctx context.Context, v *visit) (string, error) {
	h := casework.HandedIn{Number: v.text("case_number"), Material: materialCode(v.text("material")), Channel: casework.Channel(v.text("channel"))}
	h.Originals, _ = strconv.Atoi(v.text("originals"))
	if h.Originals < 0 || h.Originals > originalsMost {
		return "", ErrForm
	}
	if on := v.text("arrived_on"); on != "" {
		var err error
		if h.On, err = workday.ParseDate(on); err != nil {
			return "", err
		}
	}
	_, err := p.Counter.TakeSupplement(ctx, v.me(), h)
	return at("/find", "supplemented"), err
}
