package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/server/outbound"
)

// offer lets v be acted for by agent.
func (v *visitor) offer(agent actor, items ...string) told {
	body := map[string]any{"name": agent.Name, "number": agent.IDNumber, "until": v.h.time.now().AddDate(0, 1, 0).Format(time.DateOnly)}
	if items != nil {
		body["items"] = items
	}
	return v.post("/api/v1/agencies", body)
}

func TestAnAgentActsForAPersonUntilItIsTakenBack(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	principal, agent, stranger := h.proved(people[3]), h.proved(people[2]), h.proved(people[0])
	principal.offer(people[3]).is("citizen.agency_self")
	principal.offer(actor{Name: "查无此", IDNumber: people[2].IDNumber}).is("citizen.no_match")
	principal.offer(people[2], "XX-9999").is("catalog.no_item")
	offered := principal.offer(people[2], permit).ok()
	id := offered.text("id")
	me := offered.text("principal")
	open := map[string]string{"item": permit, "office": string(h.officeOf(place.Village)), "on_behalf_of": me}

	agent.post("/api/v1/cases", open).is("citizen.not_agent") // not accepted yet
	stranger.post("/api/v1/agencies/"+id+"/accept", nil).is("citizen.no_agency")
	principal.post("/api/v1/agencies/"+id+"/accept", nil).is("citizen.no_agency")
	require.Contains(t, agent.get("/api/v1/messages").ok().raw, "agency.offered")
	held := agent.get("/api/v1/agencies?side=agent").ok().items()
	require.Len(t, held, 1)
	require.Equal(t, "常**", held[0]["principal_name"])
	agent.post("/api/v1/agencies/"+id+"/accept", nil).ok()
	agent.post("/api/v1/agencies/"+id+"/accept", nil).is("citizen.agency_over")

	cs := agent.post("/api/v1/cases", open).ok()
	form := cs.body["form"].(map[string]any)
	require.Equal(t, people[3].Name, form["applicant_name"], "the principal's, not the agent's")
	require.Equal(t, people[3].IDNumber, form["applicant_id_number"])
	at := "/api/v1/cases/" + cs.text("id")
	agent.put(at+"/form", map[string]any{"form": map[string]string{"residence_address": "佛山市禅城区样例路1号"}}).ok()
	agent.get(at).ok()
	principal.get(at).ok()
	stranger.get(at).is("casework.not_found")
	stranger.post("/api/v1/cases", open).is("citizen.not_agent")
	require.Len(t, agent.get("/api/v1/cases?on_behalf_of="+me).ok().items(), 1)
	require.Empty(t, agent.get("/api/v1/cases").ok().items(), "it is not the agent's own")
	require.Empty(t, stranger.get("/api/v1/cases?on_behalf_of="+me).ok().items())
	require.Contains(t, principal.get("/api/v1/messages").ok().raw, "case.opened_for_you")
	events := h.events(cs.text("id"))
	require.True(t, strings.HasPrefix(events[0], "open by agent:"), events)
	require.True(t, strings.HasPrefix(events[1], "fill by agent:"), events)
	open["item"] = "SZ-0005"
	agent.post("/api/v1/cases", open).is("citizen.not_agent") // only the named item

	stranger.del("/api/v1/agencies/" + id).is("citizen.no_agency")
	principal.del("/api/v1/agencies/" + id).ok()
	agent.get(at).is("citizen.not_agent")
	agent.put(at+"/form", map[string]any{"form": map[string]string{}}).is("citizen.not_agent")
	agent.post(at+"/withdraw", nil).is("citizen.not_agent")
	require.Empty(t, agent.get("/api/v1/cases?on_behalf_of="+me).ok().items())
	principal.post(at+"/withdraw", nil).ok()
	require.Equal(t, "withdraw by applicant", h.events(cs.text("id"))[2])
	agent.del("/api/v1/agencies/" + id).is("citizen.agency_over")
}

