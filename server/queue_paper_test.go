package main

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// slip is a paper number, taken so many minutes before now by the device's clock.
func slip(id string, number int, outcome string, sent time.Time, ago int) map[string]any {
	back := func(minutes int) string { return sent.Add(-time.Duration(minutes) * time.Minute).Format(time.RFC3339) }
	s := map[string]any{"id": "slip-" + id, "number": number, "item": permitItem, "outcome": outcome, "taken_at": back(ago)}
	if outcome == "finished" {
		s["served_at"], s["ended_at"], s["window"] = back(ago-5), back(ago-15), 2
	}
	return s
}

func (p *client) enter(sent time.Time, slips ...map[string]any) []map[string]any {
	p.t.Helper()
	return p.post("/api/v1/village/queue/slips", map[string]any{"sent_at": sent.Format(time.RFC3339), "slips": slips}).ok().list("items")
}

// TestPaperNumbersTakeTheirOwnPlace: entered later, from a device whose clock
// is a day off, they stand where they would have stood; and however often and
// from however many connections they are sent, each is entered once.
func TestPaperNumbersTakeTheirOwnPlace(t *testing.T) {
	c := newTown(t, tuesday)
	clerk := c.clerk(t, townOffice).onDuty(1)
	clerk.ticket(nil).ok() // B001, 10:00
	c.clock.moveTo(tuesday.Add(40 * time.Minute))
	clerk.ticket(nil).ok() // B002, 10:40
	wrong := c.clock.now().Add(-26 * time.Hour)
	batch := []map[string]any{
		slip("waiting", 1, "waiting", wrong, 20),
		slip("done", 2, "finished", wrong, 30),
		slip("gone", 3, "missed", wrong, 25),
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { clerk.enter(wrong, batch...) })
	}
	all.Wait()
	for i, state := range []string{"waiting", "finished", "missed"} {
		got := clerk.enter(wrong, batch[i])[0]
		require.Equal(t, []any{"already_done", state}, []any{got["result"], got["state"]})
	}
	require.Equal(t, 3, c.count(t, "SELECT count(*) FROM ticket WHERE series = 'P'"))
	require.Equal(t, 5, c.count(t, "SELECT count(*) FROM ticket"))
	require.Equal(t, []string{"B001", "P001", "B002"}, []string{clerk.served(), clerk.served(), clerk.served()})
	served := c.clock.now().Add(-25 * time.Minute)
	require.Equal(t, 1, c.count(t, fmt.Sprintf("SELECT count(*) FROM ticket WHERE series = 'P' AND number = 2 AND served_at BETWEEN %d AND %d",
		served.Add(-time.Minute).UnixMilli(), served.Add(time.Minute).UnixMilli())), "the times are kept")
}

// TestWhatCannotBeEnteredIsAnsweredAlone, and the rest is entered.
func TestWhatCannotBeEnteredIsAnsweredAlone(t *testing.T) {
	c := newTown(t, tuesday)
	clerk := c.clerk(t, townOffice)
	now := c.clock.now()
	clerk.enter(now, slip("first", 1, "waiting", now, 30))
	backwards := slip("backwards", 2, "finished", now, 30)
	backwards["ended_at"] = backwards["taken_at"]
	unknown := slip("unknown", 3, "waiting", now, 30)
	unknown["item"] = "XX-0000"
	other := slip("other", 1, "waiting", now, 30)
	other["item"] = "SZ-0006"
	window := slip("window", 4, "finished", now, 30)
	window["window"] = 900
	changed := slip("first", 1, "withdrawn", now, 30)
	old := slip("old", 5, "finished", now, 10*24*60)
	got := clerk.enter(now, backwards, unknown, other, window, changed, old, slip("good", 6, "waiting", now, 3), slip("later", 1, "withdrawn", now, 30))
	var codes []any
	for _, o := range got {
		codes = append(codes, orText(textAt(o, "code"), textAt(o, "result")))
	}
	require.Equal(t, []any{"queue.slip_times", "catalog.no_item", "queue.slip_twice", "queue.no_window", "queue.slip_reused", "queue.slip_times", "done", "done"}, codes)
	for _, body := range []map[string]any{
		{"sent_at": now.Format(time.RFC3339), "slips": []any{}},
		{"sent_at": now.Format(time.RFC3339), "slips": []any{slip("twice", 7, "waiting", now, 1), slip("twice", 8, "waiting", now, 1)}},
		{"sent_at": "yesterday", "slips": []any{slip("zone", 7, "waiting", now, 1)}},
	} {
		r := clerk.post("/api/v1/village/queue/slips", body)
		require.Equal(t, http.StatusUnprocessableEntity, r.status, "%s", r.raw)
	}
}
