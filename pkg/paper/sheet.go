package paper

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Sheet is what a paper says, for a page to be made of.
type Sheet struct {
	Title, Number string
	To            string // whom it is for
	Paragraphs    []string
	Head          string   // of the list
	List          []string // numbered
	Rows          [][2]string
	Basis         string   // the law
	Signs         []string // lines for signatures
	Seal          bool     // room for the seal
	Issuer, On    string
	Code, Verify  string // the code as people type it, and the address behind it
}

// facts are what a paper is made of.
type facts struct {
	cs         casework.Case
	item       *catalog.Item
	person     citizen.Person
	office     string
	commitment casework.Commitment
	at         time.Time
}

func (p *Press) facts(ctx context.Context, cs casework.Case, kind Kind) (f facts, err error) {
	f.cs = cs
	if kind == Commitment {
		if f.commitment, err = p.Store.SignedCommitment(ctx, cs.ID); err != nil {
			return f, err
		}
		f.at = f.commitment.SignedAt
	} else if f.at, err = eventOf(cs, kind); err != nil {
		return f, err
	}
	edition, err := p.City.Edition(ctx, cs.Edition)
	if err != nil {
		return f, err
	}
	if f.item, err = edition.Catalogue.Item(cs.Item); err != nil {
		return f, err
	}
	office, err := edition.Places.Office(cs.Office)
	if err != nil {
		return f, err
	}
	f.office = office.Name
	f.person, err = p.Store.Person(ctx, cs.Person)
	return f, err
}

func (f facts) sheet(kind Kind) Sheet {
	s := Sheet{To: f.person.Name.String(), Seal: true, Rows: [][2]string{
		{"申请人", f.person.Name.String()}, {"证件号码", f.person.Masked()}, {"事项名称", f.item.Name}, {"事项编码", string(f.item.Code)},
		{"办件编号", f.cs.Number}, {"收到日期", ChineseDate(workday.DateOf(f.cs.ReceivedAt))},
	}}
	switch kind {
	case Receipt:
		f.receipt(&s)
	case Notice:
		f.notice(&s)
	case Tolerance:
		f.tolerance(&s)
	case Commitment:
		f.promise(&s)
	case Decision:
		f.decision(&s)
	case Delivery:
		f.delivery(&s)
	}
	return s
}

func (f facts) receipt(s *Sheet) {
	s.Title, s.Basis = "受理通知书", "《中华人民共和国行政许可法》第三十二条"
	s.Paragraphs = []string{
		"你（单位）提出的“" + f.item.Name + "”申请，经审查属于本机关职权范围，决定自" + ChineseDate(workday.DateOf(f.at)) + "起予以受理。",
	}
	if f.cs.State == casework.Receipt {
		s.Title = "收件凭证"
		s.Paragraphs = []string{"你（单位）提出的“" + f.item.Name + "”申请，材料已先行收下。材料补齐的当日予以受理，办理时限自受理之日起计算。"}
	} else if !f.cs.Due.IsZero() {
		s.Paragraphs = append(s.Paragraphs, "承诺办结日期："+ChineseDate(f.cs.Due)+"。依法需要听证、检验、检测、检疫、鉴定、专家评审和公示的，所需时间不计算在内。")
	}
	s.Head, s.List = "已收到的材料", f.materials(func(m casework.Material) bool {
		return m.Applies == casework.Yes && (m.State == casework.Provided || m.State == casework.Fit)
	})
	s.Signs = []string{"经办人", "申请人（代办人）签收"}
}

func (f facts) notice(s *Sheet) {
	s.Title, s.Basis = "一次性补正告知书", "《中华人民共和国行政许可法》第三十二条第一款第四项"
	s.Paragraphs = []string{"你（单位）提出的“" + f.item.Name + "”申请，材料不齐全或者不符合法定形式，现将需要补正的全部内容一次告知如下，请补正后再次提交。可在本市任一受理网点、通过邮寄或者在线补正。"}
	s.Head, s.List = "需要补正的全部材料", f.owed()
	s.Signs = []string{"经办人", "申请人（代办人）签收"}
}