func TestAnAgencyEndsWithItsTime(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	principal, agent := h.proved(people[3]), h.proved(people[2])
	for _, until := range []time.Time{h.time.now().AddDate(0, 0, -1), h.time.now().AddDate(4, 0, 0)} {
		principal.post("/api/v1/agencies", map[string]any{
			"name": people[2].Name, "number": people[2].IDNumber, "until": until.Format(time.DateOnly),
		}).is("citizen.agency_time")
	}
	a := principal.offer(people[2]).ok()
	late := principal.offer(people[2]).ok()
	agent.post("/api/v1/agencies/"+a.text("id")+"/accept", nil).ok()
	open := map[string]string{"item": permit, "office": string(h.officeOf(place.Village)), "on_behalf_of": a.text("principal")}
	cs := agent.post("/api/v1/cases", open).ok().text("id")

	h.time.moveTo(h.time.now().AddDate(0, 1, 2))
	agent = h.enter(people[2])
	agent.get("/api/v1/cases/" + cs).is("citizen.not_agent")
	agent.post("/api/v1/cases", open).is("citizen.not_agent")
	agent.post("/api/v1/agencies/"+late.text("id")+"/accept", nil).is("citizen.agency_over")
}

func TestAGuardianActsForAChildAndNobodyElse(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	child := addChild(h)
	guardian, stranger := h.proved(people[2]), h.proved(people[0])
	stranger.post("/api/v1/agencies/children", child).is("citizen.not_guardian")
	guardian.post("/api/v1/agencies/children", map[string]string{"name": people[0].Name, "number": people[0].IDNumber}).is("citizen.grown_up")
	guardian.post("/api/v1/agencies/children", map[string]string{"name": "范大苗", "number": child["number"]}).is("citizen.no_match")
	a := guardian.post("/api/v1/agencies/children", child).ok()
	require.Equal(t, "guardian", a.text("kind"))
	require.Equal(t, "2040-03-15T00:00:00+08:00", a.text("ends_at"), "18 years after 2022-03-15")
	require.Equal(t, a.text("id"), guardian.post("/api/v1/agencies/children", child).ok().text("id"), "twice is the same")
	open := map[string]string{"item": permit, "office": string(h.officeOf(place.Village)), "on_behalf_of": a.text("principal")}
	require.Equal(t, outbound.SampleChildName, guardian.post("/api/v1/cases", open).ok().body["form"].(map[string]any)["applicant_name"])
	stranger.post("/api/v1/cases", open).is("citizen.not_agent")
}

// addChild lets the sample child into the population register.
func addChild(h *house) map[string]string {
	h.in.sandbox.AddPerson(sandboxPerson(outbound.SampleChildName, outbound.SampleChild))
	return map[string]string{"name": outbound.SampleChildName, "number": outbound.SampleChild}
}

func TestALegalRepresentativeActsForTheOrganisation(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	boss, stranger, agent := h.proved(people[1]), h.proved(people[0]), h.proved(people[2])
	claim := map[string]string{"name": outbound.SampleOrgName, "code": outbound.SampleOrgCode}
	stranger.post("/api/v1/legal-persons", claim).is("citizen.not_representative")
	boss.post("/api/v1/legal-persons", map[string]string{"name": "佛山市另一有限公司", "code": outbound.SampleOrgCode}).is("citizen.not_representative")
	boss.post("/api/v1/legal-persons", map[string]string{"name": outbound.SampleOrgName, "code": "91440604MA4U0DEM0D"}).is("citizen.credit_code_invalid")
	org := boss.post("/api/v1/legal-persons", claim).ok().text("id")
	require.Equal(t, org, boss.post("/api/v1/legal-persons", claim).ok().text("id"), "one person for one code")
	require.Len(t, boss.get("/api/v1/legal-persons").ok().items(), 1)
	require.Empty(t, stranger.get("/api/v1/legal-persons").ok().items())

	company, office := "QY-0005", string(h.officeOf(place.District))
	open := map[string]string{"item": company, "office": office, "on_behalf_of": org}
	stranger.post("/api/v1/cases", open).is("citizen.not_agent")
	boss.post("/api/v1/cases", map[string]string{"item": company, "office": office}).is("casework.wrong_subject")
	boss.post("/api/v1/cases", map[string]string{"item": permit, "office": string(h.officeOf(place.Village)), "on_behalf_of": org}).is("casework.wrong_subject")
	cs := boss.post("/api/v1/cases", open).ok().text("id")

	stranger.post("/api/v1/agencies", map[string]any{
		"principal": org, "name": people[2].Name, "number": people[2].IDNumber, "until": h.time.now().AddDate(0, 1, 0).Format(time.DateOnly),
	}).is("citizen.not_for_org")
	a := boss.post("/api/v1/agencies", map[string]any{
		"principal": org, "name": people[2].Name, "number": people[2].IDNumber, "until": h.time.now().AddDate(0, 1, 0).Format(time.DateOnly),
	}).ok()
	agent.post("/api/v1/agencies/"+a.text("id")+"/accept", nil).ok()
	theirs := agent.post("/api/v1/cases", open).ok().text("id")
	agent.get("/api/v1/cases/" + cs).is("casework.not_found") // not what the agent opened
	boss.get("/api/v1/cases/" + theirs).ok()
	require.Len(t, boss.get("/api/v1/cases?on_behalf_of="+org).ok().items(), 2)
	boss.del("/api/v1/agencies/" + a.text("id")).ok()
	agent.get("/api/v1/cases/" + theirs).is("citizen.not_agent")
}

