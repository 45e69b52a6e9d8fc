package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// TestAnApplicationBecomesWhatTheRulesSay reaches, over HTTP, each rule that
// the sample catalogue lets an applicant reach.
func TestAnApplicationBecomesWhatTheRulesSay(t *testing.T) {
	c := newTown(t, tuesday)
	for _, v := range []struct {
		rule, grade     string
		files           []string
		promised        bool
		outcome, state  string
		missing         []string
		supplement, due bool // days set
	}{
		{"R-10", "revoked", []string{permitPhoto, permitLease}, false, "refuse", "refused", nil, false, false},
		{"R-10", "revoked", []string{permitPhoto}, true, "refuse", "refused", []string{permitLease}, false, false},
		{"R-11", "A", []string{permitPhoto, permitLease}, false, "accept", "accepted", nil, false, true},
		{"R-11", "D", []string{permitPhoto, permitLease}, false, "accept", "accepted", nil, false, true},
		{"R-13", "A", nil, false, "one_time_notice", "notified", []string{permitPhoto, permitLease}, false, false},
		{"R-13", "A", []string{permitLease}, false, "one_time_notice", "notified", []string{permitPhoto}, false, false},
		{"R-13", "B", nil, true, "one_time_notice", "notified", []string{permitPhoto, permitLease}, false, false},
		{"R-14", "A", []string{permitPhoto}, false, "one_time_notice", "notified", []string{permitLease}, false, false},
		{"R-14", "D", []string{permitPhoto}, false, "one_time_notice", "notified", []string{permitLease}, false, false},
		{"R-15", "D", []string{permitPhoto}, true, "one_time_notice", "notified", []string{permitLease}, false, false},
		{"R-17", "C", []string{permitPhoto}, true, "tolerant_receipt", "receipt", []string{permitLease}, true, false},
		{"R-19", "A", []string{permitPhoto}, true, "tolerant_accept", "accepted", []string{permitLease}, true, true},
		{"R-19", "B", []string{permitPhoto}, true, "tolerant_accept", "accepted", []string{permitLease}, true, true},
	} {
		t.Run(v.rule+" "+v.grade, func(t *testing.T) {
			p := c.citizen(t)
			p.grade(v.grade)
			path := p.permitDraft()
			for _, m := range v.files {
				p.upload(path+"/files", m, photo).ok()
			}
			if v.promised {
				p.promise(path)
			}
			r := p.post(path+"/submit", nil).ok()
			require.Equal(t, v.outcome, r.text("outcome"))
			require.Equal(t, v.rule, r.text("rule"))
			require.True(t, isChinese(r.text("rule_text")))
			require.Equal(t, v.state, r.text("case.state"))
			var missing []string
			for _, m := range r.list("missing") {
				missing = append(missing, m["material"].(string))
				require.True(t, isChinese(m["name"].(string)))
			}
			require.ElementsMatch(t, v.missing, missing, "everything that is missing, at once")
			require.Equal(t, v.due, r.text("case.due") != "", "the clock runs from acceptance only")
			require.Equal(t, v.supplement, r.text("case.supplement_due") != "")
			require.Equal(t, v.state, p.get(path).ok().text("state"))
			require.Equal(t, r.text("case.id"), p.get("/api/v1/messages").ok().text("items.0.subject"), "the person is told")
		})
	}
}

// TestTheDaysAreCountedInWorkingDays: ten working days from Tuesday 24 November
// are 8 December, eight are 4 December.
func TestTheDaysAreCountedInWorkingDays(t *testing.T) {
	p := sharedTown(t).citizen(t)
	cs := p.get(p.tolerated()).ok()
	require.Equal(t, "2026-12-08", cs.text("due"))
	require.Equal(t, "2026-12-04", cs.text("supplement_due"))
}

// TestAReceiptIsAcceptedOnTheDayItIsComplete: R-20, the clock starts then.
func TestAReceiptIsAcceptedOnTheDayItIsComplete(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	p.grade("C")
	path := p.permitDraft()
	p.upload(path+"/files", permitPhoto, photo).ok()
	p.promise(path)
	r := p.post(path+"/submit", nil).ok()
	require.Equal(t, "receipt", r.text("case.state"))
	require.Empty(t, r.text("case.accepted_at"))
	c.clock.moveTo(tuesday.AddDate(0, 0, 2))
	cs := p.upload(path+"/files", permitLease, photo).ok()
	require.Equal(t, "accepted", cs.text("case.state"))
	require.Equal(t, "2026-11-26", cs.text("case.accepted_at")[:10])
	require.Equal(t, "2026-12-10", cs.text("case.due"))
	require.Empty(t, cs.text("case.supplement_due"))
}

