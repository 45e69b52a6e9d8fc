package circle

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// weekday is open from 08:30 to 12:00 and from 14:00 to 17:30 today and tomorrow.
func weekday() *Schedule {
	var spans []Span
	for day := range 2 {
		spans = append(spans,
			Span{at(8, 30).AddDate(0, 0, day), at(12, 0).AddDate(0, 0, day)},
			Span{at(14, 0).AddDate(0, 0, day), at(17, 30).AddDate(0, 0, day)})
	}
	return NewSchedule(at(0, 0), 2, spans)
}

func TestAScheduleIsToldToTheMinute(t *testing.T) {
	s := weekday()
	for _, c := range []struct {
		at   time.Time
		open bool
		then time.Time
	}{
		{at(8, 29), false, at(8, 30)},
		{at(8, 30), true, at(12, 0)},
		{at(12, 0).Add(-time.Second), true, at(12, 0)},
		{at(12, 0), false, at(14, 0)},
		{at(17, 29), true, at(17, 30)},
		{at(23, 0), false, at(8, 30).AddDate(0, 0, 1)},
		{at(18, 0).AddDate(0, 0, 1), false, time.Time{}},
		{at(9, 0).AddDate(0, 0, 2), false, time.Time{}},
		{at(9, 0).AddDate(0, 0, -1), false, at(8, 30)},
	} {
		second := c.at.Unix()
		require.Equal(t, c.open, s.OpenAt(second), c.at)
		then := s.OpensAfter(second)
		if c.open {
			then = s.ClosesAfter(second)
		}
		require.True(t, c.then.Equal(then), "%v: %v", c.at, then)
	}
}

func TestAScheduleCoversItsDays(t *testing.T) {
	s := weekday()
	require.True(t, s.Covers(at(0, 0).Unix()))
	require.False(t, s.Covers(at(0, 0).Unix()-1))
	require.True(t, s.Covers(at(23, 59).AddDate(0, 0, 1).Unix()))
	require.False(t, s.Covers(at(0, 0).AddDate(0, 0, 2).Unix()))
}

func TestAScheduleSaysWhatItsSpansSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans []Span
		for range rapid.IntRange(0, 6).Draw(t, "spans") {
			from := at(0, 0).Add(time.Duration(rapid.IntRange(-600, 5000).Draw(t, "from")) * time.Minute)
			spans = append(spans, Span{from, from.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "long")) * time.Minute)})
		}
		s := NewSchedule(at(0, 0), 3, spans)
		for range 20 {
			when := at(0, 0).Add(time.Duration(rapid.IntRange(0, 3*86400-1).Draw(t, "when")) * time.Second)
			open := false
			for _, span := range spans {
				open = open || !when.Before(span.From) && when.Before(span.To)
			}
			require.Equal(t, open, s.OpenAt(when.Unix()))
		}
	})
}
