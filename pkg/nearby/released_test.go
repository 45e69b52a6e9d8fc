package nearby_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// until holds an item's seats back on a date.
type until struct {
	item catalog.ItemCode
	date string
}

func (u until) ClosedUntil(_ place.OfficeCode, item catalog.ItemCode, at time.Time) time.Time {
	if item == u.item && workday.DateOf(at).String() == u.date {
		return at.Add(-time.Hour)
	}
	return time.Time{}
}

func TestTheFirstSlotIsOneThatCanBeBooked(t *testing.T) {
	w := open(t)
	first := func() string {
		return w.ask(t, nil).Offers[0].FirstSlot.Format("2006-01-02 15:04")
	}
	require.Equal(t, "2026-11-23 15:00", first())
	w.guide.Releases = until{item, "2026-11-23"}
	require.Equal(t, "2026-11-24 15:00", first())
	w.guide.Releases = until{"HJ-0002", "2026-11-23"}
	require.Equal(t, "2026-11-23 15:00", first())
}
