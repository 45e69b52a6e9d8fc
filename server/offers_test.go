package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/workday"
)

func (c *town) offered(t *testing.T) {
	t.Helper()
	_, err := c.in.rooms.herald.Sweep(context.Background())
	require.NoError(t, err)
}

func TestWhatFollowsIsOfferedOnceAndOnlyToWhoWantsIt(t *testing.T) {
	c := newTown(t, tuesday)
	w, p, stranger := c.crew(t), c.citizen(t), c.citizen(t)
	path := p.tolerated()
	w.grant(p, path)
	c.offered(t)
	require.Empty(t, p.get("/api/v1/offers").ok().list("items"), "nobody has asked for offers")

	p.put("/api/v1/offers", map[string]bool{"wants": true}).ok()
	c.offered(t)
	c.offered(t)
	list := p.get("/api/v1/offers").ok().list("items")
	require.Len(t, list, 2, "the two pushes of the permit")
	require.NotEmpty(t, list[0]["reason"])
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM message WHERE kind = 'stage.offered'"))

	first := "/api/v1/offers/" + list[0]["id"].(string)
	second := "/api/v1/offers/" + list[1]["id"].(string)
	stranger.post(first+"/take", nil).refused(404, "stage.no_offer")
	p.post(first+"/take", nil).ok()
	p.post(first+"/take", nil).ok()
	p.post(first+"/dismiss", nil).refused(409, "stage.settled")
	p.post(second+"/dismiss", nil).ok()
	require.Empty(t, p.get("/api/v1/offers").ok().list("items"))

	again := p.tolerated()
	w.grant(p, again)
	c.offered(t)
	require.Empty(t, p.get("/api/v1/offers").ok().list("items"), "not twice within the year")
	f := w.administrator.get("/api/v1/village/offer-figures?from=2026-11-01&to=2026-11-30").ok().list("items")
	require.Len(t, f, 2)
	require.EqualValues(t, 1, f[0]["taken"].(float64)+f[1]["taken"].(float64))
}

// decree makes a case granted, as if all had been done for it.
func (c *town) decree(t *testing.T, path string) {
	t.Helper()
	c.force(t, `UPDATE cases SET state = 'granted', owed = 0, decided_at = $1 WHERE id = $2`, c.clock.now().UnixMilli(), idOf(path))
}

// TestABereavedFamilyIsNotToldTwice writes two granted cases about one death,
// as two members of a family would have them.
func TestABereavedFamilyIsNotToldTwice(t *testing.T) {
	c := newTown(t, tuesday)
	son, daughter := c.citizen(t), c.citizen(t)
	for _, p := range []*client{son, daughter} {
		p.put("/api/v1/offers", map[string]bool{"wants": true}).ok()
		path := p.open("HJ-0013", townOffice)
		p.put(path+"/form", map[string]any{"form": map[string]string{"deceased_id_number": "440607194605018631"}}).ok()
		c.decree(t, path)
		c.offered(t)
	}
	require.NotEmpty(t, son.get("/api/v1/offers").ok().list("items"))
	require.Empty(t, daughter.get("/api/v1/offers").ok().list("items"))
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM message WHERE kind = 'stage.offered'"))
}

func TestABrokenCommitmentCountsUntilItIsRepaired(t *testing.T) {
	c := newTown(t, tuesday)
	w, p := c.crew(t), c.citizen(t)
	path := p.tolerated()
	due, err := workday.ParseDate(p.get(path).ok().text("supplement_due"))
	require.NoError(t, err)
	c.clock.moveTo(due.AddDays(1).Time().Add(10 * time.Hour))
	_, err = c.in.rooms.counter.Sweep(context.Background())
	require.NoError(t, err)
	for range 2 {
		_, err = c.in.rooms.bureau.Sweep(context.Background())
		require.NoError(t, err)
	}
	p.login()
	records := p.get("/api/v1/credit").ok().list("items")
	require.Len(t, records, 1)
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM person WHERE credit_grade = 'C'"))

	again := p.permitDraft()
	p.upload(again+"/files", permitPhoto, photo).ok()
	p.promise(again)
	require.Equal(t, "R-17", p.post(again+"/submit", nil).ok().text("rule"), "grade C: taken, accepted once complete")

	w.manager.login()
	repair := "/api/v1/village/credit-records/" + records[0]["id"].(string) + "/repair"
	w.manager.post(repair, map[string]string{"reason": "材料已补交并核实"}).ok()
	w.manager.post(repair, map[string]string{"reason": "材料已补交并核实"}).refused(409, "credit.repaired")
	require.Zero(t, c.count(t, "SELECT count(*) FROM person WHERE credit_grade = 'C'"))
	require.NotEmpty(t, p.get("/api/v1/credit").ok().list("items")[0]["repaired_at"])
}
