package workday

import (
	"cmp"
	"slices"
)

// Reason is why a clock pauses.
type Reason string

// The reasons of 行政许可法 Art. 45, and what lies with the applicant or with
// nobody.
const (
	Hearing      Reason = "hearing"       // 听证
	Tender       Reason = "tender"        // 招标、拍卖
	Inspection   Reason = "inspection"    // 检验、检疫
	Testing      Reason = "testing"       // 检测
	Appraisal    Reason = "appraisal"     // 鉴定
	ExpertReview Reason = "expert_review" // 专家评审
	Publicity    Reason = "publicity"     // 公示
	Applicant    Reason = "applicant"     // the applicant owes something
	ForceMajeure Reason = "force_majeure" // 不可抗力
)

// reasonTexts are the known reasons.
var reasonTexts = map[Reason]string{
	Hearing:      "听证",
	Tender:       "招标、拍卖",
	Inspection:   "检验、检疫",
	Testing:      "检测",
	Appraisal:    "鉴定",
	ExpertReview: "专家评审",
	Publicity:    "公示",
	Applicant:    "等待申请人补正",
	ForceMajeure: "不可抗力",
}

// Text gives the reason in Chinese, or "" when it is not known.
func (r Reason) Text() string { return reasonTexts[r] }

// Pause is a time that does not count (不计入期限), from its first day to its
// last, both included; every day that it touches is left out. Pauses may
// overlap and come in any order. One whose To is before From is empty.
type Pause struct {
	From   Date
	To     Date // zero = not yet over
	Reason Reason
}

func (p Pause) covers(d Date) bool {
	return !d.Before(p.From) && (p.To.IsZero() || !d.After(p.To))
}

// pauseOn gives the pause that a day falls in, the one that began first, or nil.
func (c Clock) pauseOn(d Date) *Pause {
	var first *Pause
	for i, p := range c.Pauses {
		if p.covers(d) && (first == nil || p.From.Before(first.From)) {
			first = &c.Pauses[i]
		}
	}
	return first
}

// span is a pause in day numbers.
type span struct{ from, to int }

// forever is the end of an open pause.
const forever = 1 << 40

func (s span) open() bool { return s.to == forever }

// spans gives the pauses in order, joined where they overlap or touch.
func (c Clock) spans() []span {
	all := make([]span, 0, len(c.Pauses))
	for _, p := range c.Pauses {
		s := span{p.From.number(), forever}
		if !p.To.IsZero() {
			s.to = p.To.number()
		}
		if s.from <= s.to {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return merge(all)
}

// merge joins sorted spans that overlap or touch, in place.
func merge(sorted []span) []span {
	joined := sorted[:0]
	for _, s := range sorted {
		if n := len(joined); n > 0 && s.from <= joined[n-1].to+1 {
			joined[n-1].to = max(joined[n-1].to, s.to)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}
