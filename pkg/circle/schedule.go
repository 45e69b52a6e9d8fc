package circle

import "time"

// Schedule is when an office is open over the days ahead, one bit a minute.
// Holidays, make-up days and closures are in it. Offices that are open at the
// same times share one.
type Schedule struct {
	first int64 // unix minute of the first bit
	open  []uint64
}

// Span is a stretch of time, from From to before To.
type Span struct{ From, To time.Time }

// NewSchedule makes the schedule of so many days from a midnight on. Spans may
// touch, overlap or reach beyond; seconds are not looked at.
func NewSchedule(from time.Time, days int, open []Span) *Schedule {
	s := &Schedule{first: from.Unix() / 60, open: make([]uint64, (days*24*60+63)/64)}
	last := int64(days) * 24 * 60
	for _, span := range open {
		for m := max(0, span.From.Unix()/60-s.first); m < min(last, span.To.Unix()/60-s.first); m++ {
			s.open[m>>6] |= 1 << (m & 63)
		}
	}
	return s
}

// minute is the bit of a unix second; bits outside the days are closed.
func (s *Schedule) minute(second int64) int64 { return second/60 - s.first }

// Covers says whether a unix second lies in the days of the schedule.
func (s *Schedule) Covers(second int64) bool {
	m := s.minute(second)
	return m >= 0 && m < int64(len(s.open))*64
}

// OpenAt says whether the office is open at a unix second.
func (s *Schedule) OpenAt(second int64) bool {
	m := s.minute(second)
	return m >= 0 && m>>6 < int64(len(s.open)) && s.open[m>>6]>>(m&63)&1 == 1
}

// ClosesAfter is when the opening hours that hold a unix second end. The
// office must be open then.
func (s *Schedule) ClosesAfter(second int64) time.Time {
	m := nextBit(s.open, int(s.minute(second)), 1<<64-1)
	return time.Unix((s.first+int64(m))*60, 0).In(zone)
}

// OpensAfter is when the office next opens after a unix second at which it is
// closed; the zero time if it does not in the days ahead.
func (s *Schedule) OpensAfter(second int64) time.Time {
	m := nextBit(s.open, int(max(0, s.minute(second))), 0)
	if m >= len(s.open)*64 {
		return time.Time{}
	}
	return time.Unix((s.first+int64(m))*60, 0).In(zone)
}
