package appointment

import (
	"fmt"
	"strings"
)

// State is where an appointment stands.
type State string

// The states.
const (
	Held      State = "held"       // 占号
	Booked    State = "booked"     // 已预约
	CheckedIn State = "checked_in" // 已签到
	Served    State = "served"     // 已办理
	Cancelled State = "cancelled"  // 已取消
	Lapsed    State = "lapsed"     // a hold that ended without being confirmed
	NoShow    State = "no_show"    // 爽约
)

// Act is what somebody, or time, does to an appointment.
type Act string

// The acts.
const (
	Confirm Act = "confirm"
	Release Act = "release"
	Lapse   Act = "lapse" // time does
	Cancel  Act = "cancel"
	Move    Act = "move"
	CheckIn Act = "check_in"
	Serve   Act = "serve"
	Miss    Act = "miss" // time does
	Void    Act = "void" // time does, where the office was closed
)

// turn leads from one state to another.
type turn struct {
	act      Act
	from, to State
}

// turns is the state machine. What is not here cannot happen.
//
//	held ──confirm──▶ booked ──check_in──▶ checked_in ──serve──▶ served
//	  │                 │  move: booked again
//	  │ release, lapse  ├─cancel, void──▶ cancelled
//	  ▼                 └─miss────▶ no_show
//	lapsed
var turns = []turn{
	{Confirm, Held, Booked},
	{Release, Held, Lapsed},
	{Lapse, Held, Lapsed},
	{Move, Booked, Booked},
	{Cancel, Booked, Cancelled},
	{CheckIn, Booked, CheckedIn},
	{Miss, Booked, NoShow},
	{Void, Booked, Cancelled},
	{Serve, CheckedIn, Served},
}

// turned is the appointment after act. Error: ErrWrongState, which says where
// it stands and what can be done with it.
func (a Appointment) turned(act Act) (Appointment, error) {
	for _, t := range turns {
		if t.act == act && t.from == a.State {
			a.State = t.to
			return a, nil
		}
	}
	return a, ErrWrongState.Saying(a.State.allows())
}

// Words is the state in Chinese.
func (s State) Words() string { return stateWords[s] }

var stateWords = map[State]string{
	Held: "占号中", Booked: "已预约", CheckedIn: "已签到", Served: "已办理",
	Cancelled: "已取消", Lapsed: "占号已失效", NoShow: "已爽约",
}

// actWords are the acts that people do.
var actWords = map[Act]string{
	Confirm: "确认", Release: "放弃占号", Move: "改期", Cancel: "取消", CheckIn: "到场签到",
}

// allows says in Chinese what people can do in this state.
func (s State) allows() string {
	var can []string
	for _, t := range turns {
		if word := actWords[t.act]; t.from == s && word != "" {
			can = append(can, word)
		}
	}
	if len(can) == 0 {
		return fmt.Sprintf("这个预约的状态是“%s”，不能再更改；如需办理，请重新预约", s.Words())
	}
	return fmt.Sprintf("这个预约的状态是“%s”，可以%s", s.Words(), strings.Join(can, "、"))
}
