package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// head is the manager of the office that decides permits.
func (c *town) head(t testing.TB) *client {
	t.Helper()
	return c.member(t, staff.Member{Role: staff.OfficeManager, Office: townOffice})
}

// at moves the clock and lets everybody sign in anew.
func (c *town) at(when time.Time, people ...*client) {
	c.clock.moveTo(when)
	for _, p := range people {
		p.login()
	}
}

// dayAt is a moment of a day of 2026.
func dayAt(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, workday.Zone)
}

// received opens a permit and hands its papers in to be looked at.
func (w crew) received(p *client, body any) string {
	path := p.permitDraft()
	w.clerk.post(atWindow(path)+"/take", nil).ok()
	w.clerk.post(atWindow(path)+"/receive", body).ok()
	return path
}

// TestR01SilenceIsAcceptance: no answer in five working days accepts a case
// from the day of receipt, once, and both sides hear of it.
func TestR01SilenceIsAcceptance(t *testing.T) {
	c := newTown(t, dayAt(time.November, 23, 10)) // a Monday
	w, p := c.crew(t), c.citizen(t)
	head := c.head(t)
	path := w.received(p, nil)
	answered := w.received(c.citizen(t), nil)
	w.clerk.post(atWindow(answered)+"/notices", map[string]any{"materials": []string{permitPhoto}, "text": "照片不清"}).ok()
	cs := p.get(path).ok()
	require.Equal(t, "received", cs.text("state"))
	require.Equal(t, "2026-11-30", cs.text("answer_due"))
	everybody := []*client{p, w.clerk, w.manager, w.reviewer, head}
	for _, who := range everybody[1:] {
		who.prove() // who they are, so that they can be told
	}
	c.at(dayAt(time.November, 30, 23), everybody...)
	sweep(t, c, 0)
	c.at(dayAt(time.December, 1, 1), everybody...)
	sweep(t, c, 1)
	sweep(t, c, 0)
	cs = p.get(path).ok()
	require.Equal(t, "accepted", cs.text("state"))
	require.Equal(t, "R-01", cs.text("rule"))
	require.Equal(t, "2026-11-23", cs.text("accepted_at")[:10])
	require.Equal(t, "2026-12-07", cs.text("due"), "ten working days from the receipt")
	for _, who := range []*client{p, w.clerk, w.manager, head} {
		require.Equal(t, 1, heard(who, "case.deemed"), "%s", who.person.Name)
	}
	require.Equal(t, "answer", w.manager.get("/api/v1/village/alarms").ok().text("items.0.clock"))
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM cases WHERE state = 'notified'"), "what was answered is not accepted by silence")
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM cases WHERE rule = 'R-01' AND state = 'accepted'"))
}

// heard counts the notices of a kind that somebody has got.
func heard(p *client, kind string) (n int) {
	for _, m := range p.get("/api/v1/messages?limit=100").ok().list("items") {
		if m["kind"] == kind {
			n++
		}
	}
	return n
}

// TestR01ASecondNoticeNeedsAReasonAndASupervisor: the first one tells
// everything; what it did not name waits for a supervisor.
func TestR01ASecondNoticeNeedsAReasonAndASupervisor(t *testing.T) {
	c := sharedTown(t)
	w, p, head := c.crew(t), c.citizen(t), c.head(t)
	path := w.received(p, nil)
	notices := atWindow(path) + "/notices"
	w.clerk.post(notices, map[string]any{"materials": []string{}}).refused(422, "request.invalid")
	w.clerk.post(notices, map[string]any{"materials": []string{"M-7777"}}).refused(404, "casework.no_material")
	w.clerk.post(notices, map[string]any{"materials": []string{permitPhoto}, "text": "照片不清"}).ok()
	require.Equal(t, "notified", p.get(path).ok().text("state"))
	w.clerk.post(notices, map[string]any{"materials": []string{permitPhoto}}).ok()
	w.clerk.post(notices, map[string]any{"materials": []string{permitPhoto, permitLease}}).refused(422, "casework.notice_reason")
	told := len(p.get(path + "/notices").ok().list("items"))
	require.Equal(t, 2, told)
	w.clerk.post(notices, map[string]any{"materials": []string{permitLease}, "reason": "申请人更换了住所"}).ok()
	require.Len(t, p.get(path+"/notices").ok().list("items"), told, "not told before a supervisor has ruled")
	require.Equal(t, "proposed", w.clerk.get(notices).ok().text("items.2.state"))
	ruling := map[string]bool{"approve": true}
	w.clerk.post(notices+"/3/ruling", ruling).refused(403, "staff.not_allowed")
	w.manager.post(notices+"/3/ruling", ruling).refused(403, "casework.not_supervisor")
	head.post(notices+"/2/ruling", ruling).refused(404, "casework.no_notice")
	head.post(notices+"/3/ruling", ruling).ok()
	head.post(notices+"/3/ruling", ruling).refused(404, "casework.no_notice")
	require.Len(t, p.get(path+"/notices").ok().list("items"), told+1)
	w.clerk.post(notices, map[string]any{"materials": []string{permitWork}, "reason": "补充了解情况"}).ok()
	head.post(notices+"/4/ruling", map[string]bool{"approve": false}).ok()
	require.Len(t, p.get(path+"/notices").ok().list("items"), told+1, "a rejected one is never told")
}

