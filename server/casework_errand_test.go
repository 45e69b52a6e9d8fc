package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// restaurant fills the one form of opening a restaurant and hands in the one
// set of materials.
func (p *client) restaurant() string {
	p.t.Helper()
	face, verify := p.startFace() // the strictest item asks for it
	require.NoError(p.t, p.town.in.sandbox.PassFace(verify))
	p.post(face+"/finish", nil).ok()
	x := p.post("/api/v1/errands", map[string]string{"theme": "ZT-01", "office": townOffice}).ok()
	path := "/api/v1/errands/" + x.text("id")
	form, conditions := map[string]string{}, map[string]bool{}
	for _, f := range x.list("fields") {
		if f["required"] == true && f["from"] == nil {
			form[f["name"].(string)] = sampleOf(f)
		}
	}
	delete(form, "applicant_name")
	delete(form, "applicant_id_number")
	for _, m := range x.list("materials") {
		if m["condition"] != nil {
			conditions[m["material"].(string)] = false
		}
	}
	p.put(path+"/form", map[string]any{"form": form, "conditions": conditions}).ok()
	for _, m := range x.list("materials") {
		if m["asked"] == true && m["condition"] == nil {
			p.upload(path+"/files", m["material"].(string), photo).ok()
		}
	}
	return path
}

// TestAThemeIsOneApplication: one form, one set, several cases in their order;
// what an earlier one brings about fills the later ones.
func TestAThemeIsOneApplication(t *testing.T) {
	c := newTown(t, tuesday)
	p, stranger := c.citizen(t), c.citizen(t)
	path := p.restaurant()
	stranger.get(path).refused(404, "errand.not_found")
	stranger.post(path+"/submit", nil).refused(404, "errand.not_found")
	p.put(path+"/form", map[string]any{"form": map[string]string{"uscc": "91440600MA4UABCDX1"}}).refused(422, "errand.form")
	p.post(path+"/submit", nil).ok()
	p.post(path+"/submit", nil).refused(409, "errand.handed_in")
	c.errands(t)
	x := p.get(path).ok()
	require.Equal(t, "handed_in", x.text("turns.0.state"), "%s", x.raw)
	require.Equal(t, "accepted", x.text("turns.0.case.state"))
	require.Equal(t, "waiting", x.text("turns.1.state"))
	require.Nil(t, x.at("turns.1.case"), "it waits for the licence of the first")

	// Cut off after a case was opened: taken up again, no second case.
	c.force(t, "UPDATE errand_turn SET state = 'waiting', next_at = 1 WHERE place = 0")
	c.errands(t)
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM cases"))

	first := "/api/v1/cases/" + x.text("turns.0.case.id")
	e, err := c.in.shelf.Current(t.Context())
	require.NoError(t, err)
	item, err := e.Catalogue.Item("QY-0001")
	require.NoError(t, err)
	reviewer := c.reviewer(t, townOffice, string(item.Department.Code))
	judgeAll(reviewer, p, first)
	reviewer.post(atWindow(first)+"/decision", map[string]any{"grant": true, "outputs": map[string]string{"uscc": "not a code"}}).refused(422, "casework.output")
	uscc := validCode
	reviewer.post(atWindow(first)+"/decision", map[string]any{"grant": true, "outputs": map[string]string{"uscc": uscc}}).ok()
	c.clock.moveTo(tuesday.Add(2 * time.Minute))
	c.errands(t)
	x = p.get(path).ok()
	for i, turn := range x.list("turns")[1:] {
		require.Contains(t, []string{"handed_in", "needs_you"}, turn["state"], "turn %d: %v", i+1, turn["note"])
		cs := p.get("/api/v1/cases/" + textAt(turn, "case.id")).ok()
		require.Equal(t, uscc, cs.text("form.uscc"), "%s", turn["item"])
		for _, m := range cs.list("materials") {
			if m["material"] == "M-0009" {
				require.Equal(t, "fit", m["state"])
				require.Equal(t, "shared", m["source"])
			}
		}
	}
	require.Equal(t, "accepted", x.text("turns.1.case.state"))
	require.Equal(t, 6, c.count(t, "SELECT count(*) FROM cases"))
}

// validCode has the right check digit.
const validCode = "91440600MA4WXYP125"

// errands lets what waits go on.
func (c *town) errands(t testing.TB) {
	t.Helper()
	_, err := c.in.rooms.errands.Sweep(t.Context())
	require.NoError(t, err)
}

// judgeAll finds every material of a case fit.
func judgeAll(reviewer, p *client, path string) {
	for _, m := range p.get(path).ok().list("materials") {
		if m["applies"] == "yes" && m["state"] == "provided" {
			reviewer.post(atWindow(path)+"/materials/"+m["material"].(string)+"/judge", map[string]bool{"fit": true}).ok()
		}
	}
}

// TestAFailedItemLeavesTheOthersGoing: what needs it is blocked and says so.
func TestAFailedItemLeavesTheOthersGoing(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	path := p.restaurant()
	p.post(path+"/submit", nil).ok()
	c.errands(t)
	p.post("/api/v1/cases/"+p.get(path).ok().text("turns.0.case.id")+"/withdraw", nil).ok()
	c.clock.moveTo(tuesday.Add(2 * time.Minute))
	c.errands(t)
	for _, turn := range p.get(path).ok().list("turns")[1:] {
		require.Equal(t, "blocked", turn["state"])
		require.True(t, isChinese(turn["note"].(string)))
	}
	require.Len(t, p.get("/api/v1/errands").ok().list("items"), 1)
}
