package delivery

import (
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/notify"
)

// What the person is told. The code itself is in no message: a message is read
// over shoulders and forwarded.
const (
	noticeComing   notify.Kind = "delivery.coming"
	noticeFailed   notify.Kind = "delivery.failed"
	noticeLocked   notify.Kind = "delivery.locked"
	noticeReturned notify.Kind = "delivery.returned"
	noticeDone     notify.Kind = "delivery.done"
)

const (
	comingText = "您的证照正在派送。签收时请打开小程序“我的办件—物流”，把页面上的签收验证码报给快递员；" +
		"验证码只在该页面显示，请不要在收到邮件之前告诉任何人。"
	lockedText = "您的证照在签收时验证码多次输错，已停止凭码签收，将退回受理网点；退回后请携带身份证到受理窗口领取。" +
		"如非您本人在收件，请联系受理网点。"
	returnedText = "您的证照没能送达，已退回受理网点，请携带身份证到受理窗口领取。"
	doneText     = "您的证照已签收，办件已办结。如非您本人或您委托的人签收，请立即联系受理网点；欢迎对本次服务作出评价。"
)

// news is what a step tells the person; kind is empty where it tells nothing.
func (w Waybill) news(s Step) (kind notify.Kind, text string) {
	switch s.Act {
	case PickUp:
		return noticeComing, comingText
	case Return:
		return noticeReturned, returnedText
	case Fail:
		return noticeFailed, w.failedText(s.Reason)
	default:
		return "", ""
	}
}

func (w Waybill) failedText(why Reason) string {
	text := fmt.Sprintf("您的证照第%d次投递未成：", w.Attempts) + reasonWords[why]
	if w.Attempts >= AttemptsMost || w.Locked() {
		text += "不再派送，将退回受理网点，退回后请携带身份证到受理窗口领取。"
	}
	return text
}

// notice is about the case: its page leads to the parcel.
func (w Waybill) notice(kind notify.Kind, text string, at time.Time) notify.Notice {
	return notify.Notice{To: w.Person, Kind: kind, Subject: w.Case, Text: text, At: at}
}
