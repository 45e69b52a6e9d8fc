package casework

import (
	"slices"
	"strings"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// State is where a case stands.
type State string

// The states of a case.
const (
	Draft      State = "draft"      // 草稿
	Received   State = "received"   // 已收件，五个工作日内答复
	Notified   State = "notified"   // 已一次性告知，待补正
	Receipt    State = "receipt"    // 容缺收件，待补齐
	Accepted   State = "accepted"   // 已受理（含容缺受理）
	Granted    State = "granted"    // 准予
	Refused    State = "refused"    // 不予受理或不予许可
	Terminated State = "terminated" // 终止：逾期未补齐
	Withdrawn  State = "withdrawn"  // 申请人撤回
	Closed     State = "closed"     // 办结：结果已送达
)

// Act is something done to a case.
type Act string

// The acts.
const (
	Fill       Act = "fill"       // 填写
	Attach     Act = "attach"     // 交材料
	Sign       Act = "sign"       // 签承诺书
	Submit     Act = "submit"     // 提交
	Withdraw   Act = "withdraw"   // 撤回
	Take       Act = "take"       // 窗口接件
	Record     Act = "record"     // 登记原件
	Judge      Act = "judge"      // 审材料
	Resolve    Act = "decide"     // 作出决定
	Expire     Act = "expire"     // 逾期终止
	Hand       Act = "hand"       // 送达办结
	OpenAct    Act = "open"       // 建立草稿
	Supplement Act = "supplement" // 补齐
	Doubt      Act = "doubt"      // 图片内容存疑: only in the record
	Receive    Act = "receive"    // 收件
	Notify     Act = "notice"     // 再次告知
	Deem       Act = "deem"       // 逾期未告知，视为受理
	HandOver   Act = "hand_over"  // 转交同事
	Pause      Act = "pause"      // 暂停计时
	Resume     Act = "resume"     // 恢复计时
	Extend     Act = "extend"     // 延长期限
	Relieve    Act = "relieve"    // 不可抗力
	Consult    Act = "consult"    // 发起联审
	Opine      Act = "opine"      // 联审意见
	Settle     Act = "settle"     // 裁定联审分歧
	Correct    Act = "correct"    // 更正决定
	Reopen     Act = "reopen"     // 重新办理
	Review     Act = "review"     // 复核秒批
	Revoke     Act = "revoke"     // 来源撤销共享信息
	LineAct    Act = "line"       // 部门系统回报: only in the record
	AlarmAct   Act = "alarm"      // 时限提醒: only in the record
)

// table is the whole state machine: what may be done in which state. Where an
// act leads is the rule's choice among the states listed in leads.
var table = map[State][]Act{
	Draft:    {Fill, Attach, Sign, Submit, Withdraw, Record, Take, Receive, HandOver, Revoke},
	Received: {Fill, Attach, Sign, Submit, Withdraw, Record, Take, Notify, Deem, HandOver, Revoke},
	Notified: {Fill, Attach, Sign, Submit, Withdraw, Record, Take, Receive, Notify, HandOver, Revoke},
	Receipt:  {Attach, Supplement, Withdraw, Take, Record, Judge, Expire, Notify, Relieve, HandOver, Revoke},
	Accepted: {Attach, Supplement, Withdraw, Take, Record, Judge, Resolve, Expire, Notify, Relieve, HandOver,
		Pause, Resume, Extend, Consult, Opine, Settle, Revoke},
	Granted:    {Hand, Correct, Review, Revoke},
	Refused:    {Correct, Reopen},
	Terminated: {Reopen},
	Closed:     {Correct, Reopen, Review, Revoke},
}

// stateWords and actWords say them to people.
var stateWords = map[State]string{
	Draft: "草稿", Received: "已收件", Notified: "待补正", Receipt: "容缺收件", Accepted: "已受理", Granted: "准予",
	Refused: "不予办理", Terminated: "已终止", Withdrawn: "已撤回", Closed: "已办结",
}

var actWords = map[Act]string{
	Fill: "填写", Attach: "交材料", Sign: "签承诺书", Submit: "提交", Withdraw: "撤回", Take: "接件",
	Record: "登记原件", Judge: "审核材料", Resolve: "作出决定", Hand: "送达结果", Supplement: "补齐材料",
	Receive: "收件", Notify: "告知补正", HandOver: "转交", Pause: "暂停计时", Resume: "恢复计时", Extend: "延长期限",
	Relieve: "申请不可抗力", Consult: "发起联审", Opine: "出具联审意见", Settle: "裁定联审分歧",
}

// supervised are acts by right of a supervisor or on request.
var supervised = map[Act]string{Correct: "更正决定", Reopen: "重新办理", Review: "复核", Deem: "视为受理", Expire: "终止", Revoke: "标记共享信息撤销"}

func (a Act) words() string {
	if w, ok := actWords[a]; ok {
		return w
	}
	return supervised[a]
}

// Words is the state in Chinese.
func (s State) Words() string { return stateWords[s] }

// over says whether a case is at its end: nothing is in anybody's hands.
func (s State) over() bool {
	return s == Refused || s == Terminated || s == Withdrawn || s == Closed
}

// Allows says whether act may be done in the state.
func (s State) Allows(act Act) bool { return slices.Contains(table[s], act) }

// ErrNotNow tells that the state does not allow an act.
var ErrNotNow = fault.New(fault.Conflict, "casework.not_now", "办件当前状态不能做这一步，请刷新后按提示操作")

// check is nil where the state allows the act, and otherwise says what is
// allowed instead.
func (s State) check(act Act) error {
	if s.Allows(act) {
		return nil
	}
	var may []string
	for _, a := range table[s] { // rights of a supervisor are no advice
		if w, ok := actWords[a]; ok {
			may = append(may, w)
		}
	}
	text := "办件" + s.Words() + "，不能" + act.words()
	if len(may) > 0 {
		return ErrNotNow.Saying(text + "；现在可以：" + strings.Join(may, "、"))
	}
	return ErrNotNow.Saying(text + "；如需再办，请新建申请")
}
