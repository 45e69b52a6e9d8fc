package lite

import (
	"fmt"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// clock is a time of the day at the office, "" for none.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(workday.Zone).Format("15:04")
}

// moment is a day and a time, "" for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(workday.Zone).Format("1月2日 15:04")
}

// day is a date as people say it, "" for none.
func day(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year, int(d.Month), d.Day)
}

// hoursWords says opening hours in Chinese.
var hoursWords = strings.NewReplacer("Mon", "周一", "Tue", "周二", "Wed", "周三", "Thu", "周四", "Fri", "周五", "Sat", "周六", "Sun", "周日",
	"Daily", "每天", ";", "；", ",", "、")

// minutes rounds a wait up to whole minutes.
func minutes(d time.Duration) string {
	return fmt.Sprintf("%d 分钟", (d+time.Minute-1)/time.Minute)
}

// priorities are those that staff can give, in one order.
func priorities() []choice {
	var list []choice
	for _, p := range []queue.Priority{queue.Elderly, queue.Pregnant, queue.Disabled, queue.Veteran} {
		list = append(list, choice{string(p), priorityWords[p]})
	}
	return list
}

// done are the sentences that a page opens with after an act; the address
// carries the word alone.
var done = map[string]string{
	"checked_in": "已签到，请告知排队号。", "given": "已取号，请告知排队号。", "called": "已叫号。", "opened": "窗口已开。",
	"window_closed": "窗口已关。", "skipped": "已过号。", "serving": "正在办理。", "parked": "已暂离，回来后可叫回。", "returned": "已放回队列。",
	"finished": "办完了。", "withdrawn": "已放弃这个号。", "transferred": "已转到别的窗口。",
	"case_opened": "已建立办件，请核对下面的内容。", "taken": "已接件。", "filled": "已保存。", "attached": "已收下照片。", "originals": "已登记原件。",
	"signed": "承诺书已签名。", "judged": "审核意见已保存。", "decided": "决定已作出，已通知申请人。", "issued": "证照已签发。",
	"accept": "已受理。", "tolerant_accept": "已容缺受理，请告知补交的期限和清单。", "tolerant_receipt": "材料已先收下，补齐当日受理。",
	"one_time_notice": "还不能受理，请把下面的清单一次告知申请人。", "refuse": "不予受理，请告知理由。", "collected": "已交给本人，办件已办结。",
	"supplemented": "补交的材料已登记。", "printed": "文书已生成，可以打印。", "handed_over": "已交给快递。", "waybill": "运单已制作。",
	"chosen": "领取方式已保存。", "taken_back": "退件已收下。", "held": "已收下待领。", "bag": "已保存。", "received": "已签收，与清单一致。",
	"disputed": "已签收，与清单不一致，请负责人处理差异。", "replied": "答复已发出。", "entered": "已生效，受影响的人会收到通知。", "undone": "已撤销。",
	"saved": "已保存。", "delivered": "已签收。", "failed": "已登记投递未成。", "picked_up": "已取件。", "arrived": "已告知收件人。", "set_out": "已告知收件人。",
	"returning": "已登记带回网点。", "handed": "已转交。",
}