// TestR02AnOutcomeIsOnRecord: where an office may not accept, it says so at
// once; what it accepts or refuses stands in a dated record.
func TestR02AnOutcomeIsOnRecord(t *testing.T) {
	c := sharedTown(t)
	w, p := c.crew(t), c.citizen(t)
	p.post("/api/v1/cases", map[string]string{"item": permitItem, "office": "440600000000-A"}).refused(409, "casework.not_here")
	path := p.tolerated()
	w.clerk.post(atWindow(path)+"/take", nil).ok()
	var acts []string
	for _, e := range w.clerk.get(atWindow(path) + "/record").ok().list("items") {
		require.NotEmpty(t, e["at"])
		acts = append(acts, e["act"].(string))
	}
	require.Equal(t, []string{"open", "fill", "fill", "attach", "sign", "submit", "take"}, acts)
}

// TestR03OneExtensionInTimeByTheHead: who, when, how long, how often.
func TestR03OneExtensionInTimeByTheHead(t *testing.T) {
	c := newTown(t, tuesday)
	w, p, head := c.crew(t), c.citizen(t), c.head(t)
	path, late := p.tolerated(), c.citizen(t).tolerated()
	p.upload(path+"/files", permitLease, photo).ok()
	extend := func(who *client, path string, days int) *reply {
		return who.post(atWindow(path)+"/extension", map[string]any{"days": days, "reason": "案情复杂，需补充核查"})
	}
	extend(w.reviewer, path, 5).refused(403, "staff.not_allowed")
	extend(w.manager, path, 5).refused(403, "casework.not_supervisor")
	extend(head, path, 11).refused(422, "casework.days")
	extend(head, path, 0).refused(422, "request.invalid")
	require.Equal(t, "2026-12-22", extend(head, path, 10).ok().text("due"), "ten working days more")
	extend(head, path, 1).refused(409, "workday.already_extended")
	require.Equal(t, 1, heard(p, "case.timed"))
	require.Contains(t, p.get("/api/v1/messages").ok().text("items.0.text"), "案情复杂")
	c.force(t, "UPDATE cases SET supplement_due = '' WHERE id = $1", idOf(late))
	c.at(dayAt(time.December, 9, 9), head)
	extend(head, late, 3).refused(409, "workday.time_over")
}

// TestR05AStepIsNotCounted: the time of a test is left out, and every day says
// why it counts or does not, to the person as to staff.
func TestR05AStepIsNotCounted(t *testing.T) {
	c := newTown(t, dayAt(time.September, 18, 10)) // a Friday before 国庆 with make-up days
	w, p := c.crew(t), c.citizen(t)
	path := p.permitDraft()
	for _, m := range []string{permitPhoto, permitLease} {
		p.upload(path+"/files", m, photo).ok()
	}
	p.post(path+"/submit", nil).ok()
	require.Equal(t, "2026-10-03", p.get(path).ok().text("due"), "the promise is never later than the law's fifteen calendar days")
	require.Equal(t, "2026-10-09", clockOf(p.get(path+"/clock").ok(), "promise")["due"], "across 国庆 with its make-up days")
	pause := map[string]any{"reason": "testing", "days": 3}
	w.clerk.post(atWindow(path)+"/pauses", pause).refused(409, "casework.not_taken")
	w.reviewer.post(atWindow(path)+"/pauses", map[string]any{"reason": "lunch", "days": 3}).refused(422, "request.invalid")
	w.reviewer.post(atWindow(path)+"/pauses", pause).ok()
	w.reviewer.post(atWindow(path)+"/pauses", pause).refused(409, "casework.already_paused")
	require.Equal(t, 1, heard(p, "case.timed"), "told how long it takes")
	c.at(dayAt(time.October, 9, 10), p, w.reviewer)
	mine, theirs := p.get(path+"/clock").ok(), w.reviewer.get(atWindow(path)+"/clock").ok()
	require.Equal(t, mine.body, theirs.body)
	promise := clockOf(mine, "promise")
	counted := 0
	for _, l := range listAt(promise, "lines") {
		require.NotEmpty(t, l["why"])
		if l["counted"] == true {
			counted++
			require.Equal(t, float64(counted), l["number"])
		}
	}
	require.Equal(t, promise["used"], float64(counted))
	require.Equal(t, "暂停计时（检测），不计入", whyOf(promise, "2026-09-21"))
	require.Contains(t, whyOf(promise, "2026-09-20"), "暂停计时")
	require.Contains(t, whyOf(promise, "2026-10-01"), "国庆节")
	require.Contains(t, whyOf(promise, "2026-10-01"), "不计入")
	require.Contains(t, whyOf(promise, "2026-10-10"), "")
	require.Equal(t, "2026-10-13", promise["due"], "three working days more than without the test")
	require.Equal(t, "calendar", clockOf(mine, "law")["unit"])
	c.citizen(t).get(path+"/clock").refused(404, "casework.not_found")
}

