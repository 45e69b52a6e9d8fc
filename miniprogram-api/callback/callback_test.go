package callback_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/callback"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

const aesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

// marks is a cache of marks; down makes it fail.
type marks struct {
	mu   sync.Mutex
	held map[string]bool
	down bool
}

func (m *marks) SetNX(_ context.Context, key string, _ []byte, ttl time.Duration) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return false, errors.New("down")
	}
	if m.held[key] || ttl <= 0 {
		return false, nil
	}
	m.held[key] = true
	return true, nil
}

func (m *marks) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.held, key)
	return nil
}

// desk keeps the verdicts; fails makes it fail so often.
type desk struct {
	mu    sync.Mutex
	told  []string
	fails int
}

func (d *desk) MediaChecked(_ context.Context, traceID string, suggest wechat.Suggest, _ int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails > 0 {
		d.fails--
		return errors.New("the database is away")
	}
	d.told = append(d.told, traceID+" "+string(suggest))
	return nil
}

type rig struct {
	t     *testing.T
	at    time.Time
	app   *api.App
	marks *marks
	desk  *desk
	log   *bytes.Buffer
	play  *sandbox.Sandbox
}

func newRig(t *testing.T, key string, asXML bool) *rig {
	r := &rig{t: t, at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), marks: &marks{held: map[string]bool{}}, desk: &desk{}, log: &bytes.Buffer{}}
	now := func() time.Time { return r.at }
	client, err := wechat.New(wechat.Config{AppID: "wxlocal0000000001", AppSecret: "s", Token: "token", EncodingAESKey: key, BaseURL: "http://127.0.0.1:1", Now: now})
	require.NoError(t, err)
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.app = api.New(api.Config{NewID: func() string { return "id" }, Log: log, Ready: func(context.Context) error { return nil }})
	(&callback.Receiver{Client: client, Marks: r.marks, Desk: r.desk, Log: log}).Register(r.app)
	require.NoError(t, r.app.Finish())
	r.play = sandbox.New(sandbox.Options{AppID: "wxlocal0000000001", Secret: "s", Token: "token", EncodingAESKey: key, PushXML: asXML, Now: now})
	return r
}

func (r *rig) send(method string, q url.Values, body []byte) (int, string) {
	r.t.Helper()
	res, err := r.app.Fiber.Test(httptest.NewRequest(method, callback.Path+"?"+q.Encode(), bytes.NewReader(body)))
	require.NoError(r.t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	return res.StatusCode, string(answer)
}

func media(trace, suggest string) sandbox.Event {
	zero := 0
	return sandbox.Event{FromUserName: "openid-of-somebody", Event: "wxa_media_check", TraceID: trace, ErrCode: &zero, Result: &sandbox.Result{Suggest: suggest, Label: 20006}}
}

func TestAPushIsActedOnOnceHoweverOftenItComes(t *testing.T) {
	for name, tc := range map[string]struct {
		key   string
		asXML bool
	}{"encrypted JSON": {aesKey, false}, "encrypted XML": {aesKey, true}, "plain JSON": {"", false}, "plain XML": {"", true}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, tc.key, tc.asXML)
			for range 3 {
				q, body := r.play.Seal(media("t-1", "risky"))
				status, answer := r.send(http.MethodPost, q, body)
				require.Equal(t, http.StatusOK, status, answer)
				require.Equal(t, "success", answer)
			}
			require.Equal(t, []string{"t-1 risky"}, r.desk.told)
			require.NotContains(t, r.log.String(), "openid-of-somebody")
		})
	}
}

func TestAPushThatFailedMayComeAgain(t *testing.T) {
	r := newRig(t, aesKey, false)
	r.desk.fails = 1
	q, body := r.play.Seal(media("t-1", "pass"))
	status, answer := r.send(http.MethodPost, q, body)
	require.Equal(t, http.StatusInternalServerError, status)
	require.NotContains(t, answer, "database")
	q, body = r.play.Seal(media("t-1", "pass"))
	status, _ = r.send(http.MethodPost, q, body)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, []string{"t-1 pass"}, r.desk.told)
}

