package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/server/outbound"
)

// visitor is somebody with a phone in the mini-program.
type visitor struct {
	h     *house
	who   actor
	token string
}

// told is a decoded answer.
type told struct {
	h      *house
	status int
	raw    string
	body   map[string]any
}

func (v *visitor) do(method, path string, body any) told {
	v.h.t.Helper()
	status, raw := v.h.ask(method, path, v.token, body)
	a := told{h: v.h, status: status, raw: raw}
	_ = json.Unmarshal([]byte(raw), &a.body)
	return a
}

func (v *visitor) get(path string) told { v.h.t.Helper(); return v.do(http.MethodGet, path, nil) }
func (v *visitor) post(path string, body any) told {
	v.h.t.Helper()
	return v.do(http.MethodPost, path, body)
}
func (v *visitor) put(path string, body any) told {
	v.h.t.Helper()
	return v.do(http.MethodPut, path, body)
}
func (v *visitor) del(path string) told { v.h.t.Helper(); return v.do(http.MethodDelete, path, nil) }

// ok wants 200.
func (a told) ok() told {
	a.h.t.Helper()
	require.Equal(a.h.t, http.StatusOK, a.status, a.raw)
	return a
}

// is wants a problem with a code.
func (a told) is(code string) told {
	a.h.t.Helper()
	require.Equal(a.h.t, code, a.body["code"], a.raw)
	require.NotEqual(a.h.t, http.StatusOK, a.status)
	return a
}

func (a told) text(name string) string { s, _ := a.body[name].(string); return s }

func (a told) items() (list []map[string]any) {
	in, _ := a.body["items"].([]any)
	for _, v := range in {
		list = append(list, v.(map[string]any))
	}
	return list
}

// enter logs somebody in by WeChat.
func (h *house) enter(p actor) *visitor {
	h.t.Helper()
	content, err := json.Marshal(map[string]string{"openid": p.OpenID})
	require.NoError(h.t, err)
	resp, err := http.Post(h.play.URL+"/sandbox/login-code", "application/json", bytes.NewReader(content))
	require.NoError(h.t, err)
	defer resp.Body.Close()
	var code struct{ Code string }
	require.NoError(h.t, json.NewDecoder(resp.Body).Decode(&code))
	v := &visitor{h: h, who: p}
	v.token = v.post("/api/v1/sessions", map[string]string{"code": code.Code}).ok().text("token")
	return v
}

// proved logs somebody in and proves who they are.
func (h *house) proved(p actor) *visitor {
	h.t.Helper()
	v := h.enter(p)
	v.prove(p).ok()
	return v
}

func (v *visitor) prove(p actor) told {
	v.h.t.Helper()
	return v.post("/api/v1/me/real-name", map[string]string{"name": p.Name, "number": p.IDNumber})
}

// inPost logs somebody in and gives them a post.
func (h *house) inPost(p actor, post staff.Member) *visitor {
	h.t.Helper()
	v := h.enter(p)
	post.Name = mustName(h.t, p.Name)
	code, err := h.in.gate().Invite(h.t.Context(), post, time.Hour)
	require.NoError(h.t, err)
	v.post("/api/v1/me/post", map[string]string{"code": code}).ok()
	return v
}

func mustName(t *testing.T, text string) citizen.Name {
	name, err := citizen.ParseName(text)
	require.NoError(t, err)
	return name
}

// officeOf finds an office of a level.
func (h *house) officeOf(level place.Level) place.OfficeCode {
	e, err := h.in.shelf.Current(h.t.Context())
	require.NoError(h.t, err)
	for _, o := range e.Places.Offices() {
		if o.Level == level {
			return o.Code
		}
	}
	h.t.Fatal("no such office")
	return ""
}

// permit is an item that villages accept from natural persons.
const permit = "SZ-0004"

func (h *house) events(id string) (list []string) {
	events, err := h.in.db.Events(h.t.Context(), caseID(id))
	require.NoError(h.t, err)
	for _, e := range events {
		list = append(list, string(e.Act)+" by "+e.Actor)
	}
	return list
}

