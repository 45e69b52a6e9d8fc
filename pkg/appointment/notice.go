package appointment

import (
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
)

// notice is a kind of notice about an appointment.
type notice notify.Kind

// What people are told about their appointments.
const (
	noNotice        notice = ""
	NoticeBooked    notice = "appointment.booked"
	NoticeMoved     notice = "appointment.moved"
	NoticeCancelled notice = "appointment.cancelled"
	NoticeDisplaced notice = "appointment.displaced" // the office has closed at that time
	NoticeRestored  notice = "appointment.restored"
	NoticeReminder  notice = "appointment.reminder"
	NoticeOffered   notice = "appointment.offered" // from the waiting list
	NoticeAppealed  notice = "appointment.appealed"
	NoticeRefused   notice = "appointment.appeal_refused"
)

// about words the notice. An office or item that the edition no longer has is
// called by its code.
func (n notice) about(a Appointment, e *city.Edition, now time.Time) notify.Notice {
	what := fmt.Sprintf("%s，%s，办理“%s”", timeWords(a.StartsAt), officeName(e, a.Office), itemName(e, a.Item))
	if a.People > 1 {
		what += fmt.Sprintf("，共%d人", a.People)
	}
	return notify.Notice{To: a.Person, Kind: notify.Kind(n), Subject: string(a.ID), Text: n.sentence(what, a.Code), At: now}
}

func (n notice) sentence(what string, code Code) string {
	switch n {
	case NoticeMoved:
		return fmt.Sprintf("预约已改期：%s，预约码%s。请按时到场签到。", what, code)
	case NoticeCancelled:
		return fmt.Sprintf("预约已取消：%s，预约码%s已失效。如需办理，请重新预约。", what, code)
	case NoticeDisplaced:
		return fmt.Sprintf("您的预约受停办影响：%s，预约码%s。请在“我的预约”改到其他时间，不受改期限制，原预约保留七天；给您带来不便，敬请谅解。", what, code)
	case NoticeReminder:
		return fmt.Sprintf("预约提醒：%s，预约码%s。请按时到场签到；不能前来，请提前取消或改期。", what, code)
	case NoticeOffered:
		return fmt.Sprintf("候补有号：%s。请尽快在“我的候补”接受，超时将转给下一位。", what)
	case NoticeAppealed:
		return fmt.Sprintf("爽约申诉已通过：%s，本次不计入爽约。", what)
	case NoticeRefused:
		return fmt.Sprintf("爽约申诉未通过：%s。处理意见请在“我的预约”查看；不服可拨打12345反映。", what)
	case NoticeRestored:
		return fmt.Sprintf("您的预约恢复正常：%s，预约码%s。请按时到场签到。", what, code)
	default:
		return fmt.Sprintf("预约成功：%s，预约码%s。请按时到场签到；不能前来，请提前取消或改期。", what, code)
	}
}

func officeName(e *city.Edition, code place.OfficeCode) string {
	if o, err := e.Places.Office(code); err == nil {
		return o.Name
	}
	return string(code)
}

func itemName(e *city.Edition, code catalog.ItemCode) string {
	if i, err := e.Catalogue.Item(code); err == nil {
		return i.Name
	}
	return string(code)
}
