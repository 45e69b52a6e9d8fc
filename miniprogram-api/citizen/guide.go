package citizen

import (
	"github.com/yimen-gov/yimen/pkg/catalog"
)

// guideOut is an item's guide: everything that a person must know to apply.
type guideOut struct {
	Code          string           `json:"code"`
	Name          string           `json:"name"`
	NameEn        string           `json:"name_en"`
	Edition       int              `json:"edition" doc:"of the catalogue"`
	Department    string           `json:"department"`
	Category      string           `json:"category"`
	Subject       string           `json:"subject" enum:"natural,legal,both"`
	Tier          string           `json:"tier" enum:"simple,general,complex"`
	PromiseDays   int              `json:"promise_days" doc:"working days; 0 = on the spot"`
	LegalDays     int              `json:"legal_days,omitempty" doc:"the law's time; absent where none is known"`
	LegalUnit     string           `json:"legal_unit,omitempty" enum:"working,calendar,months"`
	AcceptLevels  []string         `json:"accept_levels"`
	DecideLevel   string           `json:"decide_level"`
	Citywide      bool             `json:"citywide" doc:"any office of these levels accepts"`
	Online        bool             `json:"online"`
	Courier       bool             `json:"courier" doc:"the result can be sent"`
	SelfService   bool             `json:"self_service"`
	Tolerant      bool             `json:"tolerant" doc:"some materials may follow after acceptance"`
	ToleranceDays int              `json:"tolerance_days" doc:"working days to supplement"`
	Result        string           `json:"result,omitempty"`
	ResultKind    string           `json:"result_kind" enum:"licence,certificate,approval,notice,none"`
	IdentityLevel int              `json:"identity_level" doc:"that submitting asks for: 2 phone, 3 real name, 4 face"`
	Minutes       int              `json:"window_minutes"`
	Visits        int              `json:"visits" doc:"most visits in person; 0 = wholly online"`
	LegalBasis    string           `json:"legal_basis"`
	Checklist     []requirementOut `json:"checklist"`
	Form          []fieldOut       `json:"form"`
	Themes        []string         `json:"themes"`
}

type requirementOut struct {
	Material     string `json:"material"`
	Name         string `json:"name"`
	Form         string `json:"form" enum:"original,copy,electronic,form"`
	Core         bool   `json:"core" doc:"review cannot start without it"`
	Tolerable    bool   `json:"tolerable" doc:"may follow after a signed commitment"`
	Copies       int    `json:"copies"`
	Condition    string `json:"condition,omitempty" doc:"only if this applies"`
	ReusableFrom string `json:"reusable_from,omitempty" doc:"need not be handed in where this source vouches"`
	Note         string `json:"note,omitempty"`
}

type fieldOut struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Type     string   `json:"type" enum:"text,id_number,phone,address,enum,number,uscc,date,bool"`
	Required bool     `json:"required"`
	Autofill string   `json:"autofill,omitempty" doc:"source that can fill it"`
	Enum     []string `json:"enum,omitempty"`
}

func guideFrom(it *catalog.Item, edition int) guideOut {
	g := guideOut{
		Code: string(it.Code), Name: it.Name, NameEn: it.NameEn, Edition: edition, Department: it.Department.Name,
		Category: it.Category, Subject: string(it.Subject), Tier: string(it.Tier), PromiseDays: it.PromiseDays,
		LegalDays: legalTime(it), LegalUnit: string(it.LegalUnit), DecideLevel: it.DecideLevel.String(),
		Citywide: it.Citywide, Online: it.Online, Courier: it.Courier, SelfService: it.SelfService,
		Tolerant: it.Tolerant, ToleranceDays: it.ToleranceDays, Result: it.ResultName, ResultKind: string(it.ResultKind),
		IdentityLevel: it.IdentityLevel, Minutes: it.WindowMinutes, Visits: it.Visits, LegalBasis: it.LegalBasis,
		AcceptLevels: []string{}, Checklist: []requirementOut{}, Form: []fieldOut{}, Themes: []string{},
	}
	for _, l := range it.AcceptLevels {
		g.AcceptLevels = append(g.AcceptLevels, l.String())
	}
	for _, r := range it.Requirements {
		g.Checklist = append(g.Checklist, requirementOut{
			string(r.Material.Code), r.Material.Name, string(r.Material.Form), r.Core, r.Tolerable,
			r.Copies, r.Condition, r.Material.ReusableFrom, r.Note,
		})
	}
	for _, f := range it.Fields {
		g.Form = append(g.Form, fieldOut{f.Name, f.Label, string(f.Type), f.Required, f.Autofill, f.Enum})
	}
	for _, t := range it.Themes {
		g.Themes = append(g.Themes, string(t.Code))
	}
	return g
}

func legalTime(it *catalog.Item) int {
	if it.LegalUnit == catalog.Months {
		return it.LegalMonths
	}
	return it.LegalDays
}
