// Package delivery (送达) decides how a licence reaches the right hands, and
// what proves it: a waybill through a courier with a one-time code, or a window
// with the identity number. What is refused is counted and changes nothing.
package delivery

import (
	"strings"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// State is where a parcel stands.
type State string

// The states of a waybill.
const (
	Made          State = "made"           // 已制单
	HandedOver    State = "handed_over"    // 已交快递公司
	InTransit     State = "in_transit"     // 派送中
	AttemptFailed State = "attempt_failed" // 投递未成
	Delivered     State = "delivered"      // 已签收
	Returned      State = "returned"       // 已退回网点
)

// States lists them all in the order of a life.
var States = []State{Made, HandedOver, InTransit, AttemptFailed, Delivered, Returned}

// Act is something done to a parcel.
type Act string

// The acts. Make begins the timeline and is no act on a waybill that exists.
const (
	Make     Act = "make"      // 制单
	HandOver Act = "hand_over" // 交接给快递公司
	PickUp   Act = "pick_up"   // 揽收，或再次派送
	Deliver  Act = "deliver"   // 签收
	Fail     Act = "fail"      // 登记投递未成
	Return   Act = "return"    // 退回网点
)

var acts = []Act{HandOver, PickUp, Deliver, Fail, Return}

// table is the whole state machine: where an act leads from a state. What is
// not in it cannot be done.
var table = map[State]map[Act]State{
	Made:          {HandOver: HandedOver},
	HandedOver:    {PickUp: InTransit},
	InTransit:     {Deliver: Delivered, Fail: AttemptFailed},
	AttemptFailed: {PickUp: InTransit, Return: Returned},
}

// What the state machine refuses.
var (
	ErrNotNow    = fault.New(fault.Conflict, "delivery.not_now", "运单目前的状态不能做这一步，请刷新后按提示操作")
	ErrDelivered = fault.New(fault.Conflict, "delivery.delivered", "这件邮件已经签收，不能再操作；如有疑问请联系受理网点")
	ErrReturned  = fault.New(fault.Conflict, "delivery.returned", "这件邮件已退回网点，不能再派送；请收件人携带身份证到受理窗口领取")
)

var stateWords = map[State]string{
	Made: "待交接", HandedOver: "待揽收", InTransit: "派送中",
	AttemptFailed: "投递未成", Delivered: "已签收", Returned: "已退回网点",
}

var actWords = map[Act]string{
	HandOver: "交接", PickUp: "揽收派送", Deliver: "签收", Fail: "登记投递未成", Return: "退回网点",
}

// After is the state that act leads to. Errors: ErrDelivered, ErrReturned, or
// ErrNotNow saying what may be done instead.
func (s State) After(act Act) (State, error) {
	if next, ok := table[s][act]; ok {
		return next, nil
	}
	switch s {
	case Delivered:
		return s, ErrDelivered
	case Returned:
		return s, ErrReturned
	}
	return s, ErrNotNow.Saying("邮件" + stateWords[s] + "，不能" + actWords[act] + "；现在可以：" + s.may())
}

func (s State) may() string {
	var words []string
	for _, a := range acts {
		if _, ok := table[s][a]; ok {
			words = append(words, actWords[a])
		}
	}
	return strings.Join(words, "、")
}