func (f facts) tolerance(s *Sheet) {
	s.Title = "容缺受理通知书"
	s.Paragraphs = []string{"你（单位）提出的“" + f.item.Name + "”申请，主审材料齐全且符合要求，依你（单位）的书面承诺予以容缺办理。请在" + ChineseDate(f.cs.SupplementDue) + "前（含当日）补齐下列材料。材料补齐并审核合格前不作出决定、不发放证照；逾期未补齐的，终止办理。"}
	if f.cs.SupplementDue.IsZero() {
		s.Paragraphs = []string{"你（单位）提出的“" + f.item.Name + "”申请已容缺受理，承诺补交的材料已经补齐。"}
	}
	s.Head, s.List = "需要补齐的材料", f.owed()
	s.Signs = []string{"经办人", "申请人（代办人）签收"}
}

// promise prints what was signed, word for word.
func (f facts) promise(s *Sheet) {
	s.Title, s.Seal = "容缺受理承诺书", false
	for line := range strings.SplitSeq(f.commitment.Text, "\n") {
		if line = strings.TrimSpace(line); line != "" && line != s.Title {
			s.Paragraphs = append(s.Paragraphs, line)
		}
	}
	s.Rows = append(s.Rows, [2]string{"签署时间", f.commitment.SignedAt.In(workday.Zone).Format("2006-01-02 15:04:05")},
		[2]string{"身份核验", fmt.Sprintf("%d级（在线签署）", f.commitment.Level)}, [2]string{"原文校验值", f.commitment.Digest})
	s.Signs = []string{"承诺人"}
}

func (f facts) decision(s *Sheet) {
	if f.cs.State == casework.Refused {
		s.Title, s.Basis = "不予办理决定书", "《中华人民共和国行政许可法》第三十八条第二款"
		s.Paragraphs = []string{"你（单位）提出的“" + f.item.Name + "”申请，经审查，决定不予办理。理由："}
	} else {
		s.Title, s.Basis = "准予决定书", "《中华人民共和国行政许可法》第三十八条第一款"
		s.Paragraphs = []string{"你（单位）提出的“" + f.item.Name + "”申请，经审查符合法定条件、标准，决定准予。"}
	}
	if f.cs.DecisionText != "" {
		s.Paragraphs = append(s.Paragraphs, f.cs.DecisionText)
	}
	s.Paragraphs = append(s.Paragraphs, "如不服本决定，可自收到本决定书之日起六十日内依法申请行政复议，或者在六个月内依法提起行政诉讼。")
	s.Rows = append(s.Rows, [2]string{"决定日期", ChineseDate(workday.DateOf(f.cs.DecidedAt))})
}

func (f facts) delivery(s *Sheet) {
	s.Title, s.Basis = "送达回证", "《中华人民共和国行政许可法》第四十四条"
	s.Paragraphs = []string{"“" + f.item.Name + "”的办理结果已于" + ChineseDate(workday.DateOf(f.cs.ClosedAt)) + "送达。"}
	s.Rows = append(s.Rows, [2]string{"送达文书", f.item.ResultName})
	s.Signs = []string{"送达人", "受送达人"}
}

func (f facts) owed() []string {
	return f.materials(func(m casework.Material) bool {
		return m.Applies == casework.Yes && m.State != casework.Provided && m.State != casework.Fit
	})
}

// materials names the materials of the case that are wanted, with their notes.
func (f facts) materials(wanted func(casework.Material) bool) (list []string) {
	for _, r := range f.item.Requirements {
		for _, m := range f.cs.Materials {
			if m.Code != r.Material.Code || !wanted(m) {
				continue
			}
			line := r.Material.Name
			if r.Copies > 0 {
				line += fmt.Sprintf("（%d份）", r.Copies)
			}
			if m.Note != "" {
				line += "：" + m.Note
			}
			list = append(list, line)
		}
	}
	return list
}
