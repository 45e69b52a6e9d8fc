package place

import (
	"cmp"
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// Opening gives the sessions in which an office with these hours is open on a
// day, or why it is not. A holiday beats the weekly hours; a make-up day has
// the hours of the first day from Monday to Friday that has any.
func (h Hours) Opening(day workday.Day) (sessions []Session, why string) {
	if day.Kind == workday.Holiday {
		return nil, cmp.Or(day.Name, "节假日") + "放假"
	}
	weekday := day.Date.Weekday()
	sessions = h.On(weekday)
	if day.Kind == workday.Makeup {
		sessions = h.makeup(sessions)
	}
	if len(sessions) == 0 {
		return nil, weekdayWords[weekday] + "不开放"
	}
	return sessions, ""
}

func (h Hours) makeup(otherwise []Session) []Session {
	for day := time.Monday; day <= time.Friday; day++ {
		if s := h.On(day); len(s) > 0 {
			return s
		}
	}
	return otherwise
}

var weekdayWords = [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}

// At gives the times of a session on a date.
func (s Session) At(d workday.Date) (from, to time.Time) {
	midnight := d.Time()
	return midnight.Add(time.Duration(s.Open) * time.Minute), midnight.Add(time.Duration(s.Close) * time.Minute)
}
