package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhatTheLawKeptGoesOnItsDate: who closed the account is sealed for ten
// years, then nothing is left that leads to them; looks go after three.
func TestWhatTheLawKeptGoesOnItsDate(t *testing.T) {
	c := newTown(t, tuesday)
	clerk, p := c.clerk(t, villageOffice), c.citizen(t)
	path := p.permitDraft()
	p.upload(path+"/files", permitPhoto, photo).ok()
	p.byCourier(path)
	shown := map[string]string{"name": p.person.Name, "number": p.person.IDNumber, "purpose": "本人到窗口"}
	clerk.post("/api/v1/village/persons", shown).ok()
	p.post(path+"/withdraw", nil).ok()
	closed := c.clock.now()
	p.post("/api/v1/me/close", nil).ok()
	c.settle(t)
	sweep := func(at time.Time) (erased int) {
		c.clock.moveTo(at)
		n, err := c.in.rooms.dossiers.Sweep(t.Context())
		require.NoError(t, err)
		return n
	}
	stored := func() (n int) {
		require.NoError(t, filepath.Walk(c.in.conf.files(), func(_ string, i os.FileInfo, err error) error {
			if err == nil && i.Mode().IsRegular() {
				n++
			}
			return err
		}))
		return n
	}

	require.Zero(t, sweep(closed.AddDate(3, 0, -1)))
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM look"))
	require.Zero(t, sweep(closed.AddDate(3, 0, 1)))
	require.Zero(t, c.count(t, "SELECT count(*) FROM look"))
	require.Zero(t, sweep(closed.AddDate(10, 0, -1)))
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM cases WHERE form_sealed IS NOT NULL"))
	require.Positive(t, stored())
	require.Equal(t, 1, sweep(closed.AddDate(10, 0, 1)))
	require.Zero(t, sweep(closed.AddDate(10, 0, 2)), "once")
	require.Zero(t, c.count(t, "SELECT count(*) FROM cases WHERE form_sealed IS NOT NULL"))
	require.Zero(t, c.count(t, "SELECT count(*) FROM delivery_choice"))
	require.Zero(t, c.count(t, "SELECT count(*) FROM case_file WHERE name_sealed IS NOT NULL"))
	require.Eventually(t, func() bool { return stored() == 0 }, 20*time.Second, 50*time.Millisecond, "the files go as well")

	again := &client{t: t, town: c, person: p.person}
	again.login()
	again.prove()
	require.Empty(t, again.get("/api/v1/cases").ok().list("items"), "who comes now is somebody new")
}

// TestUnbindingAnAccountEndsItsPost: nobody knows any more who holds it.
func TestUnbindingAnAccountEndsItsPost(t *testing.T) {
	c := sharedTown(t)
	clerk := c.clerk(t, villageOffice)
	clerk.prove()
	account := clerk.get("/api/v1/me/accounts").ok().text("items.0.id")
	clerk.get("/api/v1/village/cases").ok()
	clerk.delete("/api/v1/me/accounts/" + account).ok()
	clerk.get("/api/v1/village/cases").refused(401, "session.ended")
	clerk.login()
	clerk.get("/api/v1/village/cases").refused(403, "staff.not_allowed")
	clerk.prove()
	clerk.get("/api/v1/village/cases").refused(403, "staff.not_allowed")
}

// TestAuditorsReadTheTrail: who looked at whom, who was given or lost a right;
// names masked, by kind, member, person and day, page by page.
func TestAuditorsReadTheTrail(t *testing.T) {
	c := newTown(t, tuesday)
	w := c.crew(t)
	p, agent := c.citizen(t), c.citizen(t)
	shown := map[string]string{"name": p.person.Name, "number": p.person.IDNumber, "purpose": "本人到窗口查询进度"}
	w.clerk.post("/api/v1/village/persons", shown).ok()
	agency, me := p.lets(agent, permitItem)
	p.delete(agency).ok()
	const trail = "/api/v1/admin/trail"
	w.clerk.get(trail).refused(403, "staff.not_allowed")
	w.administrator.get(trail).refused(403, "staff.not_allowed") // whoever grants does not audit the grants

	looks := w.auditor.get(trail + "?kind=look").ok()
	require.Len(t, looks.list("items"), 1)
	require.Equal(t, "本人到窗口查询进度", looks.text("items.0.purpose"))
	require.Equal(t, "village_staff", looks.text("items.0.role"))
	require.Equal(t, villageOffice, looks.text("items.0.office"))
	require.NotContains(t, string(looks.raw), p.person.Name)
	require.NotContains(t, string(looks.raw), p.person.IDNumber)
	require.Len(t, w.auditor.get(trail+"?kind=post_taken").ok().list("items"), 7)
	require.Len(t, w.auditor.get(trail+"?person="+me).ok().list("items"), 3, "the look, the agency and its end")
	require.Len(t, w.auditor.get(trail+"?kind=look&member="+looks.text("items.0.member")).ok().list("items"), 1)
	require.Empty(t, w.auditor.get(trail+"?to=2026-11-23").ok().list("items"))
	require.Len(t, w.auditor.get(trail+"?from=2026-11-24&to=2026-11-24").ok().list("items"), 10)
	seen, at := map[string]bool{}, trail+"?limit=3"
	for cursor := ""; ; {
		page := w.auditor.get(at + cursor).ok()
		for _, e := range page.list("items") {
			seen[e["kind"].(string)+e["id"].(string)] = true
		}
		if page.text("next_cursor") == "" {
			break
		}
		cursor = "&cursor=" + page.text("next_cursor")
	}
	require.Len(t, seen, 10)
	w.auditor.get(trail+"?cursor=nonsense").refused(422, "staff.trail_cursor")
}
