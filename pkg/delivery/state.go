// Package delivery (送达) decides how a licence reaches the right hands, and
// what proves it: a waybill through a courier with a one-time code, or a window
// with the identity number. What is refused is counted and changes nothing.
package delivery

import (
	"slices"
	"strings"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// State is where a parcel stands.
type State string

// The states of a waybill.
const (
	Made           State = "made"             // 已制单
	HandedOver     State = "handed_over"      // 已交快递公司
	InTransit      State = "in_transit"       // 在快递员手中
	OutForDelivery State = "out_for_delivery" // 派送中
	AttemptFailed  State = "attempt_failed"   // 投递未成
	Held           State = "held"             // 在网点或快递柜待领
	Returning      State = "returning"        // 退回途中
	Delivered      State = "delivered"        // 已签收
	Returned       State = "returned"         // 已退回网点
	Lost           State = "lost"             // 遗失
	Damaged        State = "damaged"          // 损毁
	Cancelled      State = "cancelled"        // 已取消
)

// States lists them all in the order of a life.
var States = []State{
	Made, HandedOver, InTransit, OutForDelivery, AttemptFailed, Held, Returning,
	Delivered, Returned, Lost, Damaged, Cancelled,
}

// Act is something done to a parcel.
type Act string

// The acts. Make begins the timeline and is no act on a waybill that exists.
const (
	Make     Act = "make"      // 制单
	HandOver Act = "hand_over" // 交接给快递公司
	PickUp   Act = "pick_up"   // 揽收，或再次派送
	Miss     Act = "miss"      // 整袋交接时少件
	SetOut   Act = "set_out"   // 出门派送
	Call     Act = "call"      // 请收件人回电
	Deliver  Act = "deliver"   // 签收
	Fail     Act = "fail"      // 登记投递未成
	Return   Act = "return"    // 带回网点
	TakeBack Act = "take_back" // 网点签收退件
	Arrive   Act = "arrive"    // 到达
	Deposit  Act = "deposit"   // 放入快递柜
	Retrieve Act = "retrieve"  // 从快递柜取回
	Claim    Act = "claim"     // 快递公司反馈已送达
	Confirm  Act = "confirm"   // 本人确认收到
	Deny     Act = "deny"      // 本人反馈没有收到
	Pass     Act = "pass"      // 转交同事
	Reassign Act = "reassign"  // 改派快递员
	Redirect Act = "redirect"  // 改址，或改到网点自取
	Renew    Act = "renew"     // 换发签收验证码
	Hold     Act = "hold"      // 网点收下待领
	Collect  Act = "collect"   // 在网点领取
	SendBack Act = "send_back" // 网点退回
	Release  Act = "release"   // 负责人免凭证放行
	Cancel   Act = "cancel"    // 取消
	Lose     Act = "lose"      // 登记遗失
	Damage   Act = "damage"    // 登记损毁
)

// acts are what the office and its couriers may do: the others are the
// company's and the person's.
var acts = []Act{
	HandOver, PickUp, Miss, SetOut, Call, Arrive, Deliver, Deposit, Retrieve, Fail, Return, TakeBack,
	Pass, Reassign, Redirect, Renew, Hold, Collect, SendBack, Release, Cancel, Lose, Damage,
}

// table is the whole state machine: where an act leads from a state. What is
// not in it cannot be done.
var table = map[State]map[Act]State{
	Made:           {HandOver: HandedOver, Redirect: Made, Cancel: Cancelled},
	HandedOver:     {PickUp: InTransit, Miss: HandedOver, Redirect: HandedOver, Renew: HandedOver, Cancel: Returning, Lose: Lost, Damage: Damaged},
	InTransit:      carried(InTransit, map[Act]State{SetOut: OutForDelivery, Pass: InTransit, Reassign: InTransit, Redirect: InTransit, Renew: InTransit, Call: InTransit}),
	OutForDelivery: carried(OutForDelivery, map[Act]State{Pass: InTransit, Reassign: InTransit, Redirect: InTransit, Renew: OutForDelivery, Call: OutForDelivery, Arrive: OutForDelivery}),
	AttemptFailed: {
		PickUp: InTransit, Return: Returning, Hold: Held, Pass: AttemptFailed, Reassign: AttemptFailed, Redirect: AttemptFailed,
		Renew: AttemptFailed, Release: Delivered, Cancel: Returning, Lose: Lost, Damage: Damaged,
	},
	Held:      {Collect: Delivered, Confirm: Delivered, Retrieve: AttemptFailed, SendBack: Returning, Release: Delivered, Cancel: Returning, Lose: Lost, Damage: Damaged},
	Returning: {TakeBack: Returned, Pass: Returning, Reassign: Returning, Lose: Lost, Damage: Damaged},
}

// carried adds what may happen to any parcel in a courier's hands.
func carried(here State, more map[Act]State) map[Act]State {
	more[Claim], more[Deny], more[Confirm], more[Deposit] = here, here, Delivered, Held
	more[Deliver], more[Fail], more[Hold], more[Release] = Delivered, AttemptFailed, Held, Delivered
	more[Cancel], more[Lose], more[Damage] = Returning, Lost, Damaged
	return more
}

// Over says whether nothing can be done to the parcel any more.
func (s State) Over() bool { return len(table[s]) == 0 }

// Void says whether the waybill came to nothing, so that another one may be
// made for its case.
func (s State) Void() bool { return slices.Contains([]State{Cancelled, Lost, Damaged}, s) }

// OnTheRun says whether the parcel is on its way to the door: only then does
// its courier see where that is.
func (s State) OnTheRun() bool { return s == InTransit || s == OutForDelivery }

// What the state machine refuses.
var (
	ErrNotNow    = fault.New(fault.Conflict, "delivery.not_now", "运单目前的状态不能做这一步，请刷新后按提示操作")
	ErrDelivered = fault.New(fault.Conflict, "delivery.delivered", "这件邮件已经签收，不能再操作；如有疑问请联系受理网点")
	ErrReturned  = fault.New(fault.Conflict, "delivery.returned", "这件邮件已退回网点，不能再派送；请收件人携带身份证到受理窗口领取")
	ErrCancelled = fault.New(fault.Conflict, "delivery.cancelled", "这张运单已经取消，不能再操作；邮件请交回受理网点")
	ErrGone      = fault.New(fault.Conflict, "delivery.gone", "这件邮件已登记遗失或损毁，不能再操作；请受理网点换发证照后重新制作运单")
)

// ends are the refusals of a parcel whose way is over.
var ends = map[State]error{Delivered: ErrDelivered, Returned: ErrReturned, Cancelled: ErrCancelled, Lost: ErrGone, Damaged: ErrGone}

var stateWords = map[State]string{
	Made: "待交接", HandedOver: "待揽收", InTransit: "在快递员手中", OutForDelivery: "派送中",
	AttemptFailed: "投递未成", Held: "待领", Returning: "退回途中", Delivered: "已签收", Returned: "已退回网点",
	Lost: "已登记遗失", Damaged: "已登记损毁", Cancelled: "已取消",
}

var actWords = map[Act]string{
	HandOver: "交接", PickUp: "揽收派送", Miss: "登记少件", SetOut: "出门派送", Call: "请收件人回电", Deliver: "签收",
	Fail: "登记投递未成", Return: "带回网点", TakeBack: "签收退件", Arrive: "到达", Deposit: "放入快递柜", Retrieve: "从快递柜取回",
	Claim: "反馈已送达", Confirm: "确认收到", Deny: "反馈未收到", Pass: "转交同事", Reassign: "改派", Redirect: "改址", Renew: "换验证码",
	Hold: "网点代收", Collect: "网点领取", SendBack: "网点退回", Release: "免凭证放行", Cancel: "取消", Lose: "登记遗失", Damage: "登记损毁",
}

// After is the state that act leads to. Errors: ErrDelivered, ErrReturned,
// ErrCancelled, ErrGone, or ErrNotNow saying what may be done instead.
func (s State) After(act Act) (State, error) {
	if next, ok := table[s][act]; ok {
		return next, nil
	}
	if err := ends[s]; err != nil {
		return s, err
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
