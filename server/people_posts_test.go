package main

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// code is what the authenticator shows.
func (h *house) code(secret string) string {
	code, err := totp.GenerateCode(secret, h.time.now())
	require.NoError(h.t, err)
	return code
}

func TestAnAdministratorActsOnlyWithACode(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	admin := h.inPost(people[0], staff.Member{Role: staff.Administrator})
	require.Equal(t, true, admin.get("/api/v1/me").ok().body["post"].(map[string]any)["code_due"])
	admin.get("/api/v1/admin/members").is("staff.need_code")
	admin.post("/api/v1/me/post/code", map[string]string{"code": "123456"}).is("staff.not_enrolled")
	secret := admin.post("/api/v1/me/post/authenticator", nil).ok().text("secret")
	admin.post("/api/v1/me/post/code", map[string]string{"code": "12345"}).is("request.invalid")
	code := h.code(secret)
	admin.post("/api/v1/me/post/code", map[string]string{"code": code}).ok()
	admin.get("/api/v1/admin/members").ok()
	admin.post("/api/v1/me/post/authenticator", nil).is("staff.enrolled")

	again := h.enter(people[0]) // each session for itself
	again.get("/api/v1/admin/members").is("staff.need_code")
	again.post("/api/v1/me/post/code", map[string]string{"code": code}).is("staff.code_used")
	h.time.moveTo(h.time.now().Add(31 * time.Second))
	again.post("/api/v1/me/post/code", map[string]string{"code": h.code(secret)}).ok()
	again.get("/api/v1/admin/members").ok()

	h.time.moveTo(h.time.now().Add(12*time.Hour + time.Minute))
	again.get("/api/v1/admin/members").is("staff.need_code") // a shift is over

	citizen := h.proved(people[1])
	citizen.post("/api/v1/me/post/authenticator", nil).is("staff.no_post")
	citizen.post("/api/v1/me/post/code", map[string]string{"code": "123456"}).is("staff.no_post")
	citizen.get("/api/v1/admin/members").is("staff.not_allowed")
	(&visitor{h: h}).get("/api/v1/admin/members").is("session.missing")
}

func TestGuessedCodesLockWithBackoff(t *testing.T) {
	h := newHouse(t)
	admin := h.inPost(h.people()[0], staff.Member{Role: staff.Auditor})
	secret := admin.post("/api/v1/me/post/authenticator", nil).ok().text("secret")
	right := h.code(secret)
	wrong := map[string]string{"code": strings.Map(func(r rune) rune { return '0' + (r-'0'+1)%10 }, right)}
	for range 5 {
		admin.post("/api/v1/me/post/code", wrong).is("staff.wrong_code")
	}
	locked := admin.post("/api/v1/me/post/code", map[string]string{"code": h.code(secret)}).is("staff.code_locked")
	require.InDelta(t, 60, locked.body["retry_after"], 5)
	h.time.moveTo(h.time.now().Add(61 * time.Second))
	admin.post("/api/v1/me/post/code", wrong).is("staff.wrong_code")
	locked = admin.post("/api/v1/me/post/code", wrong).is("staff.code_locked")
	require.InDelta(t, 120, locked.body["retry_after"], 5, "twice as long")
	h.time.moveTo(h.time.now().Add(121 * time.Second))
	admin.post("/api/v1/me/post/code", map[string]string{"code": h.code(secret)}).ok()
	admin.get("/api/v1/admin/members").ok()
	admin.post("/api/v1/admin/invitations", map[string]any{"role": "courier", "name": "冯快递", "company": "样例快递"}).is("staff.not_allowed")
}

// administrator is somebody who has shown a code.
func (h *house) administrator(p actor) *visitor {
	v := h.inPost(p, staff.Member{Role: staff.Administrator})
	secret := v.post("/api/v1/me/post/authenticator", nil).ok().text("secret")
	v.post("/api/v1/me/post/code", map[string]string{"code": h.code(secret)}).ok()
	return v
}

func TestAPostIsInvitedTakenUpOnceAndLeft(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	admin := h.administrator(people[0])
	office := string(h.officeOf(place.Village))
	for _, bad := range []map[string]any{
		{"role": "courier", "name": "冯快递"},
		{"role": "courier", "name": "冯快递", "company": "样例快递", "office": office},
		{"role": "village_staff", "name": "尹虚构"},
		{"role": "village_staff", "name": "尹虚构", "office": "NOWHERE"},
		{"role": "reviewer", "name": "齐审核", "office": office},
		{"role": "reviewer", "name": "齐审核", "office": office, "department": "??"},
	} {
		require.NotEmpty(t, admin.post("/api/v1/admin/invitations", bad).is("staff.bad_invitation").body["fields"])
	}
	admin.post("/api/v1/admin/invitations", map[string]any{"role": "king", "name": "尹虚构"}).is("request.invalid")

	clerkPost := map[string]any{"role": "village_staff", "name": "尹虚构", "office": office, "hours": 1}
	code := admin.post("/api/v1/admin/invitations", clerkPost).ok().text("code")
	late := admin.post("/api/v1/admin/invitations", clerkPost).ok().text("code")
	clerk, other := h.enter(people[4]), h.enter(people[5])
	clerk.post("/api/v1/me/post", map[string]string{"code": code}).ok()
	other.post("/api/v1/me/post", map[string]string{"code": code}).is("staff.no_invitation")
	clerk.get("/api/v1/village/cases").ok()
	h.time.moveTo(h.time.now().Add(61 * time.Minute))
	other.post("/api/v1/me/post", map[string]string{"code": late}).is("staff.no_invitation")

	var id string
	for _, m := range admin.get("/api/v1/admin/members").ok().items() {
		if m["role"] == "village_staff" {
			id = m["id"].(string)
		}
	}
	clerk.post("/api/v1/admin/members/"+id+"/leave", nil).is("staff.not_allowed")
	clerk.get("/api/v1/village/cases").ok()
	admin.post("/api/v1/admin/members/"+id+"/leave", nil).ok()
	clerk.get("/api/v1/village/cases").is("session.ended")
	admin.post("/api/v1/admin/members/"+id+"/leave", nil).is("staff.no_member")

	clerk = h.enter(people[4])
	clerk.get("/api/v1/village/cases").is("staff.not_allowed")
	code = admin.post("/api/v1/admin/invitations", clerkPost).ok().text("code")
	clerk.post("/api/v1/me/post", map[string]string{"code": code}).ok() // back in office
	clerk.get("/api/v1/village/cases").ok()
}

func TestOfManyWhoTakeUpOneInvitationOneDoes(t *testing.T) {
	h := newHouse(t)
	code, err := h.in.gate().Invite(t.Context(), staff.Member{Role: staff.Courier, Name: mustName(t, "冯快递"), Company: "样例快递"}, time.Hour)
	require.NoError(t, err)
	var group sync.WaitGroup
	got := make([]string, 8)
	for i, p := range h.people()[:8] {
		v := h.enter(p)
		group.Go(func() {
			a := v.post("/api/v1/me/post", map[string]string{"code": code})
			got[i] = a.text("code") + a.text("role")
		})
	}
	group.Wait()
	count := map[string]int{}
	for _, g := range got {
		count[g]++
	}
	require.Equal(t, map[string]int{"courier": 1, "staff.no_invitation": 7}, count)
}
