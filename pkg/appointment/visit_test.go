package appointment

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// deskAt is a desk without a store: what is left is what it knows by itself.
func deskAt(t require.TestingT, now string) *Desk {
	rules := DefaultRules()
	rules.WalkInOneIn = 0
	return &Desk{
		Now:   func() time.Time { return instant(t, now) },
		Rules: rules,
		Calendar: workday.NewCalendar(
			workday.Entry{Date: date(t, "2026-11-25"), Kind: workday.Holiday, Name: "市庆"},
			workday.Entry{Date: date(t, "2026-11-28"), Kind: workday.Makeup, Name: "市庆"},
		),
	}
}

func visitTo(t require.TestingT, text string, need int) visit {
	rules := DefaultRules()
	rules.WalkInOneIn = 0
	return visit{
		office: &place.Office{Hours: hours(t, text), Windows: 3}, need: need,
		adds: Claim{Channel: Online}.Seat(), plan: &Plan{}, rules: rules,
	}
}

const usual = "Mon-Fri 08:30-12:00,14:00-17:30"

func TestOnlyWhatIsOfferedCanBeHeld(t *testing.T) {
	const now = "2026-11-23T09:00:00+08:00" // a Monday
	for _, c := range []struct {
		at   string
		need int
		want error
	}{
		{"2026-11-23T09:30:00+08:00", 1, nil},
		{"2026-11-23T09:15:00+08:00", 1, ErrTooSoon},
		{"2026-11-23T08:30:00+08:00", 1, ErrTooSoon},
		{"2026-11-22T10:00:00+08:00", 1, ErrTooSoon},
		{"0001-01-01T00:00:00Z", 1, ErrTooSoon},
		{"2026-11-23T09:45:00+08:00", 1, nil},
		{"2026-11-23T01:45:00Z", 1, nil},
		{"2026-11-22T20:45:00-05:00", 1, nil},
		{"2026-11-23T09:50:00+08:00", 1, ErrNotOffered},
		{"2026-11-23T09:45:01+08:00", 1, ErrNotOffered},
		{"2026-11-23T09:45:00.001+08:00", 1, ErrNotOffered},
		{"2026-11-23T11:45:00+08:00", 1, nil},
		{"2026-11-23T11:45:00+08:00", 2, ErrNotOffered},
		{"2026-11-23T12:00:00+08:00", 1, ErrNotOffered},
		{"2026-11-23T13:45:00+08:00", 1, ErrNotOffered},
		{"2026-11-23T17:15:00+08:00", 1, nil},
		{"2026-11-23T17:30:00+08:00", 1, ErrNotOffered},
		{"2026-11-23T10:00:00+08:00", 20, ErrNotOffered},
		{"2026-11-25T10:00:00+08:00", 1, ErrClosed},
		{"2026-11-28T10:00:00+08:00", 1, nil},
		{"2026-11-29T10:00:00+08:00", 1, ErrClosed},
		{"2026-12-04T10:00:00+08:00", 1, nil},
		{"2026-12-07T10:00:00+08:00", 1, ErrNotReleased},
		{"9999-12-31T10:00:00+08:00", 1, ErrNotReleased},
	} {
		err := deskAt(t, now).offered(visitTo(t, usual, c.need), instant(t, c.at), instant(t, now))
		if c.want == nil {
			require.NoError(t, err, c.at)
			continue
		}
		require.ErrorIs(t, err, c.want, c.at)
	}
}

func TestRefusalsSayWhen(t *testing.T) {
	const now = "2026-11-23T09:00:00+08:00"
	d := deskAt(t, now)
	for at, want := range map[string]string{
		"2026-12-07T10:00:00+08:00": "这一天尚未放号，11月24日（星期二）凌晨0:00放号，请届时再预约",
		"2026-11-25T10:00:00+08:00": "网点11月25日（星期三）不能预约：市庆放假，请换一天",
		"2026-11-29T10:00:00+08:00": "网点11月29日（星期日）不能预约：星期日不开放，请换一天",
	} {
		err := d.offered(visitTo(t, usual, 1), instant(t, at), instant(t, now))
		require.Equal(t, want, fault.From(err).Text)
	}
}
