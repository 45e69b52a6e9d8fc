package place

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Hours are an office's weekly opening hours (开放时间). Holidays, make-up days
// and closures are not theirs to know. The zero Hours are never open.
type Hours struct {
	week [7][]Session // by time.Weekday; sorted, without overlap
}

// On gives the sessions of a weekday, earliest first; none when closed. The
// slice is shared: do not change it.
func (h Hours) On(day time.Weekday) []Session { return h.week[day] }

// monday puts the days in the order in which a week is written.
var monday = [7]time.Weekday{
	time.Monday, time.Tuesday, time.Wednesday, time.Thursday,
	time.Friday, time.Saturday, time.Sunday,
}

func dayName(d time.Weekday) string { return d.String()[:3] }

// ParseHours reads "Mon-Fri 08:30-12:00,14:00-17:30;Sat 09:00-12:00": groups
// parted by ";", each with days and sessions. Days are names, "Tue-Thu" (which
// may run over the week's end, "Sat-Mon"), "Mon,Wed,Fri" or "Daily". Sessions
// of a day may touch but not overlap. Errors are in Chinese.
func ParseHours(text string) (Hours, error) {
	var h Hours
	for group := range strings.SplitSeq(text, ";") {
		if err := h.addGroup(strings.TrimSpace(group)); err != nil {
			return Hours{}, err
		}
	}
	return h, nil
}

func (h *Hours) addGroup(group string) error {
	dayPart, sessionPart, ok := strings.Cut(group, " ")
	if !ok {
		return fmt.Errorf("开放时间应写作 Mon-Fri 08:30-12:00,14:00-17:30：%q", group)
	}
	days, err := parseDays(dayPart)
	if err != nil {
		return err
	}
	for part := range strings.SplitSeq(sessionPart, ",") {
		s, err := parseSession(strings.TrimSpace(part))
		if err != nil {
			return err
		}
		if err := h.add(days, s); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hours) add(days []time.Weekday, s Session) error {
	for _, day := range days {
		for _, other := range h.week[day] {
			if s.overlaps(other) {
				return fmt.Errorf("%s 的时段 %s 与 %s 重叠", dayName(day), s, other)
			}
		}
		h.week[day] = append(h.week[day], s)
		slices.SortFunc(h.week[day], func(a, b Session) int { return cmp.Compare(a.Open, b.Open) })
	}
	return nil
}

func parseDays(text string) (days []time.Weekday, err error) {
	if text == "Daily" {
		return monday[:], nil
	}
	for part := range strings.SplitSeq(text, ",") {
		first, last, ranged := strings.Cut(part, "-")
		if !ranged {
			last = first
		}
		from, okFrom := parseDay(first)
		to, okTo := parseDay(last)
		if !okFrom || !okTo {
			return nil, fmt.Errorf("星期应写作 Mon Tue Wed Thu Fri Sat Sun：%q", part)
		}
		for day := from; ; day = (day + 1) % 7 {
			if slices.Contains(days, day) {
				return nil, fmt.Errorf("%s 写了两次：%q", dayName(day), text)
			}
			days = append(days, day)
			if day == to {
				break
			}
		}
	}
	return days, nil
}

func parseDay(name string) (time.Weekday, bool) {
	for _, day := range monday {
		if name == dayName(day) {
			return day, true
		}
	}
	return 0, false
}

// String writes the hours so that ParseHours reads them back: Monday first,
// days with the same sessions together. The zero Hours give "".
func (h Hours) String() string {
	var groups []string
	var done [7]bool
	for i, day := range monday {
		if done[day] || len(h.week[day]) == 0 {
			continue
		}
		var same [7]bool // by place in the week that starts on Monday
		for j := i; j < 7; j++ {
			other := monday[j]
			same[j] = slices.Equal(h.week[day], h.week[other])
			done[other] = done[other] || same[j]
		}
		groups = append(groups, dayRanges(same)+" "+joinSessions(h.week[day]))
	}
	return strings.Join(groups, ";")
}

// dayRanges writes the marked days as "Mon-Wed,Fri".
func dayRanges(marked [7]bool) string {
	var parts []string
	for i := 0; i < 7; i++ {
		if !marked[i] {
			continue
		}
		from := i
		for i < 6 && marked[i+1] {
			i++
		}
		part := dayName(monday[from])
		if i > from {
			part += "-" + dayName(monday[i])
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ",")
}

func joinSessions(sessions []Session) string {
	parts := make([]string, len(sessions))
	for i, s := range sessions {
		parts[i] = s.String()
	}
	return strings.Join(parts, ",")
}

// ParseSessions reads "09:00-12:00,14:00-16:00"; the empty text is no session.
// Errors are in Chinese.
func ParseSessions(text string) (sessions []Session, err error) {
	if text == "" {
		return nil, nil
	}
	var h Hours
	if err := h.addGroup("Mon " + text); err != nil {
		return nil, err
	}
	return h.On(time.Monday), nil
}

// SessionsText writes sessions so that ParseSessions reads them back.
func SessionsText(sessions []Session) string { return joinSessions(sessions) }