func TestWhatIsNotOfThePlatformIsRefusedAndChangesNothing(t *testing.T) {
	other := sandbox.New(sandbox.Options{AppID: "wxlocal0000000001", Secret: "s", Token: "another", EncodingAESKey: aesKey, Now: time.Now})
	plain := sandbox.New(sandbox.Options{AppID: "wxlocal0000000001", Secret: "s", Token: "token", Now: func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }})
	for name, tc := range map[string]struct {
		spoil  func(r *rig, q url.Values, body []byte) (url.Values, []byte)
		code   string
		status int
	}{
		"no signature":    {func(_ *rig, _ url.Values, b []byte) (url.Values, []byte) { return url.Values{}, b }, "wechat.push_plain", 403},
		"wrong signature": {func(_ *rig, q url.Values, b []byte) (url.Values, []byte) { q.Set("msg_signature", "0"); return q, b }, "wechat.push_forged", 403},
		"another token":   {func(*rig, url.Values, []byte) (url.Values, []byte) { return other.Seal(media("t-1", "pass")) }, "wechat.push_forged", 403},
		"in the open":     {func(*rig, url.Values, []byte) (url.Values, []byte) { return plain.Seal(media("t-1", "pass")) }, "wechat.push_plain", 403},
		"old": {func(r *rig, q url.Values, b []byte) (url.Values, []byte) {
			r.at = r.at.Add(6 * time.Minute)
			return q, b
		}, "wechat.push_stale", 403},
		"another body": {func(_ *rig, q url.Values, b []byte) (url.Values, []byte) {
			return q, bytes.Replace(b, []byte(`"Encrypt":"`), []byte(`"Encrypt":"A`), 1)
		}, "wechat.push_forged", 403},
		"no body": {func(_ *rig, q url.Values, _ []byte) (url.Values, []byte) { return q, nil }, "wechat.push_plain", 403},
		"rubbish": {func(_ *rig, q url.Values, _ []byte) (url.Values, []byte) { return q, []byte("<<<") }, "wechat.push_plain", 403},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, aesKey, false)
			q, body := r.play.Seal(media("t-1", "pass"))
			q, body = tc.spoil(r, q, body)
			status, answer := r.send(http.MethodPost, q, body)
			require.Equal(t, tc.status, status, answer)
			require.Contains(t, answer, `"code":"`+tc.code+`"`)
			require.Empty(t, r.desk.told)
			require.Empty(t, r.marks.held)
		})
	}
}

func TestWithoutMarksAPushIsSentAgain(t *testing.T) {
	r := newRig(t, aesKey, false)
	r.marks.down = true
	q, body := r.play.Seal(media("t-1", "pass"))
	status, _ := r.send(http.MethodPost, q, body)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Empty(t, r.desk.told)
}

func TestTheAddressIsProvedOurs(t *testing.T) {
	r := newRig(t, aesKey, false)
	q, _ := r.play.Seal(media("t-1", "pass"))
	q.Set("echostr", "4711abc")
	status, answer := r.send(http.MethodGet, q, nil)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "4711abc", answer)
	q.Set("nonce", "another")
	status, answer = r.send(http.MethodGet, q, nil)
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, answer, "wechat.push_forged")
	status, _ = r.send(http.MethodGet, nil, nil)
	require.Equal(t, http.StatusForbidden, status)
}

func TestSubscriptionsAreLoggedWithoutWhoAnswered(t *testing.T) {
	r := newRig(t, aesKey, false)
	for _, e := range []sandbox.Event{
		{FromUserName: "openid-of-somebody", Event: "subscribe_msg_popup_event", List: sandbox.Items{{TemplateID: "tpl-1", Status: "accept"}}},
		{FromUserName: "openid-of-somebody", Event: "subscribe_msg_sent_event", List: sandbox.Items{{TemplateID: "tpl-2", MsgID: "7", ErrorCode: "3", ErrorStatus: "failed:user block"}}},
		{FromUserName: "openid-of-somebody", Event: "debug_demo"},
		{FromUserName: "openid-of-somebody", MsgType: "text", Content: "我的电话是19900000101"},
	} {
		q, body := r.play.Seal(e)
		status, answer := r.send(http.MethodPost, q, body)
		require.Equal(t, http.StatusOK, status, answer)
	}
	said := r.log.String()
	require.Contains(t, said, "template=tpl-1 accepted=true")
	require.Contains(t, said, "template=tpl-2 code=3")
	require.NotContains(t, said, "openid-of-somebody")
	require.NotContains(t, said, "19900000101")
}

func TestTheRoutesStandOutsideTheDocument(t *testing.T) {
	r := newRig(t, aesKey, false)
	for path := range r.app.OpenAPI().Paths {
		require.False(t, strings.HasPrefix(path, "/callback"), path)
	}
}
