package lite

import (
	"context"
	"slices"
	"strconv"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/paper"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// originalsMost bounds the copies of one material.
const originalsMost = 20

// caseView is a case as a page shows it: masked.
type caseView struct {
	ID, Number, Item, State, Rule    string
	Name, IDNumber, Phone            string
	Facts                            []fact
	Mine, Free, Window, Over         bool
	Fill, Attach, Submit, Promise    bool
	Judge, Decide, Licence, Deliver  bool
	Fields                           []fieldRow
	Materials                        []materialRow
	Owed                             []string
	Decision                         string
	Whole                            []fact // what reveal has shown
	Papers                           []choice
	Clocks                           []fact
	Waybill, Collect, Sends, Granted bool
}

// fact is a word and what it is; Bad ones stand out.
type fact struct {
	Label, Text string
	Bad         bool
}

// oneCase is a case with all that can be done to it.
func (p *Pages) oneCase() page {
	return page{path: "/cases/:id", op: "staff-case", title: "办件", look: "case", show: p.showCase, acts: append([]act{
		p.caseAct("take", "take-case", "taken", func(ctx context.Context, v *visit) error {
			_, err := p.Counter.TakeOver(ctx, v.me(), v.caseID())
			return err
		}),
		p.caseAct("fill", "fill-at-window", "filled", p.fill),
		p.caseAct("attach", "fill-at-window", "attached", p.attach),
		p.caseAct("originals", "record-originals", "originals", func(ctx context.Context, v *visit) error {
			copies, _ := strconv.Atoi(v.text("copies"))
			if copies < 1 || copies > originalsMost {
				return ErrForm
			}
			_, err := p.Counter.RecordOriginals(ctx, v.me(), v.caseID(), materialCode(v.text("material")), copies)
			return err
		}),
		{name: "submit", op: "submit-at-window", do: func(ctx context.Context, v *visit) (string, error) {
			r, err := p.Counter.SubmitAtWindow(ctx, v.me(), v.caseID())
			return at("/cases/"+v.id(), string(r.Decision.Outcome)), err
		}},
		p.caseAct("judge", "judge-material", "judged", func(ctx context.Context, v *visit) error {
			_, err := p.Counter.JudgeMaterial(ctx, v.me(), v.caseID(), materialCode(v.text("material")), v.text("fit") == "yes", v.text("note"))
			return err
		}),
		p.caseAct("decide", "decide-case", "decided", func(ctx context.Context, v *visit) error {
			_, err := p.Counter.DecideCase(ctx, v.me(), v.caseID(), casework.Verdict{Grant: v.text("grant") == "yes", Text: v.text("text")})
			return err
		}),
		{name: "reveal", op: "reveal-case", find: p.reveal},
		{name: "file", op: "case-file", anew: true, do: p.openFile},
		{name: "paper", op: "print-paper", anew: true, do: p.printPaper},
	}, p.resultActs()...)}
}

func materialCode(text string) catalog.MaterialCode { return catalog.MaterialCode(text) }

func (v *visit) caseID() casework.ID { return casework.ID(v.id()) }

// caseAct is an act that leads back to its case.
func (p *Pages) caseAct(name, op, word string, do func(ctx context.Context, v *visit) error) act {
	return act{name: name, op: op, do: func(ctx context.Context, v *visit) (string, error) {
		return at("/cases/"+v.id(), word), do(ctx, v)
	}}
}

func (p *Pages) showCase(ctx context.Context, v *visit) (any, error) {
	m := v.me()
	cs, err := p.Counter.Seen(ctx, m, v.caseID())
	if err != nil {
		return nil, err
	}
	e, err := p.City.Edition(ctx, cs.Edition)
	if err != nil {
		return nil, err
	}
	item, err := e.Catalogue.Item(cs.Item)
	if err != nil {
		return nil, err
	}
	who, err := p.Counter.Store.Person(ctx, cs.Person)
	if err != nil {
		return nil, err
	}
	w := caseView{ID: v.id(), Number: cs.Number, Item: item.Name, State: cs.State.Words(), Rule: cs.Rule.Words(),
		Name: who.Name.Masked(), IDNumber: who.Masked(), Decision: cs.DecisionText}
	w.may(v, cs, item)
	w.Facts = factsOf(cs, workday.DateOf(p.Now()))
	w.Fields = fieldsOf(item, cs)
	if err := p.materials(ctx, &w, item, cs, names{e}); err != nil {
		return nil, err
	}
	w.Whole, _ = v.found.([]fact)
	return w, p.papersOf(ctx, &w, cs)
}

// may says what can be done by whom; the rooms have the last word.
func (w *caseView) may(v *visit, cs casework.Case, item *catalog.Item) {
	m := v.me()
	holder := cs.Clerk
	if m.Role == staff.Reviewer {
		holder = cs.Reviewer
	}
	w.Window = m.Role != staff.Reviewer
	w.Mine = holder == m.ID
	early := slices.Contains([]casework.State{casework.Draft, casework.Received, casework.Notified}, cs.State)
	waits := cs.State == casework.Receipt || cs.State == casework.Accepted
	w.Free = holder == "" && (early || waits)
	hand := w.Mine && w.Window
	w.Fill, w.Submit = hand && early, hand && early
	w.Attach = hand && (early || waits)
	w.Judge = waits && (w.Mine || m.Role == staff.Reviewer)
	w.Decide = cs.State == casework.Accepted && (w.Mine || m.Role == staff.Reviewer)
	w.Granted = cs.State == casework.Granted && w.Window
	w.Sends = item.Courier
	w.Deliver = w.Window && item.Courier && cs.State != casework.Closed && !early
	w.Licence = w.Granted && item.ResultKind != catalog.ResultNone
}

func factsOf(cs casework.Case, today workday.Date) (list []fact) {
	add := func(label, text string, bad bool) {
		if text != "" {
			list = append(list, fact{label, text, bad})
		}
	}
	late := func(d workday.Date) bool { return !d.IsZero() && today.After(d) && cs.DecidedAt.IsZero() }
	add("建立", moment(cs.OpenedAt), false)
	add("收件", moment(cs.ReceivedAt), false)
	add("答复期限", day(cs.AnswerDue), late(cs.AnswerDue))
	add("受理", moment(cs.AcceptedAt), false)
	add("补交期限", day(cs.SupplementDue), late(cs.SupplementDue))
	add("承诺办结", day(cs.Due), late(cs.Due))
	add("法定期限", day(cs.LegalDue), late(cs.LegalDue))
	add("决定", moment(cs.DecidedAt), false)
	add("办结", moment(cs.ClosedAt), false)
	return list
}

// papersOf lists the papers that can be printed now.
func (p *Pages) papersOf(ctx context.Context, w *caseView, cs casework.Case) error {
	out, err := citizen.PapersOfCase(ctx, p.Press, p.Links, cs, nil)
	if err != nil {
		return err
	}
	for _, kind := range append(kindsOf(out), out.Due...) {
		if c := (choice{kind, paperWords[kind]}); !slices.Contains(w.Papers, c) {
			w.Papers = append(w.Papers, c)
		}
	}
	return nil
}

// printPaper issues a paper, or takes the one that was issued, and opens it.
func (p *Pages) printPaper(ctx context.Context, v *visit) (string, error) {
	cs, err := p.Counter.Seen(ctx, v.me(), v.caseID())
	out, err := citizen.Issued(ctx, p.Press, p.Links, string(paper.Kind(v.text("kind"))), cs, err)
	if err != nil {
		return "", err
	}
	return out.URL, nil
}

// openFile opens a file of a case by a link that is good for minutes; who
// looked is kept.
func (p *Pages) openFile(ctx context.Context, v *visit) (string, error) {
	m := v.me()
	f, err := p.Counter.ShowFile(ctx, m, v.caseID(), v.text("file"))
	if err != nil {
		return "", err
	}
	f.Name = api.MaskFile(f.Name)
	return citizen.LinkTo(p.Links, f, scan.Link{Who: string(m.ID), Staff: true}).URL, nil
}

// reveal shows a case whole, for a purpose that the person can read.
func (p *Pages) reveal(ctx context.Context, v *visit) (any, error) {
	cs, who, err := p.Counter.Reveal(ctx, v.me(), v.caseID(), v.text("purpose"))
	if err != nil {
		return nil, err
	}
	item, err := p.Counter.Item(ctx, cs)
	if err != nil {
		return nil, err
	}
	list := []fact{{Label: "姓名", Text: who.Name.String()}, {Label: "证件号码", Text: who.Identity()}}
	for _, f := range item.Fields {
		if text := cs.Form[f.Name]; text != "" {
			list = append(list, fact{Label: f.Label, Text: text})
		}
	}
	return list, nil
}
