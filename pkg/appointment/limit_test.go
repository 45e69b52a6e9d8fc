package appointment

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/catalog"
)

func TestLimitsCountThePersonAcrossOfficesAndDays(t *testing.T) {
	nine := instant(t, "2026-11-23T09:00:00+08:00")
	at := func(after time.Duration, item string, state State, people int) Appointment {
		return Appointment{
			Office: "A", Item: catalog.ItemCode(item), StartsAt: nine.Add(after), EndsAt: nine.Add(after + 30*time.Minute),
			State: state, People: people,
		}
	}
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		others []Appointment
		a      Appointment
		want   error
	}{
		"the first":                    {nil, at(0, "X", Held, 1), nil},
		"as many people as allowed":    {nil, at(0, "X", Held, 5), nil},
		"too many people at once":      {nil, at(0, "X", Held, 6), ErrTooManyOpen},
		"a second hold":                {[]Appointment{at(day, "X", Held, 1)}, at(0, "X", Held, 1), nil},
		"a third hold":                 {[]Appointment{at(day, "X", Held, 1), at(2*day, "X", Held, 1)}, at(0, "X", Held, 1), ErrTooManyHolds},
		"holds do not stop a move":     {[]Appointment{at(day, "X", Held, 1), at(2*day, "X", Held, 1)}, at(0, "X", Booked, 1), nil},
		"the same item that day":       {[]Appointment{at(2*time.Hour, "X", Booked, 1)}, at(0, "X", Held, 1), ErrSameDay},
		"the same item, checked in":    {[]Appointment{at(2*time.Hour, "X", CheckedIn, 1)}, at(0, "X", Held, 1), ErrSameDay},
		"the same item the next day":   {[]Appointment{at(day, "X", Booked, 1)}, at(0, "X", Held, 1), nil},
		"another item at that time":    {[]Appointment{at(0, "Y", Booked, 1)}, at(0, "X", Held, 1), ErrOverlap},
		"another item a bit later":     {[]Appointment{at(15*time.Minute, "Y", Booked, 1)}, at(0, "X", Held, 1), ErrOverlap},
		"another item a bit earlier":   {[]Appointment{at(-15*time.Minute, "Y", Booked, 1)}, at(0, "X", Held, 1), ErrOverlap},
		"another item right after":     {[]Appointment{at(30*time.Minute, "Y", Booked, 1)}, at(0, "X", Held, 1), nil},
		"another item right before":    {[]Appointment{at(-30*time.Minute, "Y", Booked, 1)}, at(0, "X", Held, 1), nil},
		"families count by heads":      {[]Appointment{at(day, "X", Booked, 3)}, at(0, "X", Held, 3), ErrTooManyOpen},
		"families up to the limit":     {[]Appointment{at(day, "X", Booked, 3)}, at(0, "X", Held, 2), nil},
		"a move counts itself once":    {[]Appointment{at(day, "X", Booked, 2)}, at(0, "X", Booked, 3), nil},
		"midnight parts days in China": {[]Appointment{at(15*time.Hour, "X", Booked, 1)}, at(0, "X", Held, 1), nil},
		"UTC days mean nothing":        {[]Appointment{at(-8*time.Hour, "X", Booked, 1)}, at(0, "X", Held, 1), ErrSameDay},
	} {
		t.Run(name, func(t *testing.T) {
			rules := DefaultRules()
			rules.OpenMost = 5
			err := rules.admit(c.others, c.a)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
		})
	}
}
