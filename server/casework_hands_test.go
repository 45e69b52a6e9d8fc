package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// TestR23ASupplementComesAnyWay: at another office's window, and by post with
// its day of arrival; in time on the last day, whenever it is entered.
func TestR23ASupplementComesAnyWay(t *testing.T) {
	c := newTown(t, tuesday)
	w, p, q := c.crew(t), c.citizen(t), c.citizen(t)
	other := c.clerk(t, otherVillage)
	path, posted := p.tolerated(), q.tolerated()
	send := func(path, channel, on string, who *client) *reply {
		body := map[string]any{"number": c.word(t, "SELECT number FROM cases WHERE id = $1", idOf(path)), "material": permitLease, "channel": channel, "originals": 1}
		if on != "" {
			body["arrived_on"] = on
		}
		return who.post("/api/v1/village/supplements", body)
	}
	send(path, "window", "2026-11-23", other).refused(422, "casework.channel")
	send(path, "post", "2026-11-30", other).refused(422, "casework.arrived_on")
	require.Equal(t, 0.0, send(path, "window", "", other).ok().at("owed"))
	require.Equal(t, "provided", p.get(path).ok().material("", permitLease)["state"], "who reviews it judges it")
	c.at(time.Date(2026, 12, 7, 9, 0, 0, 0, workday.Zone), p, q, other, w.reviewer, w.clerk)
	send(posted, "post", "2026-12-05", other).refused(409, "casework.late")
	send(posted, "post", "2026-12-04", other).ok()
	sweep(t, c, 0)
	require.Equal(t, "post", w.clerk.get(atWindow(posted)+"/supplements").ok().text("items.0.channel"))
	require.Equal(t, "2026-12-04", w.clerk.get(atWindow(posted)+"/supplements").ok().text("items.0.arrived_on"))
}

// TestR21NothingIssuesBeforeTheLastMaterialIsFit tries every route, and the
// database itself.
func TestR21NothingIssuesBeforeTheLastMaterialIsFit(t *testing.T) {
	c := newTown(t, tuesday)
	w, p := c.crew(t), c.citizen(t)
	path := p.tolerated()
	w.take(path)
	p.byCourier(path)
	w.reviewer.post(atWindow(path)+"/decision", map[string]bool{"grant": true}).refused(409, "casework.materials_due")
	for _, to := range []string{"/licence", "/waybill"} {
		require.Equal(t, 409, w.clerk.post(atWindow(path)+to, nil).status)
	}
	_, err := c.opened(t, "mode=rw").Exec("UPDATE cases SET state = 'granted' WHERE id = $1", idOf(path))
	require.Error(t, err, "the table itself refuses it")
	require.Equal(t, "accepted", p.get(path).ok().text("state"))
}

// TestR25ForceMajeureMovesBothTimes: asked for before the deadline with
// evidence, decided once by the head of the office.
func TestR25ForceMajeureMovesBothTimes(t *testing.T) {
	c := newTown(t, tuesday)
	w, p, head := c.crew(t), c.citizen(t), c.head(t)
	path := p.tolerated()
	ask := map[string]string{"from": "2026-11-24", "text": "台风封路", "evidence": "应急管理部门公告"}
	p.post(path+"/force-majeure", map[string]string{"from": "2026-12-24", "text": "台风封路", "evidence": "公告"}).refused(422, "casework.relief_days")
	p.post(path+"/force-majeure", map[string]string{"from": "2026-11-24", "text": "网上赌博输了钱", "evidence": "公告"}).refused(422, "citizen.unfit")
	p.post(path+"/force-majeure", ask).ok()
	p.post(path+"/force-majeure", ask).refused(409, "casework.relief_asked")
	c.at(dayAt(time.December, 7, 9), p, head, w.manager, w.reviewer)
	sweep(t, c, 0) // an open request keeps the case alive
	rule := map[string]any{"grant": true, "to": "2026-11-30", "reason": "证据属实"}
	w.manager.post(atWindow(path)+"/force-majeure", rule).refused(403, "casework.not_supervisor")
	cs := head.post(atWindow(path)+"/force-majeure", rule).ok()
	require.Equal(t, "2026-12-10", cs.text("supplement_due"), "eight working days from Tuesday 1 December on")
	head.post(atWindow(path)+"/force-majeure", rule).refused(404, "casework.no_relief")
	p.upload(path+"/files", permitLease, photo).ok()
}

// TestJointReview: departments in parallel, one decision, and a supervisor
// where they disagree.
func TestJointReview(t *testing.T) {
	c := newTown(t, tuesday)
	w, p, head := c.crew(t), c.citizen(t), c.head(t)
	path := p.tolerated()
	p.upload(path+"/files", permitLease, photo).ok()
	for _, m := range []string{permitForm, permitPhoto, permitLease} {
		w.reviewer.post(atWindow(path)+"/materials/"+m+"/judge", map[string]bool{"fit": true}).ok()
	}
	health, social := c.reviewer(t, townOffice, "WJ"), c.reviewer(t, townOffice, "RS")
	health.get(atWindow(path)).refused(403, "staff.other_office")
	opinions := atWindow(path) + "/opinions"
	w.reviewer.post(opinions, map[string]any{"departments": []string{"GA"}, "days": 3}).refused(422, "casework.departments")
	w.reviewer.post(opinions, map[string]any{"departments": []string{"WJ", "RS"}, "days": 3, "text": "请核实"}).ok()
	w.reviewer.post(opinions, map[string]any{"departments": []string{"WJ"}, "days": 3}).refused(409, "casework.consulted")
	health.get(atWindow(path)).ok()
	require.Len(t, health.get("/api/v1/village/opinions").ok().list("items"), 1)
	grant := func() *reply { return w.reviewer.post(atWindow(path)+"/decision", map[string]bool{"grant": true}) }
	grant().refused(409, "casework.opinions_due")
	health.post(opinions+"/own", map[string]bool{"agree": true}).ok()
	health.post(opinions+"/own", map[string]bool{"agree": true}).refused(404, "casework.no_opinion")
	social.post(opinions+"/own", map[string]bool{"agree": false}).refused(422, "casework.reason")
	social.post(opinions+"/own", map[string]any{"agree": false, "text": "参保信息不符"}).ok()
	grant().refused(409, "casework.disagreement")
	w.manager.post(opinions+"/ruling", map[string]any{"grant": true, "text": "已补正"}).refused(403, "casework.not_supervisor")
	head.post(opinions+"/ruling", map[string]any{"grant": true, "text": "已补正"}).ok()
	grant().ok()
	health.post(atWindow(path)+"/decision", map[string]bool{"grant": true}).refused(403, "staff.other_office")
}

