package appointment

import (
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
)

var weekdayWords = [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}

// dateWords gives "11月23日（星期一）".
func dateWords(t time.Time) string {
	t = t.In(workday.Zone)
	return fmt.Sprintf("%d月%d日（%s）", t.Month(), t.Day(), weekdayWords[t.Weekday()])
}

// timeWords gives "11月23日（星期一）上午9:00".
func timeWords(t time.Time) string { return dateWords(t) + clockWords(t) }

// clockWords gives "下午1:30".
func clockWords(t time.Time) string {
	t = t.In(workday.Zone)
	part, hour := "上午", t.Hour()
	switch {
	case hour < 6:
		part = "凌晨"
	case hour == 12:
		part = "中午"
	case hour >= 18:
		part, hour = "晚上", hour-12
	case hour > 12:
		part, hour = "下午", hour-12
	}
	return fmt.Sprintf("%s%d:%02d", part, hour, t.Minute())
}
