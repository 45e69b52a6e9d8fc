package citizen

import (
	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
)

// CaseOut is a case as its applicant and the staff who handle it see it.
type CaseOut struct {
	ID            string            `json:"id" format:"uuid"`
	Number        string            `json:"number" doc:"printed on papers"`
	Item          string            `json:"item"`
	Edition       int               `json:"edition" doc:"of the catalogue that governs the case"`
	Office        string            `json:"office" doc:"that accepts"`
	Decides       string            `json:"decides" doc:"division whose authority decides"`
	Division      string            `json:"division,omitempty" doc:"where the matter lies, where that was said"`
	Appointment   string            `json:"appointment,omitempty"`
	State         string            `json:"state" enum:"draft,received,notified,receipt,accepted,granted,refused,terminated,withdrawn,closed"`
	StateText     string            `json:"state_text"`
	Rule          string            `json:"rule,omitempty" doc:"that decided the intake"`
	RuleText      string            `json:"rule_text,omitempty"`
	Tolerance     bool              `json:"tolerance" doc:"accepted while materials are owed"`
	Form          map[string]string `json:"form,omitempty"`
	Materials     []materialOut     `json:"materials,omitempty"`
	OpenedAt      string            `json:"opened_at"`
	ReceivedAt    string            `json:"received_at,omitempty"`
	AcceptedAt    string            `json:"accepted_at,omitempty"`
	AnswerDue     string            `json:"answer_due,omitempty" doc:"last day to answer what was received"`
	Due           string            `json:"due,omitempty" doc:"the promised day; absent while it waits for the applicant"`
	LegalDue      string            `json:"legal_due,omitempty" doc:"the last day by law, where there is one"`
	SupplementDue string            `json:"supplement_due,omitempty" doc:"last day for what is owed"`
	DecidedAt     string            `json:"decided_at,omitempty"`
	DecisionText  string            `json:"decision_text,omitempty"`
	ClosedAt      string            `json:"closed_at,omitempty"`
}

type materialOut struct {
	Material  string `json:"material"`
	Applies   string `json:"applies" enum:"yes,no,unsaid" doc:"unsaid: answer its condition before submitting"`
	State     string `json:"state" enum:"missing,committed,provided,fit,unfit"`
	Source    string `json:"source,omitempty" enum:"file,paper,shared,form"`
	Originals int    `json:"originals,omitempty" doc:"paper originals recorded at the window"`
	Note      string `json:"note,omitempty"`
}

// CaseFrom encodes a case.
func CaseFrom(cs casework.Case) CaseOut {
	out := CaseOut{
		ID: string(cs.ID), Number: cs.Number, Item: string(cs.Item), Edition: cs.Edition, Office: string(cs.Office),
		Decides: string(cs.Decides), Appointment: cs.Appointment, State: string(cs.State), StateText: cs.State.Words(),
		Rule: string(cs.Rule), RuleText: cs.Rule.Words(), Tolerance: cs.Tolerance, Form: cs.Form,
		OpenedAt: api.At(cs.OpenedAt), ReceivedAt: api.At(cs.ReceivedAt), AcceptedAt: api.At(cs.AcceptedAt),
		Division: string(cs.Subject), AnswerDue: api.On(cs.AnswerDue), LegalDue: api.On(cs.LegalDue),
		Due: api.On(cs.Due), SupplementDue: api.On(cs.SupplementDue), DecidedAt: api.At(cs.DecidedAt),
		DecisionText: cs.DecisionText, ClosedAt: api.At(cs.ClosedAt),
	}
	for _, m := range cs.Materials {
		out.Materials = append(out.Materials, materialOut{
			string(m.Code), string(m.Applies), string(m.State), string(m.Source), m.Originals, m.Note,
		})
	}
	return out
}

// BriefFrom encodes a case for a list: without what was filled in.
func BriefFrom(cs casework.Case) CaseOut {
	cs.Form, cs.Materials = nil, nil
	return CaseFrom(cs)
}

// ResultOut is the answer to a submitted application.
type ResultOut struct {
	Outcome  string       `json:"outcome" enum:"accept,tolerant_accept,tolerant_receipt,one_time_notice,refuse"`
	Rule     string       `json:"rule" doc:"number of the rule that decided"`
	RuleText string       `json:"rule_text"`
	Missing  []missingOut `json:"missing" doc:"everything that is still owed, at once"`
	Shared   []sharedOut  `json:"shared" doc:"what shared bases vouch for: nobody has to bring it"`
	Case     CaseOut      `json:"case"`
}

type sharedOut struct {
	Material string `json:"material"`
	Name     string `json:"name"`
	Origin   string `json:"origin" doc:"which base, and what it told"`
}

type missingOut struct {
	Material  string `json:"material"`
	Name      string `json:"name"`
	Core      bool   `json:"core"`
	Tolerable bool   `json:"tolerable"`
	Why       string `json:"why,omitempty" doc:"why it could not be had from a shared base that may know it"`
}

// ResultFrom encodes a submitted application; c names its materials.
func ResultFrom(r casework.Result, c *catalog.Catalogue) ResultOut {
	d := r.Decision
	out := ResultOut{
		Outcome: string(d.Outcome), Rule: string(d.Rule), RuleText: d.Words(),
		Missing: []missingOut{}, Shared: []sharedOut{}, Case: CaseFrom(r.Case),
	}
	for _, m := range d.Missing {
		out.Missing = append(out.Missing, missingOut{string(m.Material), materialName(c, m.Material), m.Core, m.Tolerable, r.Case.Why(m.Material)})
	}
	for _, m := range d.Shared {
		out.Shared = append(out.Shared, sharedOut{string(m.Material), materialName(c, m.Material), m.From})
	}
	return out
}

func materialName(c *catalog.Catalogue, code catalog.MaterialCode) string {
	m, err := c.Material(code)
	if err != nil {
		return string(code)
	}
	return m.Name
}