// TestACaseSaysWhoseItIsAndPassesOn: to a colleague, by the holder or the
// manager, and back when somebody leaves.
func TestACaseSaysWhoseItIsAndPassesOn(t *testing.T) {
	c := newTown(t, tuesday)
	w, p, head := c.crew(t), c.citizen(t), c.head(t)
	second := c.reviewer(t, townOffice, "GA")
	path := p.tolerated()
	w.reviewer.post(atWindow(path)+"/take", nil).ok()
	r := second.post(atWindow(path)+"/materials/"+permitPhoto+"/judge", map[string]bool{"fit": true}).refused(409, "casework.other_clerk")
	require.Contains(t, r.text("detail"), w.reviewer.person.Name)
	var to string
	for _, m := range second.get("/api/v1/village/colleagues").ok().list("items") {
		if m["name"] == second.person.Name {
			to = m["id"].(string)
		}
	}
	hand := atWindow(path) + "/hand-over"
	second.post(hand, map[string]string{"to": to, "reason": "我来办"}).refused(403, "casework.not_holder")
	w.reviewer.post(hand, map[string]string{"to": unknownID, "reason": "出差"}).refused(422, "casework.no_colleague")
	w.reviewer.post(hand, map[string]string{"to": to, "reason": "出差"}).ok()
	second.post(atWindow(path)+"/materials/"+permitPhoto+"/judge", map[string]bool{"fit": true}).ok()
	head.post(hand, map[string]string{"reason": "请其他同事办理"}).ok()
	w.reviewer.post(atWindow(path)+"/take", nil).ok()
	require.True(t, strings.Contains(string(head.get(atWindow(path)+"/record").ok().raw), "出差"), "the reason stands in the record")
}

// TestWhatIsOverIsTouchedByNamedRightsOnly: correct and reopen, with a reason.
func TestWhatIsOverIsTouchedByNamedRightsOnly(t *testing.T) {
	c := newTown(t, tuesday)
	w, p, head := c.crew(t), c.citizen(t), c.head(t)
	path := w.refuse(p)
	fix := map[string]string{"text": "不符合居住年限条件", "reason": "笔误"}
	w.reviewer.post(atWindow(path)+"/correction", fix).refused(403, "staff.not_allowed")
	w.manager.post(atWindow(path)+"/correction", fix).refused(403, "casework.not_supervisor")
	require.Equal(t, "不符合居住年限条件", head.post(atWindow(path)+"/correction", fix).ok().text("decision_text"))
	require.Contains(t, string(head.get(atWindow(path)+"/record").ok().raw), "笔误")
	why := map[string]string{"reason": "复议撤销原决定"}
	w.manager.post(atWindow(path)+"/reopening", why).refused(403, "casework.not_supervisor")
	require.Equal(t, "accepted", head.post(atWindow(path)+"/reopening", why).ok().text("state"))
	require.Equal(t, 1, heard(p, "case.reopened"))
	w.grant(p, path)
	w.clerk.post(atWindow(path)+"/licence", nil).ok()
	head.post(atWindow(path)+"/reopening", why).refused(409, "casework.not_now")
}

// TestADecisionAtOnceKeepsItsRuleAndFacts, and a person looks again on request.
func TestADecisionAtOnceKeepsItsRuleAndFacts(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	path := p.open("SB-0005", townOffice)
	item := p.get("/api/v1/items/SB-0005").ok()
	form := map[string]string{}
	for _, f := range item.list("form") {
		if f["required"] == true && p.get(path).at("form."+f["name"].(string)) == nil {
			form[f["name"].(string)] = sampleOf(f)
		}
	}
	p.put(path+"/form", map[string]any{"form": form}).ok()
	r := p.post(path+"/submit", nil).ok()
	require.Contains(t, []string{"granted", "closed"}, r.text("case.state"))
	d := p.get(path + "/instant").ok()
	require.Equal(t, 1.0, d.at("version"))
	require.Equal(t, "shared", d.text("facts.materials"))
	p.post(path+"/review", map[string]string{"text": "涉黄内容"}).refused(422, "citizen.unfit")
	p.post(path+"/review", map[string]string{"text": "参保月份不对"}).ok()
	p.post(path+"/review", map[string]string{"text": "参保月份不对"}).refused(409, "casework.review_asked")
	other := c.citizen(t)
	other.get(path+"/instant").refused(404, "casework.not_found")
	usual := other.tolerated()
	other.get(usual+"/instant").refused(404, "casework.not_instant")
}