func TestSignInsAreSeenAndEnded(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	phone, tablet := h.proved(people[0]), h.enter(people[0])
	stranger := h.proved(people[1])

	list := tablet.get("/api/v1/sessions").ok().items()
	require.Len(t, list, 2, "only one's own")
	require.Equal(t, true, list[0]["current"], "newest first")
	require.NotEmpty(t, list[0]["device"])
	other := list[1]["id"].(string)

	stranger.del("/api/v1/sessions/" + other).is("citizen.no_such_session")
	phone.get("/api/v1/me").ok()
	tablet.del("/api/v1/sessions/" + other).ok()
	phone.get("/api/v1/me").is("session.ended")
	tablet.del("/api/v1/sessions/" + other).is("citizen.no_such_session")

	phone = h.enter(people[0])
	phone.del("/api/v1/sessions").ok()
	tablet.get("/api/v1/me").is("session.ended")
	phone.get("/api/v1/me").ok()
	phone.del("/api/v1/sessions/current").ok()
	phone.get("/api/v1/me").is("session.ended")
	stranger.get("/api/v1/me").ok()
}

func TestASignInEndsUnusedAndEndsAtLast(t *testing.T) {
	h := newHouse(t)
	used, unused := h.proved(h.people()[0]), h.proved(h.people()[1])
	for range 4 {
		h.time.moveTo(h.time.now().Add(6 * 24 * time.Hour))
		used.get("/api/v1/me").ok()
	}
	unused.get("/api/v1/me").is("session.ended")
	h.time.moveTo(h.time.now().Add(6*24*time.Hour + time.Minute))
	used.get("/api/v1/me").is("session.ended") // 30 days, however busy
}

func TestAnAccountIsUnboundAndTheOthersAreTold(t *testing.T) {
	h := newHouse(t)
	people := h.people()
	first := h.proved(people[0])
	second := h.enter(people[1]) // another WeChat of the same person
	second.prove(people[0]).ok()
	require.Contains(t, first.get("/api/v1/messages").ok().raw, "account.bound")
	second.prove(people[1]).is("citizen.other_person")

	list := first.get("/api/v1/me/accounts").ok().items()
	require.Len(t, list, 2)
	mine, theirs := list[0]["id"].(string), list[1]["id"].(string)
	require.Equal(t, true, list[0]["current"])

	stranger := h.proved(people[2])
	stranger.del("/api/v1/me/accounts/" + theirs).is("citizen.no_account")
	second.get("/api/v1/me").ok()
	first.del("/api/v1/me/accounts/" + theirs).ok()
	second.get("/api/v1/me").is("session.ended")
	require.Contains(t, first.get("/api/v1/messages").ok().raw, "account.unbound")
	first.del("/api/v1/me/accounts/" + theirs).is("citizen.no_account")

	second = h.enter(people[1])
	require.Equal(t, 1., second.get("/api/v1/me").ok().body["level"])
	second.prove(people[1]).ok() // free for its own person now
	require.Len(t, first.get("/api/v1/me/accounts").ok().items(), 1)
	first.del("/api/v1/me/accounts/" + mine).ok()
	first.get("/api/v1/me").is("session.ended")
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	h := newHouse(t)
	v := h.enter(h.people()[0])
	open := map[string]string{"item": permit, "office": string(h.officeOf(place.Village))}
	v.post("/api/v1/cases", open).is("citizen.need_real_name")
	v.post("/api/v1/me/faces", nil).is("citizen.need_real_name")
	v.post("/api/v1/agencies", map[string]any{"name": "甄样本", "number": "440604199003128626", "until": "2027-01-01"}).is("citizen.need_real_name")
	v.post("/api/v1/agencies/children", map[string]any{"name": outbound.SampleChildName, "number": outbound.SampleChild}).is("citizen.need_real_name")
	v.post("/api/v1/legal-persons", map[string]any{"name": outbound.SampleOrgName, "code": outbound.SampleOrgCode}).is("citizen.need_real_name")
	v.get("/api/v1/me/data").is("citizen.need_real_name")
	v.get("/api/v1/me/looks").is("citizen.need_real_name")
	v.post("/api/v1/me/close", nil).is("citizen.need_real_name")
	require.Contains(t, v.post("/api/v1/cases", open).text("detail"), "实名认证")
}

func caseID(id string) casework.ID { return casework.ID(id) }
