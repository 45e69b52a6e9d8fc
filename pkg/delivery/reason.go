package delivery

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Reason says why a delivery failed.
type Reason string

// The reasons.
const (
	Absent       Reason = "absent"        // 无人在家
	Unreachable  Reason = "unreachable"   // 电话联系不上
	WrongAddress Reason = "wrong_address" // 地址有误
	Declined     Reason = "declined"      // 收件人拒收
	NoCode       Reason = "no_code"       // 不能出示验证码，或已锁定
	OtherReason  Reason = "other"         // 其他，须写说明
)

// Reasons lists them all.
var Reasons = []Reason{Absent, Unreachable, WrongAddress, Declined, NoCode, OtherReason}

// reasonWords says to the recipient what happened and what comes next.
var reasonWords = map[Reason]string{
	Absent:       "快递员上门时无人在家，会再次派送，请保持电话畅通。",
	Unreachable:  "快递员没能联系上您，会再次派送，请保持电话畅通。",
	WrongAddress: "快递员按所填地址没能找到您，请联系受理网点；退回后可到受理窗口领取。",
	Declined:     "快递员登记为拒收；如非您本人意愿，请联系受理网点。",
	NoCode:       "签收时没能核对签收验证码，请下次派送时打开小程序“我的办件—物流”出示。",
	OtherReason:  "本次没能送达，快递员会再次派送；如需帮助请联系受理网点。",
}

// noteMost bounds a courier's note, in characters.
const noteMost = 200

// ErrReason refuses a reason or a note.
var ErrReason = fault.New(fault.Invalid, "delivery.reason", "请选择投递未成的原因；选“其他”时请用200字以内写明情况")

// readReason checks why an attempt failed. Error: ErrReason.
func readReason(r Reason, note string) (string, error) {
	note = strings.TrimSpace(note)
	_, known := reasonWords[r]
	switch {
	case !known:
		return "", ErrReason.With(fault.Field{Path: "body.reason", Text: "没有这个原因"})
	case r == OtherReason && note == "", !plain(note, noteMost):
		return "", ErrReason.With(fault.Field{Path: "body.note", Text: "请用200字以内写明情况"})
	}
	return note, nil
}

// plain says whether a text is one line of at most so many characters.
func plain(text string, most int) bool {
	return utf8.RuneCountInString(text) <= most && !strings.ContainsFunc(text, unicode.IsControl)
}
