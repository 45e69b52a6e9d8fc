package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

// pension asks for a face: 领取养老金人员资格认证, online, one shared material.
const pension = "SB-0010"

// startFace begins a face check and gives its path and WeChat's own id.
func (p *client) startFace() (path, verify string) {
	p.t.Helper()
	r := p.post("/api/v1/me/faces", nil).ok()
	return "/api/v1/me/faces/" + r.text("id"), r.text("verify_id")
}

// TestAnItemThatAsksForAFaceWaitsForOne goes from real name to face and back,
// since a face counts for a day.
func TestAnItemThatAsksForAFaceWaitsForOne(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	path := p.open(pension, villageOffice)
	require.Equal(t, 4.0, p.get("/api/v1/items/"+pension).ok().at("identity_level"))
	p.fillAll(path, pension)
	p.post(path+"/submit", nil).refused(http.StatusForbidden, "citizen.need_face")
	face, _ := p.startFace()
	p.post(face+"/finish", nil).refused(http.StatusUnprocessableEntity, "citizen.face_mismatch") // nobody looked into the camera
	face, verify := p.startFace()
	require.NoError(t, c.in.sandbox.PassFace(verify))
	require.Equal(t, 4.0, p.post(face+"/finish", nil).ok().at("level"))
	p.post(face+"/finish", nil).refused(http.StatusConflict, "citizen.face_done")
	require.Equal(t, "accept", p.post(path+"/submit", nil).ok().text("outcome"))
	c.clock.moveTo(tuesday.Add(24*time.Hour + time.Minute))
	require.Equal(t, 3.0, p.get("/api/v1/me").ok().at("level"), "yesterday's face counts no more")
}

// fillAll gives every required field of an item a value.
func (p *client) fillAll(path, item string) {
	p.t.Helper()
	form := map[string]string{}
	for _, f := range p.get("/api/v1/items/" + item).ok().list("form") {
		if f["required"] == true && p.get(path).ok().at("form."+f["name"].(string)) == nil {
			form[f["name"].(string)] = sampleOf(f)
		}
	}
	p.put(path+"/form", map[string]any{"form": form}).ok()
}

// TestAFaceIsOnesOwn: another's check, a face that does not match, one too late.
func TestAFaceIsOnesOwn(t *testing.T) {
	c := newTown(t, tuesday)
	p, q := c.citizen(t), c.citizen(t)
	face, verify := p.startFace()
	q.post(face+"/finish", nil).refused(http.StatusNotFound, "citizen.no_face_check")
	require.NoError(t, c.in.sandbox.PassFace(verify))
	c.clock.moveTo(c.clock.now().Add(31 * time.Minute))
	p.post(face+"/finish", nil).refused(http.StatusConflict, "citizen.face_expired")
	q.person.FaceFails = true
	c.in.sandbox.AddPerson(q.person)
	face, verify = q.startFace()
	require.NoError(t, c.in.sandbox.PassFace(verify))
	q.post(face+"/finish", nil).refused(http.StatusUnprocessableEntity, "citizen.face_mismatch")
	require.Equal(t, 3.0, q.get("/api/v1/me").ok().at("level"))
	c.visitor(t).post("/api/v1/me/faces", nil).refused(http.StatusForbidden, "citizen.need_real_name")
}

// TestANameIsProvedByTheRegister: wrong pairs, wrong digits, somebody else.
func TestANameIsProvedByTheRegister(t *testing.T) {
	c := sharedTown(t)
	p, q := c.visitor(t), c.visitor(t)
	prove := func(name, number string) *reply {
		return p.post("/api/v1/me/real-name", map[string]string{"name": name, "number": number})
	}
	prove(q.person.Name, p.person.IDNumber).refused(422, "citizen.no_match")
	prove("", p.person.IDNumber).refused(422, "request.invalid")
	requireProblem(t, prove(p.person.Name, "440604199001011111"))
	requireProblem(t, prove("1234", p.person.IDNumber))
	require.Equal(t, 1.0, p.get("/api/v1/me").ok().at("level"))
	me := prove(p.person.Name, p.person.IDNumber).ok()
	require.NotContains(t, string(me.raw), p.person.Name, "shown masked")
	require.NotContains(t, string(me.raw), p.person.IDNumber)
	prove(q.person.Name, q.person.IDNumber).refused(409, "citizen.other_person")
}

// TestOnePersonWithTwoPhonesSeesOneSetOfCases: a person is not an account.
func TestOnePersonWithTwoPhonesSeesOneSetOfCases(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	path := p.permitDraft()
	second := sandbox.Person{Name: p.person.Name, IDNumber: p.person.IDNumber, OpenID: "o-second-" + p.person.OpenID[:19], UnionID: "u-second"}
	c.in.sandbox.AddPerson(second)
	q := &client{t: t, town: c, person: second}
	q.login()
	q.get(path).refused(404, "casework.not_found") // before the name is proved
	q.post("/api/v1/me/real-name", map[string]string{"name": second.Name, "number": second.IDNumber}).ok()
	require.Equal(t, "draft", q.get(path).ok().text("state"))
}

// TestATroubledWeChatIsNoDefect: the platform fails, the person is told when to
// come again, and the code is not held against them.
func TestATroubledWeChatIsNoDefect(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.visitor(t)
	require.NoError(t, c.in.sandbox.Fail("/sns/jscode2session", "busy", 3))
	r := p.post("/api/v1/sessions", map[string]string{"code": c.in.sandbox.LoginCode(p.person.OpenID)})
	if r.status != http.StatusOK {
		require.Equal(t, http.StatusServiceUnavailable, r.status, "%s", r.raw)
		require.True(t, isChinese(r.text("detail")))
	}
	p.login()
}
