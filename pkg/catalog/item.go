package catalog

import (
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// ItemCode is the key of an item, such as "HJ-0001".
type ItemCode string

// Subject says who may apply (服务对象).
type Subject string

// The subjects.
const (
	Natural Subject = "natural" // 自然人
	Legal   Subject = "legal"   // 法人
	Both    Subject = "both"
)

// Tier is how an item is handled (办理层级). It has no effect on tolerance.
type Tier string

// The tiers.
const (
	Simple  Tier = "simple"  // 即办: on the spot
	General Tier = "general" // 一审一核: one officer reviews and decides
	Complex Tier = "complex" // 联审联办: several departments review
)

// ResultKind is what an item ends in.
type ResultKind string

// The kinds of result.
const (
	ResultLicence     ResultKind = "licence"
	ResultCertificate ResultKind = "certificate"
	ResultApproval    ResultKind = "approval"
	ResultNotice      ResultKind = "notice"
	ResultNone        ResultKind = "none" // nothing to hand over, such as money paid out
)

// LegalUnit is the unit in which a law gives its time.
type LegalUnit string

// The units. Working days are the rule (行政许可法 Art. 82).
const (
	WorkingDays  LegalUnit = "working"
	CalendarDays LegalUnit = "calendar"
	Months       LegalUnit = "months"
)

// Item is something that people can apply for (事项).
type Item struct {
	Code       ItemCode
	Name       string
	NameEn     string
	Department *Department
	Category   string // 许可、确认、给付、备案 and so on
	Subject    Subject
	Tier       Tier

	Line        string    // the department's own system that handles it, "" = none
	LegalDays   int       // the law's time in LegalUnit days; 0 = none known
	LegalUnit   LegalUnit // months: LegalMonths counts, LegalDays is its length in working days
	LegalMonths int       // with Months only
	PromiseDays int       // the promised time in working days; 0 = on the spot

	AcceptLevels []place.Level // who may accept, highest first
	DecideLevel  place.Level   // who decides

	Citywide      bool // 同城通办: any office of an accepting level may accept
	Online        bool
	Courier       bool // the result can be sent
	SelfService   bool // at a terminal
	Tolerant      bool // 容缺: secondary materials may follow
	ToleranceDays int  // working days to supplement; 0 unless Tolerant

	ResultName    string
	ResultKind    ResultKind
	IdentityLevel int // the proof of identity asked for, 1 to 4
	WindowMinutes int // how long it takes at a window
	Visits        int // most visits in person; 0 = fully online
	LegalBasis    string
	Keywords      []string // what people call it

	Requirements []Requirement // in the order of the catalogue
	Fields       []Field       // the form, in the order of the catalogue
	Themes       []*Theme      // the themes that it is part of, sorted by code
	LifeStage    *LifeStage    // nil = none
	Instant      *InstantRule  // decided at once by rule; nil = by a person

	sound bool // nothing is wrong with its row: others may be measured by it
}

// Requirement is a material that an item asks for.
type Requirement struct {
	Material  *Material
	Core      bool   // 主审要件: never tolerable
	Tolerable bool   // 可容缺: may follow
	Copies    int    // paper copies; 0 for electronic material
	Condition string // when it is asked for; "" = always
	Note      string
}

// ErrNoItem says that there is no item with this code.
var ErrNoItem = fault.New(fault.NotFound, "catalog.no_item", "没有这个事项，请重新搜索或从目录中选择")

// AcceptableAt says whether an office of this level may accept the item.
func (i *Item) AcceptableAt(level place.Level) bool {
	for _, l := range i.AcceptLevels {
		if l == level {
			return true
		}
	}
	return false
}
