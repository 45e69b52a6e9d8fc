package main

import (
	"crypto/rand"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

// lets offers agent an agency of an item, for a month, and lets them accept it.
func (p *client) lets(agent *client, item string) (agency, principal string) {
	p.t.Helper()
	r := p.post("/api/v1/agencies", map[string]any{
		"name": agent.person.Name, "number": agent.person.IDNumber, "relation": "child", "items": []string{item},
		"until": p.town.clock.now().AddDate(0, 1, 0).Format(time.DateOnly),
	}).ok()
	agent.post("/api/v1/agencies/"+r.text("id")+"/accept", nil).ok()
	return "/api/v1/agencies/" + r.text("id"), r.text("principal")
}

// bookFor takes the first free slot for a principal.
func (p *client) bookFor(principal, item string) string {
	p.t.Helper()
	for _, starts := range p.freeSlots(item) {
		r := p.post("/api/v1/holds", map[string]any{"office": villageOffice, "item": item, "starts_at": starts, "on_behalf_of": principal})
		if r.status == http.StatusOK {
			return "/api/v1/appointments/" + p.post("/api/v1/appointments", map[string]string{"hold": r.text("id")}).ok().text("id")
		}
	}
	require.Fail(p.t, "no slot to hold")
	return ""
}

// TestAnAgentGoesTheWholeWayForAPrincipal: visit, case, delivery, licence,
// parcel, rating; the principal hears of it, a stranger sees nothing, and all
// of it ends with the authority.
func TestAnAgentGoesTheWholeWayForAPrincipal(t *testing.T) {
	c := newTown(t, tuesday)
	w := c.crew(t)
	principal, agent, stranger := c.citizen(t), c.citizen(t), c.citizen(t)
	agency, me := principal.lets(agent, permitItem)
	require.Equal(t, "child", agent.get("/api/v1/agencies?side=agent").ok().text("items.0.relation"))

	slot := map[string]any{"office": villageOffice, "item": permitItem, "starts_at": agent.freeSlots(permitItem)[0], "on_behalf_of": me}
	stranger.post("/api/v1/holds", slot).refused(403, "citizen.not_agent")
	slot["item"] = visitItem
	agent.post("/api/v1/holds", slot).refused(403, "citizen.not_agent") // not that item
	visit := agent.bookFor(me, permitItem)
	principal.get(visit).ok()
	agent.get(visit).ok()
	stranger.get(visit).refused(404, "appointment.not_found")
	require.Len(t, agent.get("/api/v1/appointments?on_behalf_of="+me).ok().list("items"), 1)
	require.Empty(t, agent.get("/api/v1/appointments").ok().list("items"), "it is the principal's visit")
	require.Empty(t, stranger.get("/api/v1/appointments?on_behalf_of="+me).ok().list("items"))
	require.Contains(t, string(principal.get("/api/v1/messages").ok().raw), "appointment.booked")
	require.Contains(t, string(agent.get("/api/v1/messages").ok().raw), "appointment.booked")

	path := "/api/v1/cases/" + agent.post("/api/v1/cases", map[string]string{
		"item": permitItem, "office": villageOffice, "on_behalf_of": me, "appointment": idOf(visit)}).ok().text("id")
	filled := maps.Clone(permitFilled)
	filled["form"] = map[string]string{
		"residence_address": "佛山市禅城区样例路1号", "permit_basis": "合法稳定住所", "applicant_phone": principal.person.Phone}
	agent.put(path+"/form", filled).ok()
	agent.upload(path+"/files", permitPhoto, photo).ok()
	agent.promise(path)
	agent.post(path+"/submit", nil).ok()
	agent.byCourier(path)
	principal.get(path + "/delivery").ok()
	require.Contains(t, string(principal.get("/api/v1/messages").ok().raw), "delivery.by_another")
	w.grant(agent, path)
	licence, waybill := w.send(path)
	w.clerk.post(atWindowOf(waybill)+"/hand-over", nil).ok()
	w.courier.post(waybill+"/pick-up", nil).ok()
	require.Equal(t, principal.get(path+"/waybill").ok().text("code"), agent.get(path+"/waybill").ok().text("code"))
	require.Len(t, agent.get("/api/v1/licences?on_behalf_of="+me).ok().list("items"), 1)
	require.Empty(t, agent.get("/api/v1/licences").ok().list("items"))
	agent.get(licence).ok()
	for _, hidden := range []string{licence, path, path + "/delivery", path + "/waybill", licence + "/proof"} {
		require.Equal(t, 404, stranger.get(hidden).status, hidden)
	}
	stranger.post(path+"/rating", map[string]any{"grade": 1}).refused(404, "casework.not_found")
	agent.post(path+"/rating", map[string]any{"grade": 5}).ok()
	principal.post(path+"/rating", map[string]any{"grade": 1}).refused(409, "rating.rated")
	require.NotEmpty(t, c.word(t, "SELECT rated_by FROM rating"), "who said it stands there")

	principal.delete(agency).ok()
	for _, over := range []string{visit, licence, path, path + "/delivery", path + "/waybill"} {
		r := agent.get(over)
		requireProblem(t, r)
		require.Contains(t, []int{403, 404}, r.status, over)
	}
	agent.post(visit+"/cancel", nil).refused(404, "appointment.not_found")
	require.Empty(t, agent.get("/api/v1/appointments?on_behalf_of="+me).ok().list("items"))
	require.Empty(t, agent.get("/api/v1/licences?on_behalf_of="+me).ok().list("items"))
}

// atWindowOf is where staff see a parcel.
func atWindowOf(waybill string) string { return "/api/v1/village/waybills/" + idOf(waybill) }

// arrangement is what two people bring to the window.
func (c *town) arrangement(principal, agent sandbox.Person) map[string]string {
	return map[string]string{
		"kind": "granted", "relation": "child", "principal_name": principal.Name, "principal_number": principal.IDNumber,
		"agent_name": agent.Name, "agent_number": agent.IDNumber, "items": permitItem,
		"until": c.clock.now().AddDate(1, 0, 0).Format(time.DateOnly),
	}
}

// arrange posts an arrangement with a photo of the paper.
func (p *client) arrange(fields map[string]string, paper []byte) *reply {
	p.t.Helper()
	body, media := formOf(fields, "委托书.jpg", paper)
	return p.send(request{method: http.MethodPost, path: "/api/v1/village/agencies", key: rand.Text(), body: body, media: media})
}

// TestWhoHasNoWeChatIsActedForOnPaper: the window sees both and the mandate;
// the agent then sees what the window opened for the person as well.
func TestWhoHasNoWeChatIsActedForOnPaper(t *testing.T) {
	c := sharedTown(t)
	clerk, agent, stranger := c.clerk(t, villageOffice), c.citizen(t), c.citizen(t)
	old := c.newcomer()
	fields := c.arrangement(old, agent.person)
	shown := map[string]string{"name": old.Name, "number": old.IDNumber, "purpose": "本人到窗口"}

	for name, wrong := range map[string]map[string]string{
		"citizen.no_match":          {"principal_name": "查无此"},
		"citizen.agency_self":       {"agent_name": old.Name, "agent_number": old.IDNumber},
		"citizen.agency_time":       {"until": "2026-01-01"},
		"catalog.no_item":           {"items": "XX-0000"},
		"citizen.id_number_invalid": {"agent_number": "440604199001011111"},
		"request.invalid":           {"kind": "owner"},
	} {
		bad := maps.Clone(fields)
		maps.Copy(bad, wrong)
		r := clerk.arrange(bad, photo)
		requireProblem(t, r)
		require.Equal(t, name, r.text("code"))
	}
	clerk.arrange(fields, []byte("no picture")).refused(422, "scan.media")
	agent.arrange(fields, photo).refused(403, "staff.not_allowed")

	a := clerk.arrange(fields, photo).ok()
	require.Equal(t, "active", a.text("state"))
	require.Equal(t, true, a.at("at_window"))
	require.NotContains(t, string(a.raw), old.IDNumber)
	agency := "/api/v1/agencies/" + a.text("id")
	require.Equal(t, http.StatusOK, agent.get(agency+"/proof").status)
	stranger.get(agency+"/proof").refused(404, "citizen.no_agency")
	require.Contains(t, string(agent.get("/api/v1/messages").ok().raw), "agency.arranged")
	looks := agent.get("/api/v1/me/looks").ok().list("items")
	require.Equal(t, "agency", looks[0]["what"], "that the window saw one's number stands in the record")

	shown["item"] = permitItem
	path := "/api/v1/cases/" + clerk.post("/api/v1/village/cases", shown).ok().text("id")
	delete(shown, "item")
	agent.get(path).ok()
	stranger.get(path).refused(404, "casework.not_found")
	require.Len(t, agent.get("/api/v1/cases?on_behalf_of="+a.text("principal")).ok().list("items"), 1)
	clerk.put(atWindow(path)+"/delivery", map[string]string{"way": "window"}).ok()
	c.clerk(t, otherVillage).put(atWindow(path)+"/delivery", map[string]string{"way": "window"}).refused(403, "staff.other_office")
	require.Equal(t, "window", agent.get(path+"/delivery").ok().text("way"))

	require.Len(t, clerk.post("/api/v1/village/agencies/find", shown).ok().list("items"), 1)
	end := "/api/v1/village/agencies/" + a.text("id") + "/end"
	stranger.post(end, shown).refused(403, "staff.not_allowed")
	clerk.post(end, map[string]string{"name": stranger.person.Name, "number": stranger.person.IDNumber, "purpose": "终止代办"}).refused(404, "citizen.no_agency")
	clerk.post(end, shown).ok()
	agent.get(path).refused(404, "casework.not_found")
	clerk.post(end, shown).refused(409, "citizen.agency_over")
}
