package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// served is a visit that is over: booked, checked in, and the day has passed.
func (w crew) served(c *town, p *client) string {
	p.t.Helper()
	visit := "/api/v1/appointments/" + p.book(visitItem)
	a := p.get(visit).ok()
	starts, err := time.Parse(time.RFC3339, a.text("starts_at"))
	require.NoError(p.t, err)
	c.clock.moveTo(starts.Add(-time.Minute))
	w.clerk.post("/api/v1/village/appointments/check-in", map[string]string{"code": a.text("code")}).ok()
	return visit
}

func TestABadWordIsAnsweredInTimeOrGoesUp(t *testing.T) {
	c := newTown(t, tuesday)
	w, p := c.crew(t), c.citizen(t)
	w.manager.prove()
	w.administrator.prove()
	away := c.member(t, staff.Member{Role: staff.OfficeManager, Office: otherVillage})
	visit := w.served(c, p)
	p.post(visit+"/rating", map[string]any{"grade": 9}).refused(422, "request.invalid")
	said := "窗口<script>alert(1)</script>让我跑了三次"
	r := p.post(visit+"/rating", map[string]any{"grade": 1, "reasons": []string{"many_visits"}, "text": said}).ok()
	require.Equal(t, villageOffice, r.text("office"))
	due, err := time.Parse("2006-01-02", r.text("due_on"))
	require.NoError(t, err)
	p.post(visit+"/rating", map[string]any{"grade": 5}).refused(409, "rating.rated")
	c.citizen(t).post(visit+"/rating", map[string]any{"grade": 5}).refused(404, "rating.no_visit")
	require.Equal(t, "rating.bad", w.manager.get("/api/v1/messages").ok().list("items")[0]["kind"])

	reply := "/api/v1/village/ratings/" + idOf(visit) + "/reply"
	require.Empty(t, away.get("/api/v1/village/ratings").ok().list("items"))
	away.post(reply, map[string]string{"text": "已经核实并整改"}).refused(403, "staff.other_office")
	w.manager.post(reply, map[string]string{"text": " "}).refused(422, "request.invalid")

	late := func() int {
		_, err := c.in.rooms.ratings.Sweep(context.Background())
		require.NoError(t, err)
		return c.count(t, "SELECT count(*) FROM message WHERE kind = 'rating.late'")
	}
	c.clock.moveTo(due.Add(12 * time.Hour))
	require.Zero(t, late(), "the last day is still in time")
	c.clock.moveTo(due.Add(36 * time.Hour))
	require.Equal(t, 1, late())
	require.Equal(t, 1, late(), "told once")

	w.manager.login()
	p.login()
	require.Equal(t, said, w.manager.get("/api/v1/village/ratings?waiting=true").ok().list("items")[0]["text"])
	w.manager.post(reply, map[string]string{"text": "已核实，窗口已整改，向您致歉"}).ok()
	w.manager.post(reply, map[string]string{"text": "再答复一次也不行"}).refused(409, "rating.replied")
	require.Empty(t, w.manager.get("/api/v1/village/ratings?waiting=true").ok().list("items"))
	require.Equal(t, "已核实，窗口已整改，向您致歉", p.get("/api/v1/ratings").ok().list("items")[0]["reply"])

	figures := "/api/v1/village/rating-figures?from=2026-11-01&to=2027-10-31"
	f := w.manager.get(figures).ok()
	for path, want := range map[string]any{"all.count": 1.0, "all.mean": 100.0, "all.bad": 1.0, "all.replied": 1.0, "all.overdue": 1.0} {
		require.Equal(t, want, f.at(path), path)
	}
	require.Equal(t, villageOffice, f.list("by_office")[0]["of"])
	require.Equal(t, visitItem, f.list("by_item")[0]["of"])
	away.login()
	require.EqualValues(t, 0, away.get(figures).ok().at("all.count"))
	away.get("/api/v1/village/rating-figures?from=2026-11-01&to=2026-10-31").refused(422, "rating.span")
}

func TestPeopleAreInvitedToRateOnce(t *testing.T) {
	c := newTown(t, tuesday)
	w, p := c.crew(t), c.citizen(t)
	path := p.tolerated()
	w.grant(p, path)
	invited := func() int {
		_, err := c.in.rooms.ratings.Sweep(context.Background())
		require.NoError(t, err)
		return c.count(t, "SELECT count(*) FROM message WHERE kind = 'rating.invited'")
	}
	require.Equal(t, 1, invited())
	require.Equal(t, 1, invited())
	p.post(path+"/rating", map[string]any{"grade": 5}).ok()
	require.Equal(t, 1, invited())
}
