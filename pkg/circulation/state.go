// Package circulation (材料流转) decides whose hands paper originals are in from
// the day a person gives them away until they are back: in an office, or in a
// sealed bag between two. Whatever differs when a bag is opened is settled by
// name, and nothing is ever in two places or in none.
package circulation

import (
	"strings"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// State is where a bag stands.
type State string

// The states of a bag.
const (
	Packing  State = "packing"    // 装袋中
	Sealed   State = "sealed"     // 已封袋
	OnTheWay State = "on_the_way" // 流转中
	Received State = "received"   // 已签收
	Disputed State = "disputed"   // 有差异待处理
	Settled  State = "settled"    // 差异已处理
	Dropped  State = "dropped"    // 已作废
)

// States lists them all in the order of a life.
var States = []State{Packing, Sealed, OnTheWay, Received, Disputed, Settled, Dropped}

// Act is something done to a bag.
type Act string

// The acts. Make begins a bag and is no act on one that exists.
const (
	Make     Act = "make"      // 建袋
	Pack     Act = "pack"      // 装袋
	Unpack   Act = "unpack"    // 取出
	Seal     Act = "seal"      // 封袋
	Open     Act = "open"      // 拆封重装
	HandOver Act = "hand_over" // 交出
	Receive  Act = "receive"   // 签收无误
	Dispute  Act = "dispute"   // 签收有差异
	Settle   Act = "settle"    // 处理差异
	Escalate Act = "escalate"  // 逾期上报
	Drop     Act = "drop"      // 作废
)

var acts = []Act{Pack, Unpack, Seal, Open, HandOver, Receive, Dispute, Settle, Escalate, Drop}

// table is the whole state machine of a bag.
var table = map[State]map[Act]State{
	Packing:  {Pack: Packing, Unpack: Packing, Seal: Sealed, Drop: Dropped},
	Sealed:   {Open: Packing, HandOver: OnTheWay},
	OnTheWay: {Receive: Received, Dispute: Disputed, Escalate: OnTheWay},
	Disputed: {Settle: Settled, Escalate: Disputed},
}

// ErrNotNow refuses an act that the bag's state does not allow.
var ErrNotNow = fault.New(fault.Conflict, "circulation.not_now", "流转袋目前的状态不能做这一步，请刷新后按提示操作")

var stateWords = map[State]string{
	Packing: "装袋中", Sealed: "已封袋", OnTheWay: "流转中", Received: "已签收", Disputed: "有差异待处理", Settled: "差异已处理", Dropped: "已作废",
}

var actWords = map[Act]string{
	Pack: "装袋", Unpack: "取出", Seal: "封袋", Open: "拆封", HandOver: "交出", Receive: "签收", Dispute: "登记差异", Settle: "处理差异", Escalate: "上报", Drop: "作废",
}

// After is the state that act leads to. Error: ErrNotNow, saying what may be
// done instead.
func (s State) After(act Act) (State, error) {
	if next, ok := table[s][act]; ok {
		return next, nil
	}
	var may []string
	for _, a := range acts {
		if _, ok := table[s][a]; ok {
			may = append(may, actWords[a])
		}
	}
	text := "流转袋" + stateWords[s] + "，不能" + actWords[act]
	if len(may) > 0 {
		text += "；现在可以：" + strings.Join(may, "、")
	}
	return s, ErrNotNow.Saying(text)
}
