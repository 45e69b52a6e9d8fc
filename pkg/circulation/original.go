package circulation

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Whereabouts is where an original is.
type Whereabouts string

// Where an original can be.
const (
	AtOffice Whereabouts = "at_office" // 在网点
	InBag    Whereabouts = "in_bag"    // 在流转袋中
	Missing  Whereabouts = "missing"   // 拆袋时不见
	BackHome Whereabouts = "back"      // 已退还本人
	Lost     Whereabouts = "lost"      // 遗失
)

// Original (原件) is one paper that a person has given away.
type Original struct {
	ID       string
	Case     string
	Person   citizen.ID
	Material catalog.MaterialCode
	Label    string // what it is, in the words of who took it in
	Where    Whereabouts
	Office   place.OfficeCode // where it is, or was last
	Bag      string           // in which bag; "" = none
	Version  int
	TakenAt  time.Time
	Since    time.Time // it is where it is
}

// Turn is one line of an original's history: where it went, and by whose hand.
type Turn struct {
	Seq    int
	At     time.Time
	Where  Whereabouts
	Office place.OfficeCode
	Bag    string
	Actor  staff.ID
}

// What can go wrong with originals.
var (
	ErrNoOriginal = fault.New(fault.NotFound, "circulation.no_original", "没有这份原件，请核对后再看")
	ErrElsewhere  = fault.New(fault.Conflict, "circulation.elsewhere", "这份原件不在本网点，或正在流转袋中，不能操作；请先查看它现在在哪里")
	ErrMoved      = fault.New(fault.Conflict, "circulation.moved", "这份原件刚刚有了变化，请刷新后再操作")
	ErrLabel      = fault.New(fault.Invalid, "circulation.label", "请写明是什么原件，2至60个字")
	ErrProof      = fault.New(fault.Invalid, "circulation.proof", "身份证号码后6位与申请人或其代办人不一致，不能退还；请核对本人或代办人的身份证件原件")
)

// to is the original in its next place.
func (o Original) to(where Whereabouts, office place.OfficeCode, bag string, at time.Time) Original {
	o.Where, o.Office, o.Bag, o.Since = where, office, bag, at
	o.Version++
	return o
}

// turn is what the history keeps of how it got where it is.
func (o Original) turn(by staff.ID) Turn {
	return Turn{Seq: o.Version, At: o.Since, Where: o.Where, Office: o.Office, Bag: o.Bag, Actor: by}
}

// Facts are what the ledger must hold of a turn: what came from the person's
// hands, went back to them, or was lost. What lies between is told by bags.
func (t Turn) Facts(original string) []ledger.Fact {
	kind := ledger.Kind("circulation.original_" + string(t.Where))
	if t.Seq != 1 && t.Where != BackHome && t.Where != Lost {
		return nil
	}
	return []ledger.Fact{{Kind: kind, Subject: original, At: t.At, About: []ledger.Detail{
		{Name: "office", Value: string(t.Office)}, {Name: "bag", Value: t.Bag}, {Name: "actor", Value: string(t.Actor)},
	}}}
}

// readText is one line of so many characters.
func readText(text string, least, most int, wrong *fault.Error) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < least || n > most || strings.ContainsFunc(text, unicode.IsControl) {
		return "", wrong
	}
	return text, nil
}
