package place

import (
	"fmt"
	"strings"
)

// Session is a stretch of opening hours on one day: from Open to before Close,
// in minutes since midnight, 0 <= Open < Close <= 1440, Asia/Shanghai.
type Session struct{ Open, Close int }

const midnight = 24 * 60

// String gives "08:30-12:00".
func (s Session) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.Open/60, s.Open%60, s.Close/60, s.Close%60)
}

func (s Session) overlaps(o Session) bool { return s.Open < o.Close && o.Open < s.Close }

func parseSession(text string) (Session, error) {
	from, to, ok := strings.Cut(text, "-")
	if !ok {
		return Session{}, fmt.Errorf("时段应写作 08:30-12:00：%q", text)
	}
	opens, okOpen := parseMinute(from)
	closes, okClose := parseMinute(to)
	if !okOpen || !okClose || opens == midnight {
		return Session{}, fmt.Errorf("时间应写作 08:30，最晚 24:00：%q", text)
	}
	if opens >= closes {
		return Session{}, fmt.Errorf("时段的结束应晚于开始：%q", text)
	}
	return Session{opens, closes}, nil
}

// parseMinute reads "08:30" and "8:30"; "24:00" is the end of the day.
func parseMinute(text string) (minute int, ok bool) {
	h, m, ok := strings.Cut(strings.TrimSpace(text), ":")
	if !ok || len(h) < 1 || len(h) > 2 || len(m) != 2 || !digits(h) || !digits(m) {
		return 0, false
	}
	minute = number(h)*60 + number(m)
	return minute, number(m) < 60 && minute <= midnight
}

func digits(text string) bool {
	return strings.Trim(text, "0123456789") == ""
}

func number(text string) (n int) {
	for _, c := range text {
		n = n*10 + int(c-'0')
	}
	return n
}