// TestNobodyTouchesAnOrganisationsCase tries every operation on one case, as
// somebody else, as one's own and in the organisation's name.
func TestNobodyTouchesAnOrganisationsCase(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	boss, stranger := h.proved(people[1]), h.proved(people[0])
	org := boss.post("/api/v1/legal-persons", map[string]string{"name": outbound.SampleOrgName, "code": outbound.SampleOrgCode}).ok().text("id")
	open := map[string]string{"item": "QY-0005", "office": string(h.officeOf(place.District)), "on_behalf_of": org}
	cs := boss.post("/api/v1/cases", open).ok().text("id")
	before := h.events(cs)
	tried := 0
	for path, methods := range stranger.get("/openapi.json").ok().body["paths"].(map[string]any) {
		if !strings.HasPrefix(path, "/api/v1/cases/{id}") {
			continue
		}
		at := strings.NewReplacer("{id}", cs, "{file}", cs, "{material}", "M-0001").Replace(path)
		for method := range methods.(map[string]any) {
			for _, whose := range []string{"", "?on_behalf_of=" + org} {
				r := stranger.do(strings.ToUpper(method), at+whose, map[string]any{"on_behalf_of": org})
				require.Contains(t, []int{403, 404, 415, 422}, r.status, "%s %s: %s", method, at, r.raw)
				require.NotContains(t, r.raw, outbound.SampleOrgName)
				tried++
			}
		}
	}
	require.Greater(t, tried, 20)
	require.Equal(t, before, h.events(cs))
	boss.get("/api/v1/cases/" + cs).ok()
}

func TestAPersonWithoutWeChatIsServedAtTheWindow(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	office := h.officeOf(place.Village)
	clerk := h.inPost(people[4], staff.Member{Role: staff.VillageStaff, Office: office})
	colleague := h.inPost(people[5], staff.Member{Role: staff.VillageStaff, Office: office})
	old := people[3]
	shown := map[string]string{"name": old.Name, "number": old.IDNumber, "purpose": "本人到窗口申领居住证"}
	h.enter(people[0]).post("/api/v1/village/persons", shown).is("staff.not_allowed")
	clerk.post("/api/v1/village/persons", map[string]string{"name": "常演错", "number": old.IDNumber, "purpose": "窗口办事"}).is("citizen.no_match")
	seen := clerk.post("/api/v1/village/persons", shown).ok()
	require.Equal(t, "常**", seen.text("name"))
	require.NotContains(t, seen.raw, old.IDNumber)

	shown["item"] = permit
	cs := clerk.post("/api/v1/village/cases", shown).ok()
	require.NotContains(t, cs.raw, old.IDNumber, "masked")
	at := "/api/v1/village/cases/" + cs.text("id")
	fill := map[string]any{"form": map[string]string{"residence_address": "佛山市禅城区样例路1号"}}
	colleague.put(at+"/form", fill).is("casework.other_clerk")
	clerk.put(at+"/form", fill).ok()
	events := h.events(cs.text("id"))
	require.Len(t, events, 2)
	for _, e := range events {
		require.NotContains(t, e, "applicant", "the clerk's own name stands there")
	}

	later := h.proved(old) // the same person gets WeChat
	list := later.get("/api/v1/cases").ok().items()
	require.Len(t, list, 1)
	require.Equal(t, cs.text("id"), list[0]["id"])
	require.Contains(t, later.get("/api/v1/messages").ok().raw, "case.opened_for_you")
	looks := later.get("/api/v1/me/looks").ok().items()
	require.Len(t, looks, 2)
	require.Equal(t, "本人到窗口申领居住证", looks[0]["purpose"])
	require.Equal(t, "village_staff", looks[0]["role"])
	require.Equal(t, string(office), looks[0]["office"])
}

func sandboxPerson(name, number string) sandbox.Person {
	return sandbox.Person{Name: name, IDNumber: number}
}
