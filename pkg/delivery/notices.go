package delivery

import (
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// What the person is told. The code itself is in no message: a message is read
// over shoulders and forwarded.
const (
	noticeComing   notify.Kind = "delivery.coming"
	noticeFailed   notify.Kind = "delivery.failed"
	noticeLocked   notify.Kind = "delivery.locked"
	noticeReturned notify.Kind = "delivery.returned"
	noticeDone     notify.Kind = "delivery.done"
	noticeOut      notify.Kind = "delivery.out"
	noticeCall     notify.Kind = "delivery.call"
	noticeHeld     notify.Kind = "delivery.held"
	noticeMoved    notify.Kind = "delivery.redirected"
	noticeStopped  notify.Kind = "delivery.stopped"
	noticeLate     notify.Kind = "delivery.late"
	noticeArrived  notify.Kind = "delivery.arrived"
	noticeLocker   notify.Kind = "delivery.locker"
	noticeClaimed  notify.Kind = "delivery.claimed"
)

const (
	comingText = "您的证照正在派送。签收时请打开小程序“我的办件—物流”，把页面上的签收验证码报给快递员；" +
		"验证码只在该页面显示，请不要在收到邮件之前告诉任何人。如需改址或改到网点自取，请在该页面更改。"
	outText     = "快递员已出门派送您的证照"
	changeText  = "；如不方便，请在“我的办件—物流”改址或改到网点自取。"
	orderedText = "您的证照已交快递公司派送，可在“我的办件—物流”查看进度；收到后请在该页面确认。"
	arrivedText = "快递员已到达您的收件地址附近，请准备好“我的办件—物流”里的签收验证码。"
	lockerText  = "您的证照已放入快递柜，请在%s前取出；取件码在“我的办件—物流”查看，取出后请在该页面确认收到。"
	fetchedText = "您的证照在快递柜超过保管时间，已由快递员取回，会再次派送或退回网点。"
	claimedText = "快递公司反馈您的证照已经送达。请在“我的办件—物流”确认是否收到；没有收到的，请选择“未收到”，受理网点会核查。"
	callText    = "快递员正在派送您的证照，需要与您联系，请保持电话畅通；快递员看不到您的完整号码，如需改址请在“我的办件—物流”更改。"
	heldText    = "您的证照已在网点待领，请携带身份证到“我的办件—物流”所示网点领取。"
	movedText   = "您的证照已按您的要求更改送达地点；如非您本人操作，请立即联系受理网点。"
	stoppedText = "您的证照运单已停止派送，受理网点会与您联系；电子证照可在“我的证照”随时使用。"
	lostText    = "您的证照在送达途中遗失或损毁，受理网点会为您换发并重新送达；电子证照可在“我的证照”随时使用。"
	lateText    = "您的证照还没有在作出决定后10个工作日内送达，受理网点正在催办；电子证照可在“我的证照”随时使用，也可以改到网点自取。"
	lockedText  = "您的证照在签收时验证码多次输错，已停止凭码签收，将退回受理网点；退回后请携带身份证到受理窗口领取。" +
		"如非您本人在收件，请联系受理网点。"
	returnedText = "您的证照没能送达，已退回受理网点，请携带身份证到受理窗口领取。"
	doneText     = "您的证照已签收，办件已办结。如非您本人或您委托的人签收，请立即联系受理网点；欢迎对本次服务作出评价。"
)

// news is what a step that led to w tells the person; kind is empty where it
// tells nothing.
func (w Waybill) news(s Step) (kind notify.Kind, text string) {
	switch s.Act {
	case PickUp:
		return noticeComing, w.comingWords()
	case Arrive:
		return noticeArrived, arrivedText
	case Deposit:
		return noticeLocker, fmt.Sprintf(lockerText, w.LockerUntil.In(workday.Zone).Format("1月2日15:04"))
	case Retrieve:
		return noticeFailed, fetchedText
	case Claim:
		return noticeClaimed, claimedText
	case SetOut:
		return noticeOut, outText + w.promised() + changeText
	case Call:
		return noticeCall, callText
	case TakeBack:
		return noticeReturned, returnedText
	case Fail:
		return noticeFailed, w.failedText(s.Reason)
	case Hold:
		return noticeHeld, heldText
	case Redirect:
		return noticeMoved, movedText
	case Cancel:
		return noticeStopped, stoppedText
	case Lose, Damage:
		return noticeStopped, lostText
	default:
		return "", ""
	}
}

func (w Waybill) comingWords() string {
	if w.Ordered {
		return orderedText
	}
	return comingText
}

// promised tells the window, where one was promised.
func (w Waybill) promised() string {
	if w.To.IsZero() {
		return ""
	}
	return "，预计" + w.From.In(workday.Zone).Format("1月2日15:04") + "至" + w.To.In(workday.Zone).Format("15:04") + "送达"
}

func (w Waybill) failedText(why Reason) string {
	text := fmt.Sprintf("您的证照第%d次投递未成：", w.Attempts) + reasonWords[why]
	if w.Attempts >= AttemptsMost || w.Locked() {
		text += "不再派送，将交网点待领或退回受理网点，届时请携带身份证到窗口领取。"
	}
	return text
}

// notice is about the case: its page leads to the parcel.
func (w Waybill) notice(kind notify.Kind, text string, at time.Time) notify.Notice {
	return notify.Notice{To: w.Person, Kind: kind, Subject: w.Case, Text: text, At: at}
}
