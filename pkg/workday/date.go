// Package workday (工作日) decides which days count: the working days of the
// public calendar with its holidays and make-up days, and the legal clocks that
// run on them (行政许可法 Art. 32, 42, 44, 45, 82).
package workday

import (
	"cmp"
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrDate refuses a text that is no date.
var ErrDate = fault.New(fault.Invalid, "workday.date_invalid", "日期有误，请按2026-01-31的格式填写真实存在的日期")

// Zone is the time of the whole country, UTC+8 all year (北京时间).
var Zone = time.FixedZone("Asia/Shanghai", 8*3600)

// Date is a day of the civil calendar. The zero Date is no day; dates compare
// with ==. Years run from 1 to 9999: what would lie outside stops at the end.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// layout is the only form in which dates are written: ISO 8601, extended.
const layout = time.DateOnly

// ParseDate reads "2026-01-31" and nothing else. Error: ErrDate.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(layout, text)
	if err != nil || len(text) != len(layout) || t.Year() < 1 {
		return Date{}, ErrDate
	}
	y, m, d := t.Date()
	return Date{y, m, d}, nil
}

// DateOf gives the day in China at an instant.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Zone).Date()
	return Date{y, m, d}
}

// String gives "2026-01-31", or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// IsZero says that this is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Time gives the instant at which the day begins in China.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Zone) }

// Weekday gives the day of the week.
func (d Date) Weekday() time.Weekday { return weekday(d.number()) }

// Compare is negative when d is before other, 0 on the same day, else positive.
func (d Date) Compare(other Date) int {
	return cmp.Or(d.Year-other.Year, int(d.Month-other.Month), d.Day-other.Day)
}

// Before says whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After says whether d is later than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// AddDays goes n calendar days on, or back.
func (d Date) AddDays(n int) Date { return dateAt(d.number() + within(n)) }

// AddMonths goes n months on, or back, to the day of the same number, or to
// the last day of a month that has none (民法典 Art. 202).
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(within(n)), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dateAt(number(first) + min(d.Day, last) - 1)
}

// DaysSince counts the calendar days from other to d.
func (d Date) DaysSince(other Date) int { return d.number() - other.number() }

// Days are numbered from 1970-01-01, a Thursday. Arithmetic is done on numbers.
var (
	firstDay = Date{1, time.January, 1}.number()
	lastDay  = Date{9999, time.December, 31}.number()
)

const (
	secondsPerDay = 24 * 3600
	farthest      = 4_000_000 // days: more than the calendar has
)

// within keeps a step so short that sums cannot overflow.
func within(n int) int { return min(max(n, -farthest), farthest) }

// number is exact for real days, by the arithmetic of the Gregorian calendar
// with years that begin in March, so that the leap day comes last. It is what
// clocks spend their time on: time.Date takes four times as long.
func (d Date) number() int {
	const from1970, perCycle = 719468, 146097 // days: of 1970-01-01 from year 0, and in 400 years
	y, m := d.Year+400, (int(d.Month)+9)%12   // one cycle on, so that nothing is negative
	if d.Month <= time.February {
		y--
	}
	inYear := (153*m+2)/5 + d.Day - 1
	inCycle := y%400*365 + y%400/4 - y%400/100 + inYear
	return y/400*perCycle + inCycle - perCycle - from1970
}

// number takes a midnight of UTC.
func number(midnight time.Time) int { return int(midnight.Unix() / secondsPerDay) }

func dateAt(number int) Date {
	number = min(max(number, firstDay), lastDay)
	y, m, d := time.Unix(int64(number)*secondsPerDay, 0).UTC().Date()
	return Date{y, m, d}
}

func weekday(number int) time.Weekday {
	return time.Weekday(((number+int(time.Thursday))%7 + 7) % 7)
}
