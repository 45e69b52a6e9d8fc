package appointment

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// dayBefore is when people are reminded on the day before, after midnight at
// the office; hourBefore is how long before the start once more.
const (
	dayBefore  = 8 * time.Hour
	hourBefore = time.Hour
)

// nextReminder is the next one after now for an appointment; zero = none.
func nextReminder(startsAt, now time.Time) time.Time {
	first := workday.DateOf(startsAt).AddDays(-1).Time().Add(dayBefore)
	for _, at := range []time.Time{first, startsAt.Add(-hourBefore)} {
		if at.After(now) {
			return at
		}
	}
	return time.Time{}
}
