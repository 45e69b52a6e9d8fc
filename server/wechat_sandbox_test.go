package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/callback"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
)

// TestAServiceSpeaksToALocalWeChatThatRunsByItself: page, login code, session.
func TestAServiceSpeaksToALocalWeChatThatRunsByItself(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var out bytes.Buffer
	ended := make(chan error, 1)
	go func() { ended <- sandboxCmd{}.serve(ctx, l, streams{&out, &out}) }()
	at := "http://" + l.Addr().String()

	h := newHouse(t, func(c *Config) { c.WechatBaseURL = at + "/" })
	require.Nil(t, h.in.sandbox)
	page, err := http.Get(at + "/sandbox/")
	require.NoError(t, err)
	body, err := io.ReadAll(page.Body)
	require.NoError(t, err)
	require.NoError(t, page.Body.Close())
	require.Contains(t, string(body), "甄样本")

	given, err := http.Post(at+"/sandbox/login-code", "application/json", strings.NewReader(`{"openid":"`+h.people()[0].OpenID+`"}`))
	require.NoError(t, err)
	var code struct{ Code string }
	require.NoError(t, json.NewDecoder(given.Body).Decode(&code))
	require.NoError(t, given.Body.Close())
	status, answer := h.ask(http.MethodPost, "/api/v1/sessions", "", map[string]string{"code": code.Code})
	require.Equal(t, http.StatusOK, status, answer)
	stop()
	require.NoError(t, <-ended)
	require.Contains(t, out.String(), "YIMEN_WECHAT_BASE_URL="+at)
}

func TestALocalWeChatIsNeverMixedWithRealCredentials(t *testing.T) {
	for name, c := range map[string]Config{
		"in production":         {Env: "production", WechatBaseURL: "http://127.0.0.1:9080"},
		"with real credentials": {Env: "development", WechatBaseURL: "http://127.0.0.1:9080", WechatAppID: "wx1234567890abcdef", WechatSecret: "s"},
	} {
		t.Run(name, func(t *testing.T) { require.ErrorContains(t, c.check(), "YIMEN_WECHAT_BASE_URL") })
	}
	require.NoError(t, (&Config{Env: "development", WechatBaseURL: "http://127.0.0.1:9080"}).check())
	require.ErrorContains(t, (&Config{Env: "development", ContentCheck: "all"}).check(), "YIMEN_PUBLIC_URL")
}

// push sends what the platform would send.
func (h *house) push(e sandbox.Event) (int, string) {
	q, body := h.in.sandbox.Seal(e)
	resp, err := http.Post(h.api.URL+callback.Path+"?"+q.Encode(), "application/json", bytes.NewReader(body))
	require.NoError(h.t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(h.t, err)
	return resp.StatusCode, string(answer)
}

// TestARiskyPictureIsMarkedAndTheClerkIsTold: a picture is asked about, fetched
// from an address that nobody can guess, judged by a push, and shown marked.
func TestARiskyPictureIsMarkedAndTheClerkIsTold(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.ContentCheck, c.PublicURL = "all", "http://赌博.example" })
	people := h.people()
	applicant, clerk := h.settled(people[0]), h.settled(people[4])
	cs := h.caseWithPicture(applicant, clerk)
	ctx := t.Context()

	require.Eventually(t, func() bool { return h.check(cs) == "asked" }, 15*time.Second, 50*time.Millisecond, "the sweep asks")
	var trace string
	require.NoError(t, scanOne(h.conf.database(), `SELECT trace_id FROM media_check`, &trace))
	status, answer := h.push(mediaVerdict(people[0].OpenID, trace, "risky"))
	require.Equal(t, http.StatusOK, status, answer)
	require.Equal(t, "risky", h.check(cs))

	events, err := h.in.db.Events(ctx, cs)
	require.NoError(t, err)
	require.Equal(t, casework.Doubt, events[len(events)-1].Act)
	told, err := h.in.db.Notices(ctx, clerk.Person, "", 10)
	require.NoError(t, err)
	require.Equal(t, notify.PictureDoubted, told[0].Kind)

	status, _ = h.push(mediaVerdict(people[0].OpenID, trace, "pass"))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "risky", h.check(cs), "a verdict stands")
	status, _ = h.push(mediaVerdict(people[0].OpenID, "not-ours", "risky"))
	require.Equal(t, http.StatusOK, status)
}

func mediaVerdict(openID, trace, suggest string) sandbox.Event {
	zero := 0
	return sandbox.Event{FromUserName: openID, Event: "wxa_media_check", TraceID: trace, ErrCode: &zero, Result: &sandbox.Result{Suggest: suggest, Label: 20006}}
}

