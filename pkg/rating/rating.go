// Package rating (好差评) decides what a person may say about a case that is
// decided or a visit that is over, once, and what must follow from a bad word.
package rating

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Grade is one of the five of 国办发〔2019〕51号; the lower two are complaints
// that the office has to follow up.
type Grade int

// The grades.
const (
	VeryPoor Grade = 1 // 非常不满意
	Poor     Grade = 2 // 不满意
	Fair     Grade = 3 // 基本满意
	Good     Grade = 4 // 满意
	VeryGood Grade = 5 // 非常满意
)

// Reason is one of the list that a person may tick.
type Reason string

// The reasons: what was good, then what was not.
const (
	Quick        Reason = "quick"         // 办得快
	Friendly     Reason = "friendly"      // 态度好
	Clear        Reason = "clear"         // 一次说清
	FewVisits    Reason = "few_visits"    // 少跑腿
	Slow         Reason = "slow"          // 办得慢
	Rude         Reason = "rude"          // 态度差
	Unclear      Reason = "unclear"       // 说不清楚
	ManyVisits   Reason = "many_visits"   // 来回跑
	ExtraPapers  Reason = "extra_papers"  // 要了清单以外的材料
	ExtraCharges Reason = "extra_charges" // 违规收费或指定中介
	BadDelivery  Reason = "bad_delivery"  // 送达有问题
)

// Reasons lists them all.
var Reasons = []Reason{
	Quick, Friendly, Clear, FewVisits,
	Slow, Rude, Unclear, ManyVisits, ExtraPapers, ExtraCharges, BadDelivery,
}

// textMost bounds the person's own words, in characters.
const textMost = 500

// Bad says whether the office has to follow up.
func (g Grade) Bad() bool { return g == VeryPoor || g == Poor }

// Kind says what a rating is about.
type Kind string

// The kinds.
const (
	OfCase  Kind = "case"
	OfVisit Kind = "visit"
)

// Rating is what a person says about his own case or visit.
type Rating struct {
	Kind    Kind
	Subject string // id of the case or of the appointment
	Person  citizen.ID
	Office  place.OfficeCode
	Item    catalog.ItemCode
	Grade   Grade
	Reasons []Reason
	Text    string
	At      time.Time

	DueOn       workday.Date // last day for the reply; zero where none is due
	Reply       string
	RepliedBy   staff.ID
	RepliedAt   time.Time
	EscalatedAt time.Time // when the city was told that nobody had replied
}

// ErrInvalid names what is wrong with a rating.
var ErrInvalid = fault.New(fault.Invalid, "rating.invalid", "评价内容有误，请按提示更正后再提交")

// check names everything that is wrong. Error: ErrInvalid.
func (r Rating) check() error {
	var wrong []fault.Field
	if r.Grade < VeryPoor || r.Grade > VeryGood {
		wrong = append(wrong, fault.Field{Path: "body.grade", Text: "请选择1至5分"})
	}
	if !listed(r.Reasons) {
		wrong = append(wrong, fault.Field{Path: "body.reasons", Text: "请从列表中选择原因，不要重复"})
	}
	if utf8.RuneCountInString(r.Text) > textMost || strings.ContainsFunc(r.Text, invisible) {
		wrong = append(wrong, fault.Field{Path: "body.text", Text: "请写500字以内的文字"})
	}
	if wrong != nil {
		return ErrInvalid.With(wrong...)
	}
	return nil
}

// listed says whether each reason is of the list and none comes twice.
func listed(reasons []Reason) bool {
	for i, r := range reasons {
		if !slices.Contains(Reasons, r) || slices.Contains(reasons[:i], r) {
			return false
		}
	}
	return true
}

func invisible(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' }
