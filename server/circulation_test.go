package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// TestPaperTravelsAndTheClockOfItsCaseKnows: an original goes in a bag from the
// village to the town; on every day the person and both offices see where it
// is, and that time goes on; it is late, found missing, found again, and given
// back against the right number alone.
func TestPaperTravelsAndTheClockOfItsCaseKnows(t *testing.T) {
	c := newTown(t, tuesday)
	w, p := c.crew(t), c.citizen(t)
	town := c.member(t, staff.Member{Role: staff.OfficeManager, Office: townOffice})
	path := p.tolerated()
	w.take(path)
	lease := w.clerk.post(atWindow(path)+"/paper", map[string]string{"material": permitLease, "label": "租赁合同原件"}).ok().text("id")
	away := func(who *client, at string) map[string]any {
		t.Helper()
		list := who.get(at + "/clock").ok().list("papers")
		require.Len(t, list, 1)
		return list[0]
	}
	require.Equal(t, "在网点保管", away(p, path)["text"])

	bag := w.clerk.post("/api/v1/village/bags", map[string]string{"to": townOffice}).ok()
	at := "/api/v1/village/bags/" + bag.text("id")
	w.clerk.post(at+"/seal", map[string]string{"seal": "FS-00017"}).refused(409, "circulation.empty")
	w.clerk.post(at+"/pack", map[string]any{"originals": []string{lease}}).ok()
	require.Contains(t, away(p, path)["text"], "已装袋")
	w.clerk.post(at+"/hand-over", map[string]string{"carrier": "机要交换员老陈"}).refused(409, "circulation.not_now")
	w.clerk.post(at+"/seal", map[string]string{"seal": "FS-00017"}).ok()
	due := w.clerk.post(at+"/hand-over", map[string]string{"carrier": "机要交换员老陈"}).ok().text("due_on")
	on := away(p, path)
	require.Equal(t, []any{"in_bag", villageOffice, townOffice, due, false}, []any{on["where"], on["office"], on["to"], on["due"], on["late"]})
	require.Equal(t, on, away(w.reviewer, atWindow(path)), "both see the same")
	running := clockOf(p.get(path+"/clock").ok(), "promise")["due"]

	last, err := workday.ParseDate(due)
	require.NoError(t, err)
	c.clock.moveTo(time.Date(last.Year, last.Month, last.Day+1, 9, 0, 0, 0, workday.Zone))
	for _, who := range []*client{p, w.clerk, w.reviewer, town} {
		who.login()
	}
	require.Equal(t, true, away(p, path)["late"])
	require.Equal(t, running, clockOf(p.get(path+"/clock").ok(), "promise")["due"], "carriage stops no clock")
	require.Len(t, town.get("/api/v1/village/late-bags").ok().list("items"), 1)

	short := town.post(at+"/receive", map[string]any{"seal": "FS-00017", "originals": []string{}}).ok()
	require.Equal(t, []any{lease}, short.at("missing"))
	require.Contains(t, away(p, path)["text"], "未见")
	found := map[string]any{"lost": []string{}, "note": "夹在另一份材料里，已找到"}
	w.clerk.post(at+"/settle", found).refused(403, "staff.not_allowed")
	require.Equal(t, "settled", town.post(at+"/settle", found).ok().text("state"))
	require.Equal(t, []any{"at_office", townOffice}, []any{away(p, path)["where"], away(p, path)["office"]})

	number := p.person.IDNumber
	town.post("/api/v1/village/originals/"+lease+"/give-back", map[string]string{"proof": "000000"}).refused(422, "circulation.proof")
	town.post("/api/v1/village/originals/"+lease+"/give-back", map[string]string{"proof": number[len(number)-6:]}).ok()
	require.Empty(t, p.get(path+"/clock").ok().list("papers"))
	steps := w.clerk.get(at).ok()
	require.False(t, strings.Contains(string(steps.raw), p.person.Name))
}
