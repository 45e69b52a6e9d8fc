package workday

import (
	"fmt"
	"time"
)

// DayLine explains one day of a clock.
type DayLine struct {
	Date    Date
	Counted bool
	Number  int    // which counted day it is, from 1; 0 when not counted
	Why     string // Chinese
}

// Explain tells of every day from the start to asOf whether it counts, and
// why. It has as many counted lines as Used says.
func (c Clock) Explain(asOf Date, cal *Calendar) []DayLine {
	var lines []DayLine
	total, counted := c.total(), 0
	for d := c.Start; !d.After(asOf); d = d.AddDays(1) {
		line := c.explain(d, cal)
		if line.Counted {
			counted++
			line.Number = counted
			line.Why += fmt.Sprintf("，计第%d日", counted)
		}
		if over := counted - total; line.Counted && over > 0 {
			line.Why += fmt.Sprintf("，已超期%d日", over)
		}
		lines = append(lines, line)
	}
	return lines
}

func (c Clock) explain(d Date, cal *Calendar) DayLine {
	line := DayLine{Date: d}
	day := cal.Day(d)
	switch pause := c.pauseOn(d); {
	case d == c.Start:
		line.Why = "起算当日，不计入"
	case !c.Stopped.IsZero() && d.After(c.Stopped):
		line.Why = "已办结，不再计时"
	case pause != nil:
		line.Why = "暂停计时（" + pause.Reason.Text() + "），不计入"
	case c.Unit == CalendarDays || c.Unit == Months:
		line.Counted, line.Why = true, "自然日"
	default:
		line.Counted, line.Why = day.Kind.Works(), day.text()
	}
	return line
}

// text tells why a day is a working day or not.
func (d Day) text() string {
	note := ""
	if d.Provisional {
		note = "（放假安排未公布，暂定）"
	}
	switch d.Kind {
	case Holiday:
		return d.name() + "放假" + note + "，不计入"
	case Weekend:
		return weekdayNames[d.Date.Weekday()] + note + "，不计入"
	case Makeup:
		return d.name() + "调休上班" + note
	default:
		return "工作日" + note
	}
}

// name gives the holiday's name, set off from what follows.
func (d Day) name() string {
	if d.Name == "" {
		return "节假日"
	}
	return d.Name
}

var weekdayNames = [...]string{
	time.Sunday: "星期日", time.Monday: "星期一", time.Tuesday: "星期二", time.Wednesday: "星期三",
	time.Thursday: "星期四", time.Friday: "星期五", time.Saturday: "星期六",
}
