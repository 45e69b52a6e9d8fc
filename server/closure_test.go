package main

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// TestAClosedOfficeIsClosedEverywhere: once its manager closes it, nobody is
// sent there, no ticket is given and no slot is offered; undone, it is open.
func TestAClosedOfficeIsClosedEverywhere(t *testing.T) {
	c := newTown(t, tuesday)
	manager := c.member(t, staff.Member{Role: staff.OfficeManager, Office: townOffice})
	clerk := c.clerk(t, townOffice)
	ask := func() bool {
		require.NoError(t, c.in.rooms.guide.Refresh(t.Context()))
		r := c.nobody(t).get("/api/v1/items/" + permitItem + "/offices?lng=113.112&lat=23.03&datum=wgs84&limit=20").ok()
		return slices.ContainsFunc(r.list("items"), func(o map[string]any) bool {
			return textAt(o, "office.code") == townOffice && o["open"] != false
		})
	}
	require.True(t, ask())
	made := manager.post("/api/v1/village/timetable", map[string]string{
		"kind": "closure", "from": "2026-11-24T00:00:00+08:00", "to": "2026-11-25T00:00:00+08:00", "reason": "停电检修",
	}).ok()
	require.False(t, ask())
	refused := clerk.ticket(nil).refused(409, "queue.shut")
	require.Contains(t, refused.text("detail"), "停电检修")
	day := c.nobody(t).get("/api/v1/offices/" + townOffice + "/slots?days=1&item=" + permitItem).ok()
	require.Equal(t, "停电检修", day.text("items.0.why"))

	manager.post("/api/v1/village/timetable/"+made.text("entry.id")+"/undo", nil).ok()
	require.True(t, ask())
	clerk.ticket(nil).ok()
}
