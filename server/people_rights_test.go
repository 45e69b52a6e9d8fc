package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

func TestAPersonReadsEverythingAndCloses(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	me := h.proved(people[0])
	second := h.enter(people[1])
	second.prove(people[0]).ok()
	cs := me.post("/api/v1/cases", map[string]string{"item": permit, "office": string(h.officeOf(place.Village))}).ok().text("id")
	a := me.offer(people[2]).ok()

	data := me.get("/api/v1/me/data").ok()
	for _, mine := range []string{people[0].Name, people[0].IDNumber, people[0].OpenID, people[1].OpenID, cs, a.text("id"), "account.bound"} {
		require.Contains(t, data.raw, mine)
	}
	require.NotContains(t, data.raw, people[2].IDNumber, "others' data are not one's own")

	me.post("/api/v1/me/close", nil).is("dossier.open_case")
	me.get("/api/v1/me").ok() // nothing half done
	require.Len(t, me.get("/api/v1/me/accounts").ok().items(), 2)
	me.post("/api/v1/cases/"+cs+"/withdraw", nil).ok()
	closed := me.post("/api/v1/me/close", nil).ok()
	kept := closed.body["kept"].([]any)
	require.NotEmpty(t, kept)
	for _, k := range kept {
		part := k.(map[string]any)
		require.NotEmpty(t, part["reason"])
		until, err := time.Parse(time.RFC3339, part["until"].(string))
		require.NoError(t, err)
		require.True(t, until.After(h.time.now().AddDate(2, 11, 0)))
	}
	me.get("/api/v1/me").is("session.ended")
	second.get("/api/v1/me").is("session.ended")

	back := h.enter(people[0])
	require.Equal(t, 1., back.get("/api/v1/me").ok().body["level"], "nothing is known of the account")
	back.prove(people[0]).ok()
	require.Len(t, back.get("/api/v1/cases").ok().items(), 1, "what the law keeps is there again for who proves it")
	require.Empty(t, back.get("/api/v1/messages").ok().items())
}

func TestWhoHoldsAPostLeavesItBeforeClosing(t *testing.T) {
	h := newHouse(t)
	p := h.people()[4]
	clerk := h.inPost(p, staff.Member{Role: staff.VillageStaff, Office: h.officeOf(place.Village)})
	clerk.prove(p).ok()
	clerk.post("/api/v1/me/close", nil).is("dossier.holds_post")
	var id staff.ID
	list, err := h.in.gate().Members(t.Context(), "", 10)
	require.NoError(t, err)
	id = list[0].ID
	_, err = h.in.gate().Leave(t.Context(), "", id)
	require.NoError(t, err)
	clerk = h.enter(p)
	clerk.post("/api/v1/me/close", nil).ok()
}

func TestANewNameIsCorrectedByANewProof(t *testing.T) {
	h := newHouse(t)
	p := h.people()[0]
	me := h.proved(p)
	h.in.sandbox.AddPerson(renamed(h, p, "甄新名"))
	me.prove(actor{Name: "甄新名", IDNumber: p.IDNumber}).ok()
	require.Equal(t, "甄**", me.get("/api/v1/me").ok().text("name"))
	require.Contains(t, me.get("/api/v1/me/data").ok().raw, "甄新名")
	require.Contains(t, me.get("/api/v1/messages").ok().raw, "account.renamed")
}

// renamed is a person of the local WeChat under a new name.
func renamed(h *house, p actor, name string) sandbox.Person {
	for _, known := range h.in.sandbox.Persons() {
		if known.OpenID == p.OpenID {
			known.Name = name
			return known
		}
	}
	h.t.Fatal("no such person")
	return sandbox.Person{}
}

// TestTheFileHoldsWhatTheWholeJourneyLeft plays the journey and reads it back.
func TestTheFileHoldsWhatTheWholeJourneyLeft(t *testing.T) {
	h := newHouse(t)
	h.journey()
	p := h.people()[0]
	me := &visitor{h: h, who: p, token: h.token(p.OpenID)}
	data := me.get("/api/v1/me/data").ok()
	for part, least := range map[string]int{
		"accounts": 1, "sessions": 1, "appointments": 1, "cases": 2, "licences": 1, "waybills": 1, "ratings": 1, "messages": 5,
	} {
		require.GreaterOrEqual(t, len(data.body[part].([]any)), least, part)
	}
	for _, mine := range []string{p.Name, p.IDNumber, p.Phone, "样例路1号", "租赁备案.jpg", "容缺受理承诺书", "2座301"} {
		require.Contains(t, data.raw, mine)
	}
	for _, other := range h.people()[1:] {
		require.NotContains(t, data.raw, other.IDNumber)
		require.NotContains(t, data.raw, other.Phone)
	}
}

// TestTheCommandLineEndsAPostBesideARunningService lets an administrator in and
// out by the command line.
func TestTheCommandLineEndsAPostBesideARunningService(t *testing.T) {
	h := newHouse(t)
	command := func(args ...string) string {
		var out, wrong strings.Builder
		status := run(append(args, "--data", h.conf.Data), &out, &wrong)
		require.Zero(t, status, wrong.String())
		return out.String()
	}
	p := h.people()[0]
	code := strings.TrimSpace(command("staff", "invite", "--role", "administrator", "--name", p.Name))
	v := h.enter(p)
	v.post("/api/v1/me/post", map[string]string{"code": code}).ok()
	v.get("/api/v1/admin/members").is("staff.need_code")
	listed := command("staff", "list")
	require.Contains(t, listed, "administrator")
	id, _, _ := strings.Cut(listed, " ")
	require.Contains(t, command("staff", "leave", id), "has left")
	h.time.moveTo(h.time.now().Add(2 * time.Second)) // as another process, it is noticed within two seconds
	v.get("/api/v1/me").is("session.ended")
	require.NotContains(t, command("staff", "list"), id)
	require.Contains(t, command("staff", "list", "--all"), id)
	require.Contains(t, command("roles"), "end-post")

	var out, wrong strings.Builder
	require.NotZero(t, run([]string{"staff", "invite", "--role", "reviewer", "--name", p.Name, "--data", h.conf.Data}, &out, &wrong))
	require.Contains(t, wrong.String(), "department")
	require.NotZero(t, run([]string{"staff", "leave", "nobody", "--data", h.conf.Data}, &out, &wrong))
}