// TestWhatIsWrongWithAFormIsToldAtOnce submits nothing, and fills in nonsense.
func TestWhatIsWrongWithAFormIsToldAtOnce(t *testing.T) {
	p := sharedTown(t).citizen(t)
	path := p.open(permitItem, villageOffice)
	r := p.post(path+"/submit", nil).refused(http.StatusUnprocessableEntity, "casework.form")
	require.Equal(t, []string{"form.residence_address", "form.permit_basis"}, fieldPaths(r))
	r = p.put(path+"/form", map[string]any{
		"form": map[string]string{
			"permit_basis": "别的", "agent_id_number": "440604199001011235", "residence_since": "2026-02-30",
			"applicant_phone": "12345", "no_such_field": "x", "residence_address": "a\u202eb",
		},
		"conditions": map[string]bool{permitPhoto: true, "M-7777": false},
	}).refused(http.StatusUnprocessableEntity, "casework.form")
	require.ElementsMatch(t, []string{
		"form.permit_basis", "form.agent_id_number", "form.residence_since", "form.applicant_phone", "form.no_such_field",
		"form.residence_address", "conditions." + permitPhoto, "conditions.M-7777",
	}, fieldPaths(r))
	require.Len(t, p.get(path).ok().at("form"), 3, "a refused filling leaves nothing behind")
	p.put(path+"/form", map[string]any{"form": permitFilled["form"]}).ok()
	r = p.post(path+"/submit", nil).refused(http.StatusUnprocessableEntity, "casework.condition_unsaid")
	require.ElementsMatch(t, []string{"conditions." + permitLease, "conditions." + permitWork, "conditions." + permitStudy}, fieldPaths(r))
	p.put(path+"/form", map[string]any{"form": map[string]string{"permit_basis": ""}}).ok()
	require.Nil(t, p.get(path).ok().at("form.permit_basis"), "an empty value takes it back")
}

func fieldPaths(r *reply) (paths []string) {
	for _, f := range r.list("fields") {
		paths = append(paths, f["path"].(string))
	}
	return paths
}

// TestADraftMayBeIncompleteAndComesBackAsItWas saves half a form.
func TestADraftMayBeIncompleteAndComesBackAsItWas(t *testing.T) {
	p := sharedTown(t).citizen(t)
	path := p.open(permitItem, villageOffice)
	p.put(path+"/form", map[string]any{"form": map[string]string{"permit_basis": "连续就读"}}).ok()
	cs := p.get(path).ok()
	require.Equal(t, "连续就读", cs.text("form.permit_basis"))
	require.Equal(t, "draft", cs.text("state"))
	require.Equal(t, p.person.Name, cs.text("form.applicant_name"))
	require.Equal(t, "shared", cs.material("", "M-0001")["source"], "the identity card need not be handed in")
}

