package casework

import (
	"slices"
	"strconv"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

// Outcome is what happens to an application.
type Outcome string

// The outcomes of an intake.
const (
	Accept         Outcome = "accept"           // 受理
	TolerantAccept Outcome = "tolerant_accept"  // 容缺受理: the clock starts, the result waits
	TolerantTake   Outcome = "tolerant_receipt" // 容缺收件: kept and looked at, the clock waits
	OneTimeNotice  Outcome = "one_time_notice"  // 一次性补正告知
	Refuse         Outcome = "refuse"           // 不予受理
)

// Rule is the number of the rule that decided, as in the rules of tolerance.
type Rule string

// Words says a rule to the applicant.
func (r Rule) Words() string { return ruleWords[r] }

var ruleWords = map[Rule]string{
	"R-10": "法定的再次申请限制期未满（行政许可法第七十八条、第七十九条），不予受理",
	"R-11": "材料齐全，予以受理",
	"R-13": "缺少不能容缺的材料，请按清单一次补齐",
	"R-14": "材料未齐且没有签署容缺承诺书，请补齐材料，或在可容缺时签署承诺书",
	"R-15": "存在未修复的严重失信记录，不能容缺，请补齐材料；信用修复后可再次适用容缺",
	"R-16": "本事项不适用容缺，请按清单一次补齐",
	"R-17": "存在未修复的一般失信记录，先收下材料，补齐当日受理",
	"R-18": "承诺办理时间过短，先收下材料，补齐当日受理",
	"R-19": "主审材料齐全并已承诺补齐其余材料，予以容缺受理",
}

// Requirement is one material that this application needs.
type Requirement struct {
	Material        catalog.MaterialCode
	Core, Tolerable bool
	From            string // the shared base that vouches for it, "" = none
}

// Terms are the item's times, in working days.
type Terms struct{ PromiseDays, ToleranceDays int }

// Standing is who applies, in the eyes of the rules.
type Standing struct {
	Grade    citizen.Grade
	Promised bool // the commitment is signed
}

// Decision is the outcome, the rule behind it and every missing material.
type Decision struct {
	Outcome Outcome
	Rule    Rule
	Missing []Requirement
	Shared  []Requirement // that bases vouch for: there, and nobody brought them
}

// Words says to the applicant why it was decided so, and what need not be
// brought because a base vouches for it.
func (d Decision) Words() string {
	if len(d.Shared) == 0 {
		return d.Rule.Words()
	}
	return d.Rule.Words() + "；" + strconv.Itoa(len(d.Shared)) + "份材料已由共享数据核验，不需要提交"
}

// toleranceMost is the longest time for a supplement, in working days.
const toleranceMost = 20

// Decide applies, first match wins: what happens to an
// application that needs these materials and has those. It touches no storage
// and reads no clock.
func Decide(need []Requirement, have func(catalog.MaterialCode) bool, t Terms, who Standing) Decision {
	missing := slices.DeleteFunc(slices.Clone(need), func(r Requirement) bool { return have(r.Material) })
	shared := slices.DeleteFunc(slices.Clone(need), func(r Requirement) bool { return r.From == "" || !have(r.Material) })
	decided := func(o Outcome, r Rule) Decision { return Decision{o, r, missing, shared} }
	switch {
	case who.Grade == citizen.Revoked:
		return decided(Refuse, "R-10")
	case len(missing) == 0:
		return decided(Accept, "R-11")
	case slices.ContainsFunc(missing, Requirement.vital):
		return decided(OneTimeNotice, "R-13")
	case !who.Promised:
		return decided(OneTimeNotice, "R-14")
	case who.Grade == citizen.GradeD:
		return decided(OneTimeNotice, "R-15")
	case t.PromiseDays == 0 || t.ToleranceDays == 0:
		return decided(OneTimeNotice, "R-16")
	case who.Grade == citizen.GradeC:
		return decided(TolerantTake, "R-17")
	case t.ToleranceDays > toleranceMost || t.ToleranceDays > t.PromiseDays-2:
		return decided(TolerantTake, "R-18")
	default:
		return decided(TolerantAccept, "R-19")
	}
}

// vital: review cannot do without it.
func (r Requirement) vital() bool { return r.Core || !r.Tolerable }
