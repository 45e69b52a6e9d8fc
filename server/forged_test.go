package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/callback"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// counted is how often a problem has been answered, as Prometheus reads it.
func (c *town) counted(t *testing.T, code string) int {
	t.Helper()
	line := regexp.MustCompile(`yimen_problems_total\{code="` + regexp.QuoteMeta(code) + `"\} (\d+)`).FindStringSubmatch(c.scraped(t))
	if line == nil {
		return 0
	}
	n, err := strconv.Atoi(line[1])
	require.NoError(t, err)
	return n
}

// push seals a message push of the platform; it is sent when the returned
// function is called.
func (c *town) push(t *testing.T, alter func(q url.Values)) func() *reply {
	t.Helper()
	q, body := c.in.sandbox.Seal(sandbox.Event{FromUserName: "o-nobody", Event: "user_enter_tempsession"})
	alter(q)
	return func() *reply {
		return c.nobody(t).send(request{method: http.MethodPost, path: callback.Path + "?" + q.Encode(), body: body, media: jsonMedia})
	}
}

// TestWhatIsForgedIsRefusedCountedAndChangesNothing: each with its code.
func TestWhatIsForgedIsRefusedCountedAndChangesNothing(t *testing.T) {
	c := newTown(t, tuesday)
	s := c.crew(t)
	p, elsewhere := c.citizen(t), c.clerk(t, otherVillage)
	cs := p.tolerated()
	s.take(cs)
	second := sandbox.Person{Name: p.person.Name, IDNumber: p.person.IDNumber, OpenID: "o-second-" + p.person.OpenID[:19], UnionID: "u-2"}
	c.in.sandbox.AddPerson(second)
	again := &client{t: t, town: c, person: second}
	again.login()
	again.prove()
	p.book(visitItem)
	foreign := sharedTown(t).citizen(t).token
	invited := c.invite(t, p.person.Name, staff.Member{Role: staff.VillageStaff, Office: villageOffice})
	forged := c.push(t, func(q url.Values) { q.Set("msg_signature", "0123456789abcdef0123456789abcdef01234567") })
	old := c.push(t, func(url.Values) {})
	c.clock.moveTo(c.clock.now().Add(2 * time.Hour))
	c.settle(t)
	spent := c.in.sandbox.LoginCode(p.person.OpenID)
	p.post("/api/v1/sessions", map[string]string{"code": spent}).ok()

	for name, try := range map[string]struct {
		code string
		send func() *reply
	}{
		"an injected code": {"wechat.code_invalid", func() *reply {
			return p.post("/api/v1/sessions", map[string]string{"code": spent + "&appid=wx0000000000000000"})
		}},
		"a replayed code":         {"wechat.code_used", func() *reply { return p.post("/api/v1/sessions", map[string]string{"code": spent}) }},
		"another service's token": {"session.ended", func() *reply { return p.as(foreign).get("/api/v1/me") }},
		"a forged push":           {"wechat.push_forged", forged},
		"an old push":             {"wechat.push_stale", old},
		"a late invitation":       {"staff.no_invitation", func() *reply { return p.post("/api/v1/me/post", map[string]string{"code": invited}) }},
		"staff of another office": {"staff.other_office", func() *reply {
			return elsewhere.post(atWindow(cs)+"/materials/"+permitPhoto+"/judge", map[string]any{"fit": true})
		}},
		"one person's second account": {"appointment.same_day", func() *reply {
			return again.post("/api/v1/holds", map[string]any{"office": villageOffice, "item": visitItem, "starts_at": p.freeSlots(visitItem)[0]})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			before, n := c.rows(t), c.counted(t, try.code)
			r := try.send()
			requireProblem(t, r)
			require.Equal(t, try.code, r.text("code"), "%s", r.raw)
			require.Equal(t, n+1, c.counted(t, try.code))
			after := c.rows(t)
			for _, kept := range []string{"answer", "session"} { // what was answered, and when somebody was seen
				delete(before, kept)
				delete(after, kept)
			}
			require.Equal(t, before, after)
		})
	}
}