// settled logs somebody in and proves them.
func (h *house) settled(a actor) citizen.Account {
	code := h.in.sandbox.LoginCode(a.OpenID)
	status, answer := h.ask(http.MethodPost, "/api/v1/sessions", "", map[string]string{"code": code})
	require.Equal(h.t, http.StatusOK, status, answer)
	var session struct{ Token string }
	require.NoError(h.t, json.Unmarshal([]byte(answer), &session))
	status, answer = h.ask(http.MethodPost, "/api/v1/me/real-name", session.Token, map[string]string{"name": a.Name, "number": a.IDNumber})
	require.Equal(h.t, http.StatusOK, status, answer)
	account, err := h.in.db.AccountOf(h.t.Context(), a.OpenID)
	require.NoError(h.t, err)
	return account
}

// caseWithPicture is a case of the applicant with one picture, in the clerk's hands.
func (h *house) caseWithPicture(applicant, clerk citizen.Account) casework.ID {
	ctx, c := h.t.Context(), h.in.rooms.counter
	e, err := h.in.shelf.Current(ctx)
	require.NoError(h.t, err)
	var office place.OfficeCode
	for _, o := range e.Places.Offices() {
		if o.Level == place.Village {
			office = o.Code
			break
		}
	}
	cs, err := c.Open(ctx, applicant, casework.Opening{Item: "SZ-0004", Office: office})
	require.NoError(h.t, err)
	cs, _, err = c.Attach(ctx, applicant.Person, cs.ID, casework.Upload{Material: cs.Materials[0].Code, Name: "a.jpg", Content: photograph(h.t)})
	require.NoError(h.t, err)
	require.NoError(h.t, execOne(h.conf.database(), `INSERT INTO staff (id, account_id, role, name_sealed, office, department, company)
		VALUES ('clerk', $1, 'village_staff', $2, $3, '', '')`, string(clerk.ID), []byte{}, string(office)))
	require.NoError(h.t, execOne(h.conf.database(), `UPDATE cases SET clerk = 'clerk' WHERE id = $1`, string(cs.ID)))
	return cs.ID
}

// check is the mark on the only file of a case.
func (h *house) check(cs casework.ID) string {
	files, err := h.in.db.Files(h.t.Context(), cs)
	require.NoError(h.t, err)
	require.Len(h.t, files, 1)
	return files[0].Check
}

// TestAPictureIsFetchedOnlyWithItsSignature: the address is good for one
// picture and for a short time.
func TestAPictureIsFetchedOnlyWithItsSignature(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.ContentCheck, c.PublicURL = "all", "http://yimen.example" })
	people := h.people()
	cs := h.caseWithPicture(h.settled(people[0]), h.settled(people[4]))
	files, err := h.in.db.Files(t.Context(), cs)
	require.NoError(t, err)
	at := strings.TrimPrefix(h.in.rooms.content.address(files[0].ID), "http://yimen.example")

	status, got := h.ask(http.MethodGet, at, "", nil)
	require.Equal(t, http.StatusOK, status)
	require.True(t, strings.HasPrefix(got, "\xff\xd8\xff"))
	for name, wrong := range map[string]string{
		"another file":      strings.Replace(at, files[0].ID, "01a20611-9bb8-7d38-a285-fc1af6239f1e", 1),
		"a longer time":     strings.Replace(at, "until=1", "until=2", 1),
		"another signature": at[:len(at)-1] + "_",
		"no signature":      strings.Split(at, "?")[0],
	} {
		status, _ := h.ask(http.MethodGet, wrong, "", nil)
		require.Equal(t, http.StatusNotFound, status, name)
	}
	h.time.moveTo(h.time.now().Add(fetchLife + time.Minute))
	status, _ = h.ask(http.MethodGet, at, "", nil)
	require.Equal(t, http.StatusNotFound, status, "later")
}

// TestOnlyWhatIsClearlyRiskyIsRefused: where WeChat cannot say, a complaint is
// not lost.
func TestOnlyWhatIsClearlyRiskyIsRefused(t *testing.T) {
	h := newHouse(t)
	who := h.settled(h.people()[0])
	words := h.in.rooms.content
	require.True(t, words.Fit(t.Context(), who.Person, "办得很快"))
	require.False(t, words.Fit(t.Context(), who.Person, "来赌博"))
	require.True(t, words.Fit(t.Context(), who.Person, "加微信"), "to be reviewed is not refused")
	require.True(t, words.Fit(t.Context(), "nobody", "来赌博"))
	h.time.moveTo(h.time.now().Add(3 * time.Hour))
	require.True(t, words.Fit(t.Context(), who.Person, "来赌博"), "no visit within two hours: WeChat does not say")
	require.NotContains(t, h.log.String(), "赌博")
}