func clockOf(r *reply, kind string) map[string]any {
	for _, c := range r.list("clocks") {
		if c["kind"] == kind {
			return c
		}
	}
	return nil
}

func whyOf(clock map[string]any, date string) string {
	for _, l := range listAt(clock, "lines") {
		if l["date"] == date {
			return l["why"].(string)
		}
	}
	return ""
}

// TestR05ClocksWaitWhileTheApplicantOwes: from the day after a material was
// found unfit to the day of its replacement nothing counts.
func TestR05ClocksWaitWhileTheApplicantOwes(t *testing.T) {
	c := newTown(t, tuesday)
	w, p := c.crew(t), c.citizen(t)
	path := p.permitDraft()
	for _, m := range []string{permitPhoto, permitLease} {
		p.upload(path+"/files", m, photo).ok()
	}
	p.post(path+"/submit", nil).ok()
	judge := atWindow(path) + "/materials/" + permitPhoto + "/judge"
	w.reviewer.post(judge, map[string]any{"fit": false, "note": "看不清"}).ok()
	p.upload(path+"/files", permitPhoto, photo).ok()
	require.Equal(t, "2026-12-08", p.get(path).ok().text("due"), "replaced on the same day: nothing is left out")
	w.reviewer.post(judge, map[string]any{"fit": false, "note": "仍看不清"}).ok()
	require.Empty(t, p.get(path).ok().text("due"), "nobody can know it while it waits")
	c.at(dayAt(time.November, 27, 9), p, w.reviewer)
	require.Equal(t, "paused", clockOf(p.get(path+"/clock").ok(), "promise")["state"])
	p.upload(path+"/files", permitPhoto, photo).ok()
	require.Equal(t, "2026-12-11", p.get(path).ok().text("due"), "Wednesday, Thursday and Friday did not count")
	require.Contains(t, whyOf(clockOf(p.get(path+"/clock").ok(), "promise"), "2026-11-26"), "等待申请人")
}

// TestDeadlinesWarnEscalateAndStayOnRecord: each once, however often it is
// looked, to those whom it concerns.
func TestDeadlinesWarnEscalateAndStayOnRecord(t *testing.T) {
	c := newTown(t, tuesday)
	w, p, head := c.crew(t), c.citizen(t), c.head(t)
	path := p.tolerated()
	p.upload(path+"/files", permitLease, photo).ok()
	w.clerk.post(atWindow(path)+"/take", nil).ok()
	sweep(t, c, 0)
	require.Zero(t, heard(w.clerk, "case.clock"))
	everybody := []*client{p, w.clerk, w.manager, w.reviewer, head}
	for _, who := range everybody[1:] {
		who.prove() // who they are, so that they can be told
	}
	for _, step := range []struct {
		day           int
		clerk, head   int
		person        int
		promised, law int
	}{
		{4, 1, 0, 0, 1, 0}, // two working days before
		{7, 2, 0, 0, 1, 1}, // and of the law's day
		{8, 3, 1, 0, 2, 1}, // the promised day itself
		{9, 5, 3, 1, 3, 2}, // over, and the law's day
		{10, 6, 4, 1, 3, 3},
		{14, 6, 4, 1, 3, 3},
	} {
		c.at(dayAt(time.December, step.day, 9), everybody...)
		sweep(t, c, 0)
		sweep(t, c, 0)
		require.Equal(t, step.clerk, heard(w.clerk, "case.clock"), "clerk on %d", step.day)
		require.Equal(t, step.head, heard(head, "case.clock"), "head on %d", step.day)
		require.Equal(t, step.person, heard(p, "case.waited"), "person on %d", step.day)
		require.Equal(t, step.promised, c.count(t, "SELECT count(*) FROM case_alarm WHERE clock = 'promise'"), "promise on %d", step.day)
		require.Equal(t, step.law, c.count(t, "SELECT count(*) FROM case_alarm WHERE clock = 'law'"), "law on %d", step.day)
	}
	for _, who := range []*client{w.clerk, w.reviewer, head} {
		require.Len(t, who.get("/api/v1/village/alarms").ok().list("items"), 6)
	}
	require.Empty(t, c.reviewer(t, townOffice, "SC").get("/api/v1/village/alarms").ok().list("items"))
}