// TestStepsInTheWrongOrderAreConflicts tries each step too early or too late;
// the refusal says what may be done instead, and nothing is changed.
func TestStepsInTheWrongOrderAreConflicts(t *testing.T) {
	c := newTown(t, tuesday)
	w, p := c.crew(t), c.citizen(t)
	draft := p.permitDraft()
	accepted := p.tolerated()
	c.settle(t)
	before := c.rows(t)
	fit, grant := map[string]bool{"fit": true}, map[string]bool{"grant": true}
	for _, r := range []*reply{
		p.post(draft+"/commitment", map[string]string{"digest": noDigest}).refused(409, "casework.commitment_changed"),
		w.reviewer.post(atWindow(draft)+"/decision", grant).refused(409, "casework.not_now"),
		w.reviewer.post(atWindow(draft)+"/materials/"+permitPhoto+"/judge", fit).refused(409, "casework.not_now"),
		w.clerk.post(atWindow(draft)+"/submit", nil).refused(409, "casework.not_taken"),
		w.clerk.post(atWindow(accepted)+"/materials/"+permitPhoto+"/originals", map[string]int{"copies": 1}).refused(409, "casework.not_taken"),
		w.clerk.post(atWindow(accepted)+"/decision", grant).refused(409, "casework.not_taken"),
		p.put(accepted+"/form", permitFilled).refused(409, "casework.not_now"),
		p.post(accepted+"/submit", nil).refused(409, "casework.not_now"),
		p.post(accepted+"/commitment", map[string]string{"digest": noDigest}).refused(409, "casework.not_now"),
		w.reviewer.post(atWindow(accepted)+"/decision", grant).refused(409, "casework.materials_due"),
		w.reviewer.post(atWindow(accepted)+"/materials/"+permitLease+"/judge", fit).refused(409, "casework.not_now"),
		w.reviewer.post(atWindow(accepted)+"/materials/M-7777/judge", fit).refused(404, "casework.no_material"),
		w.reviewer.post(atWindow(accepted)+"/materials/"+permitPhoto+"/judge", map[string]bool{"fit": false}).refused(422, "casework.reason"),
		w.reviewer.post(atWindow(accepted)+"/decision", map[string]bool{"grant": false}).refused(422, "casework.reason"),
	} {
		if r.text("code") == "casework.not_now" && r.asked != "" {
			require.Regexp(t, "请|现在可以", r.text("detail"), r.asked)
		}
	}
	for _, r := range []*reply{w.clerk.post(atWindow(accepted)+"/licence", nil), p.post(accepted+"/rating", map[string]int{"grade": 5})} {
		requireProblem(t, r)
		require.Equal(t, http.StatusConflict, r.status, "%s", r.raw)
	}
	require.Equal(t, before, c.rows(t))
	require.Contains(t, p.post(accepted+"/submit", nil).text("detail"), "现在可以：")
}

const noDigest = "0000000000000000000000000000000000000000000000000000000000000000"

// TestWhatIsOverIsOver tries every act on cases that are withdrawn, refused,
// closed and terminated.
func TestWhatIsOverIsOver(t *testing.T) {
	c := newTown(t, tuesday)
	w := c.crew(t)
	over := []struct {
		state string
		owner *client
		bring func(*client) string
		path  string
	}{
		{state: "withdrawn", owner: c.citizen(t), bring: (*client).withdrawn},
		{state: "refused", owner: c.citizen(t), bring: w.refuse},
		{state: "closed", owner: c.citizen(t), bring: w.onTheSpot},
		{state: "terminated", owner: c.citizen(t), bring: c.expired},
	}
	for i := range over {
		over[i].path = over[i].bring(over[i].owner)
	}
	for _, o := range over {
		o.owner.login()
	}
	w.clerk.login()
	w.reviewer.login()
	c.settle(t)
	before := c.rows(t)
	for _, o := range over {
		require.Equal(t, o.state, o.owner.get(o.path).ok().text("state"))
		for _, r := range w.everything(o.owner, o.path) {
			requireProblem(t, r)
			require.Contains(t, []int{403, 404, 409}, r.status, "%s: %s: %s", o.state, r.asked, r.raw)
		}
	}
	require.Equal(t, before, c.rows(t))
}

// everything tries each act on a case.
func (w crew) everything(p *client, path string) []*reply {
	return []*reply{
		p.put(path+"/form", map[string]any{"form": map[string]string{"residence_address": "别处"}}),
		p.upload(path+"/files", permitForm, photo),
		p.post(path+"/submit", nil), p.post(path+"/withdraw", nil),
		p.post(path+"/commitment", map[string]string{"digest": noDigest}),
		w.clerk.post(atWindow(path)+"/take", nil),
		w.clerk.post(atWindow(path)+"/decision", map[string]bool{"grant": true}),
		w.reviewer.post(atWindow(path)+"/decision", map[string]any{"grant": false, "text": "再想想"}),
		w.clerk.post(atWindow(path)+"/materials/"+permitForm+"/judge", map[string]bool{"fit": true}),
		w.clerk.post(atWindow(path)+"/materials/"+permitForm+"/originals", map[string]int{"copies": 1}),
		w.clerk.post(atWindow(path)+"/submit", nil),
	}
}

// withdrawn is a case that its applicant has taken back.
func (p *client) withdrawn() string {
	p.t.Helper()
	path := p.tolerated()
	p.post(path+"/withdraw", nil).ok()
	return path
}

// refuse brings a permit to a refusal.
func (w crew) refuse(p *client) string {
	path := p.tolerated()
	w.take(path)
	w.reviewer.post(atWindow(path)+"/decision", map[string]any{"grant": false, "text": "不符合条件"}).ok()
	return path
}

