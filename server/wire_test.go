package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	timeName  = regexp.MustCompile(`(_at|_until|first_slot|hold_ends)$`)
	momentOf  = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$`)
	dateNames = []string{"due", "supplement_due", "date"}
)

// requireMoment: a time is RFC 3339 with the offset of China, a day is a date.
func requireMoment(t *testing.T, where, text string) {
	t.Helper()
	name := where[strings.LastIndexByte(where, '.')+1:]
	if timeName.MatchString(name) {
		require.Regexp(t, momentOf, text, where)
		_, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err, where)
	}
	for _, date := range dateNames {
		if name == date {
			_, err := time.Parse(time.DateOnly, text)
			require.NoError(t, err, where)
		}
	}
}

// TestAListIsPagedWithoutLossOrRepeat walks 45 cases in pages of several sizes,
// forwards for their owner and for the office, while more are opened.
func TestAListIsPagedWithoutLossOrRepeat(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	clerk := c.clerk(t, villageOffice)
	want := map[string]bool{}
	for range 45 {
		want[idOf(p.open(permitItem, villageOffice))] = true
	}
	for _, size := range []int{1, 7, 20, 44, 45, 46, 100} {
		require.Equal(t, want, walked(t, p, "/api/v1/cases", size, nil), "%d a page", size)
		require.Equal(t, want, walked(t, clerk, "/api/v1/village/cases", size, nil), "%d a page", size)
	}
	seen := walked(t, p, "/api/v1/cases", 10, func() { p.open(visitItem, villageOffice) })
	for id := range want {
		require.True(t, seen[id], "lost while others came")
	}
	require.Len(t, p.get("/api/v1/cases").ok().list("items"), 20, "where no limit is given")
}

// walked reads a list to its end, page by page; no id may come twice.
func walked(t *testing.T, p *client, path string, size int, between func()) map[string]bool {
	t.Helper()
	seen, cursor := map[string]bool{}, ""
	for page := range 60 {
		r := p.get(fmt.Sprintf("%s?limit=%d%s", path, size, cursor)).ok()
		items := r.list("items")
		require.LessOrEqual(t, len(items), size)
		for _, cs := range items {
			id := cs["id"].(string)
			require.False(t, seen[id], "%s came twice", id)
			seen[id] = true
		}
		next := r.text("next_cursor")
		if next == "" {
			return seen
		}
		require.Len(t, items, size, "page %d is short but not the last", page)
		cursor = "&cursor=" + next
		if between != nil && page < 3 {
			between()
		}
	}
	require.Fail(t, "the list has no end")
	return nil
}

// TestAPositionSaysItsDatum: the same numbers on two maps are two places, and
// numbers outside the city are none.
func TestAPositionSaysItsDatum(t *testing.T) {
	p := sharedTown(t).nobody(t)
	ask := func(lng, lat, datum string) *reply {
		return p.get("/api/v1/items/" + permitItem + "/offices?lng=" + lng + "&lat=" + lat + "&datum=" + datum)
	}
	wgs, gcj := ask("113.1145", "22.9980", "wgs84").ok(), ask("113.1145", "22.9980", "gcj02").ok()
	require.NotEqual(t, wgs.at("items.0.meters"), gcj.at("items.0.meters"))
	for _, o := range wgs.list("items") {
		require.Equal(t, "wgs84", textAt(o, "office.datum"))
		require.True(t, isChinese(textAt(o, "why")) || textAt(o, "why") != "")
	}
	for _, place := range [][2]string{{"22.9980", "113.1145"}, {"0", "0"}, {"-113", "-22"}, {"181", "23"}, {"113", "91"}, {"2.35", "48.85"}} {
		r := ask(place[0], place[1], "wgs84")
		requireProblem(t, r)
		require.Equal(t, 422, r.status, "%v: %s", place, r.raw)
	}
	requireProblem(t, ask("113.1145", "22.9980", "bd09"))
	requireProblem(t, ask("113.1145", "22.9980", ""))
}

// TestTimesMayComeWithAnyOffset: the same instant is the same slot.
func TestTimesMayComeWithAnyOffset(t *testing.T) {
	p := sharedTown(t).citizen(t)
	slots := p.freeSlots(permitItem)
	starts, err := time.Parse(time.RFC3339, slots[len(slots)-1])
	require.NoError(t, err)
	body := map[string]any{"office": villageOffice, "item": permitItem, "starts_at": starts.In(time.FixedZone("", -5*3600)).Format(time.RFC3339)}
	r := p.post("/api/v1/holds", body).ok()
	require.Equal(t, slots[len(slots)-1], r.text("starts_at"))
	for _, wrong := range []string{"2026-11-26T09:00:00", "2026-11-26", "2026-11-26 09:00:00+08:00", "1790000000", "2026-13-26T09:00:00+08:00", "", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+08:00"} {
		body["starts_at"] = wrong
		requireProblem(t, p.post("/api/v1/holds", body))
	}
}
