package casework

import (
	"context"
	"slices"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// Told is the time of a case as it is explained to people.
type Told struct {
	AsOf     workday.Date
	Clocks   []ToldClock
	Timing   Timing
	Warnings []workday.Warning
	Papers   []Paper // originals that are not back with the person
}

// ToldClock is one clock with what it has counted.
type ToldClock struct {
	Clock
	Due        workday.Date
	State      workday.State
	Used, Left int
	Lines      []workday.DayLine
}

// Tell explains the clocks of a case, day by day, as they stand today.
func (c *Counter) Tell(ctx context.Context, cs Case) (Told, error) {
	item, err := c.Item(ctx, cs)
	if err != nil {
		return Told{}, err
	}
	t, err := c.Store.Timing(ctx, cs.ID)
	if err != nil {
		return Told{}, err
	}
	told := Told{AsOf: c.today(), Timing: t}
	if told.Papers, err = c.Store.Papers(ctx, cs.ID); err != nil {
		return told, err
	}
	for _, clock := range cs.Clocks(item, t, c.Calendar) {
		told.Clocks = append(told.Clocks, c.tell(clock))
	}
	for _, clock := range told.Clocks {
		last := clock.Due
		if last.Before(told.AsOf) {
			last = told.AsOf
		}
		for _, w := range c.Calendar.Warnings(clock.Start, last) {
			if !slices.Contains(told.Warnings, w) {
				told.Warnings = append(told.Warnings, w)
			}
		}
	}
	return told, nil
}

// tell explains up to today, or up to the day on which the clock stopped.
func (c *Counter) tell(clock Clock) ToldClock {
	today, last := c.today(), c.today()
	if !clock.Stopped.IsZero() && clock.Stopped.Before(last) {
		last = clock.Stopped
	}
	return ToldClock{
		Clock: clock, Due: clock.Clock.Due(c.Calendar), State: clock.Clock.State(today, c.Calendar),
		Used: clock.Clock.Used(today, c.Calendar), Left: clock.Clock.Left(today, c.Calendar), Lines: clock.Explain(last, c.Calendar),
	}
}