// onTheSpot opens a visit, takes it in hand and decides it: nothing is to be
// handed over, so it is closed.
func (w crew) onTheSpot(p *client) string {
	path := p.open(visitItem, villageOffice)
	p.put(path+"/form", map[string]any{"form": map[string]string{
		"service_type": "上门服务", "residence_address": "样例路1号", "appointment_date": "2026-12-01",
	}}).ok()
	p.post(path+"/submit", nil).ok()
	w.take(path)
	w.clerk.post(atWindow(path)+"/materials/"+permitForm+"/judge", map[string]bool{"fit": true}).ok()
	w.clerk.post(atWindow(path)+"/decision", map[string]bool{"grant": true}).ok()
	return path
}

// expired is a case whose supplement did not come.
func (c *town) expired(p *client) string {
	path := p.tolerated()
	c.clock.moveTo(tuesday.AddDate(0, 0, 11))
	_, err := c.in.rooms.counter.Sweep(p.t.Context())
	require.NoError(p.t, err)
	return path
}

// TestASupplementIsInTimeToTheEndOfTheLastDay.
func TestASupplementIsInTimeToTheEndOfTheLastDay(t *testing.T) {
	c := newTown(t, tuesday)
	p, late, unfit := c.citizen(t), c.citizen(t), c.citizen(t)
	w := c.crew(t)
	path, missed, bad := p.tolerated(), late.tolerated(), unfit.tolerated()
	require.Equal(t, "2026-12-04", p.get(path).ok().text("supplement_due"))
	unfit.upload(bad+"/files", permitLease, photo).ok()
	w.reviewer.post(atWindow(bad)+"/materials/"+permitLease+"/judge", map[string]any{"fit": false, "note": "看不清"}).ok()
	c.clock.moveTo(time.Date(2026, 12, 4, 23, 59, 0, 0, workday.Zone))
	for _, who := range []*client{p, late, unfit, w.clerk, w.reviewer} {
		who.login() // a session ends unused after a week
	}
	sweep(t, c, 0)
	p.upload(path+"/files", permitLease, photo).ok()
	c.clock.moveTo(time.Date(2026, 12, 5, 0, 0, 1, 0, workday.Zone))
	late.upload(missed+"/files", permitLease, photo).refused(http.StatusConflict, "casework.late")
	unfit.upload(bad+"/files", permitLease, photo).refused(http.StatusConflict, "casework.late")
	w.take(missed)
	w.clerk.post(atWindow(missed)+"/materials/"+permitLease+"/originals", map[string]int{"copies": 1}).refused(http.StatusConflict, "casework.late")
	w.reviewer.post(atWindow(bad)+"/materials/"+permitLease+"/judge", map[string]any{"fit": true}).refused(http.StatusConflict, "casework.late")
	sweep(t, c, 2)
	sweep(t, c, 0)
	require.Equal(t, "accepted", p.get(path).ok().text("state"))
	require.Equal(t, "terminated", late.get(missed).ok().text("state"))
	require.Equal(t, "terminated", unfit.get(bad).ok().text("state"))
	require.Equal(t, "case.ended", late.get("/api/v1/messages").ok().text("items.0.kind"))
}

func sweep(t *testing.T, c *town, ended int) {
	t.Helper()
	n, err := c.in.rooms.counter.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, ended, n)
}

// TestAnUnfitMaterialMayBeReplaced: the applicant reads why and hands in
// another.
func TestAnUnfitMaterialMayBeReplaced(t *testing.T) {
	c := sharedTown(t)
	w, p := c.crew(t), c.citizen(t)
	path := p.tolerated()
	judge := atWindow(path) + "/materials/" + permitPhoto + "/judge"
	w.reviewer.post(judge, map[string]any{"fit": false, "note": "照片模糊"}).ok()
	cs := p.get(path).ok()
	require.Equal(t, "unfit", cs.material("", permitPhoto)["state"])
	require.Equal(t, "照片模糊", cs.material("", permitPhoto)["note"])
	require.Equal(t, "case.material_unfit", p.get("/api/v1/messages").ok().text("items.0.kind"))
	w.reviewer.post(atWindow(path)+"/decision", map[string]bool{"grant": true}).refused(409, "casework.materials_due")
	up := p.upload(path+"/files", permitPhoto, photo).ok()
	require.Equal(t, "provided", up.material("case", permitPhoto)["state"])
	require.Nil(t, up.material("case", permitPhoto)["note"])
	w.reviewer.post(judge, map[string]bool{"fit": true}).ok()
	p.upload(path+"/files", permitPhoto, photo).refused(409, "casework.not_now")
}
