package queue

import (
	"slices"
	"strings"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// State is where a ticket stands.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Called    State = "called"
	Serving   State = "serving"
	Missed    State = "missed"    // called, and nobody came
	Parked    State = "parked"    // the person fetches or fills in something
	Finished  State = "finished"  // served
	Withdrawn State = "withdrawn" // given up
	Closed    State = "closed"    // the office closed before its turn
)

// Act is what somebody, or closing time, does to a ticket.
type Act string

// The acts.
const (
	Take     Act = "take" // makes it
	Call     Act = "call"
	Recall   Act = "recall"
	Skip     Act = "skip"
	CallBack Act = "call_back"
	Return   Act = "return"
	Serve    Act = "serve"
	Park     Act = "park"
	Transfer Act = "transfer"
	PutBack  Act = "put_back" // the window closed over it
	Finish   Act = "finish"
	Reopen   Act = "reopen"
	Withdraw Act = "withdraw"
	Close    Act = "close"
)

// table is the state machine. What is not here cannot be done.
var table = map[State]map[Act]State{
	Waiting:  {Call: Called, Withdraw: Withdrawn, Close: Closed},
	Called:   {Recall: Called, Serve: Serving, Skip: Missed, Park: Parked, Transfer: Waiting, PutBack: Waiting, Withdraw: Withdrawn},
	Serving:  {Finish: Finished, Park: Parked, Transfer: Waiting, PutBack: Waiting},
	Missed:   {CallBack: Called, Return: Waiting, Withdraw: Withdrawn, Close: Closed},
	Parked:   {CallBack: Called, Return: Waiting, Withdraw: Withdrawn, Close: Closed},
	Finished: {Reopen: Serving},
}

// ErrNotNow tells that a ticket's state does not allow the act, and what it does.
var ErrNotNow = fault.New(fault.Conflict, "queue.not_now", "这个排队号当前不能这样操作，请刷新后再看")

// turned is the ticket after act. Error: ErrNotNow.
func (t Ticket) turned(act Act) (Ticket, error) {
	to, ok := table[t.State][act]
	if !ok {
		return t, ErrNotNow.Saying("排队号" + t.Label() + t.State.allows())
	}
	t.State = to
	return t, nil
}

// InHand says whether a clerk has the ticket in hand.
func (s State) InHand() bool { return s == Called || s == Serving }

// Over says whether nothing more is to come.
func (s State) Over() bool { return s == Finished || s == Withdrawn || s == Closed }

var stateWords = map[State]string{
	Waiting: "等候中", Called: "已叫号", Serving: "办理中", Missed: "已过号", Parked: "已挂起",
	Finished: "已办结", Withdrawn: "已放弃", Closed: "未办（已下班）",
}

// Words is the state in Chinese.
func (s State) Words() string { return stateWords[s] }

// actWords are the acts that people do.
var actWords = map[Act]string{
	Call: "叫号", Recall: "重呼", Skip: "过号", CallBack: "召回", Return: "重新排队", Serve: "开始办理",
	Park: "挂起", Transfer: "转号", Finish: "办结", Reopen: "恢复办理", Withdraw: "放弃",
}

// allows says in Chinese what can be done in this state.
func (s State) allows() string {
	var can []string
	for act := range table[s] {
		if word := actWords[act]; word != "" {
			can = append(can, word)
		}
	}
	if len(can) == 0 {
		return "的状态是“" + s.Words() + "”，不能再操作；如需办理，请重新取号"
	}
	slices.Sort(can)
	return "的状态是“" + s.Words() + "”，可以" + strings.Join(can, "、")
}
