package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/callback"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

// redisServer is a real Redis that a test may stop and start.
type redisServer struct {
	t    *testing.T
	port string
	cmd  *exec.Cmd
}

func newRedisServer(t *testing.T) *redisServer {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("YIMEN_REQUIRE_REAL") == "1" {
			t.Fatal("redis-server is not on the PATH, and YIMEN_REQUIRE_REAL=1 demands it")
		}
		t.Skip("redis-server is not on the PATH: replicas that share one are not tested")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r := &redisServer{t: t}
	_, r.port, err = net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	require.NoError(t, l.Close())
	r.start()
	t.Cleanup(r.kill)
	return r
}

func (r *redisServer) start() {
	r.t.Helper()
	r.cmd = exec.Command("redis-server", "--bind", "127.0.0.1", "--port", r.port, "--save", "", "--dir", r.t.TempDir())
	require.NoError(r.t, r.cmd.Start())
	require.Eventually(r.t, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+r.port)
		if err == nil {
			conn.Close()
		}
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)
}

func (r *redisServer) kill() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

func (r *redisServer) url() string { return "redis://127.0.0.1:" + r.port }

// pair is two server processes on one database, one Redis and one local WeChat.
type pair struct {
	t      *testing.T
	wechat *sandbox.Sandbox
	data   string
	a, b   *process
}

func newPair(t *testing.T, redis string) *pair {
	p := &pair{t: t, wechat: newSandbox(time.Now, ""), data: t.TempDir()}
	played := httptest.NewServer(p.wechat)
	t.Cleanup(played.Close)
	env := []string{anyPort, "YIMEN_DATA=" + filepath.Join(p.data, "var"), "YIMEN_WECHAT_BASE_URL=" + played.URL, "YIMEN_REDIS=" + redis}
	p.a = launch(t, p.data, env).ready()
	p.b = launch(t, p.data, env).ready()
	return p
}

// at is somebody's phone that speaks to one of the two.
func (p *pair) at(server *process, token string) *client {
	return &client{t: p.t, town: &town{url: server.url, http: &http.Client{Timeout: 10 * time.Second}}, token: token}
}

func (p *pair) login(server *process, who sandbox.Person) *reply {
	p.t.Helper()
	return p.at(server, "").post("/api/v1/sessions", map[string]string{"code": p.wechat.LoginCode(who.OpenID)})
}

func readyz(t *testing.T, server *process) string {
	t.Helper()
	resp, err := http.Get(server.url + "/readyz")
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	return string(body)
}

// TestTwoReplicasShareTokenLimitsLocksAndMarks, and go on without their Redis.
func TestTwoReplicasShareTokenLimitsLocksAndMarks(t *testing.T) {
	redis := newRedisServer(t)
	p := newPair(t, redis.url())
	who := p.wechat.Persons()[0]
	token := p.login(p.a, who).ok().text("token")

	for i, server := range []*process{p.a, p.b} {
		p.at(server, token).post("/api/v1/me/phone", map[string]string{"code": p.wechat.PhoneCode(who.OpenID)}).ok()
		require.Equal(t, 1, p.wechat.Calls("/cgi-bin/stable_token"), "one access token for both, server %d", i)
	}
	first := p.at(p.a, token).get("/api/v1/me").ok().header.Get("RateLimit-Remaining")
	second := p.at(p.b, token).get("/api/v1/me").ok().header.Get("RateLimit-Remaining")
	require.NotEqual(t, first, second, "one count for both")

	wrong := map[string]string{"name": "查无此", "number": who.IDNumber}
	for i := range 5 {
		p.at([]*process{p.a, p.b}[i%2], token).post("/api/v1/me/real-name", wrong).refused(422, "citizen.no_match")
	}
	for _, server := range []*process{p.a, p.b} {
		r := p.at(server, token).post("/api/v1/me/real-name", wrong).refused(429, "request.locked")
		require.NotEmpty(t, r.header.Get("Retry-After"))
	}

	answered := sandbox.Event{FromUserName: who.OpenID, Event: "subscribe_msg_popup_event",
		List: sandbox.Items{{TemplateID: sandboxTemplate.ID, Status: "accept", PopupScene: "1"}}}
	q, sealed := p.wechat.Seal(answered)
	for _, server := range []*process{p.a, p.b} {
		resp, err := http.Post(server.url+callback.Path+"?"+q.Encode(), "application/json", bytes.NewReader(sealed))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	require.Equal(t, 1, strings.Count(p.a.out.String()+p.b.out.String(), "a subscription was answered"), "a push is dealt with once")
	p.goOnWithout(redis, token)
}

// goOnWithout takes the Redis away and gives it back.
func (p *pair) goOnWithout(redis *redisServer, token string) {
	other := p.wechat.Persons()[1]
	require.Equal(p.t, "ready\n", readyz(p.t, p.a))
	redis.kill()
	begun := time.Now()
	p.login(p.a, other).ok()
	require.Less(p.t, time.Since(begun), 3*time.Second, "nobody waits for a cache")
	r := p.at(p.a, token).get("/api/v1/me").ok()
	require.Equal(p.t, "75", r.header.Get("RateLimit-Limit"), "alone it grants a quarter of 300")
	require.Contains(p.t, readyz(p.t, p.a), "the shared cache cannot be reached")
	require.Contains(p.t, p.a.out.String(), "the shared cache cannot be reached")
	redis.start()
	require.Eventually(p.t, func() bool {
		return p.at(p.a, token).get("/api/v1/me").ok().header.Get("RateLimit-Limit") == "300"
	}, 15*time.Second, 200*time.Millisecond, "it comes back by itself")
	require.Equal(p.t, "ready\n", readyz(p.t, p.a))
	require.Contains(p.t, p.a.out.String(), "the shared cache is back")
}

// TestTheRedisOfAnotherIsRefusedAtTheStart: another city under the same prefix,
// another application, a wrong password, an address that is none.
func TestTheRedisOfAnotherIsRefusedAtTheStart(t *testing.T) {
	redis := newRedisServer(t)
	first := launch(t, t.TempDir(), []string{anyPort, "YIMEN_REDIS=" + redis.url()}).ready()
	require.NotEmpty(t, first.url)
	for _, v := range []struct {
		env   []string
		shown string
	}{
		{[]string{"YIMEN_REDIS=" + redis.url()}, "another city"},
		{[]string{"YIMEN_REDIS=redis://:hush-hush@127.0.0.1:" + redis.port + "?mode=x"}, "knows no"},
		{[]string{"YIMEN_REDIS=" + redis.url() + "/99"}, "does not let us in"},
		{[]string{"YIMEN_REDIS=localhost"}, "YIMEN_REDIS"},
	} {
		status, printed := once(t, t.TempDir(), append(v.env, anyPort))
		require.Equal(t, 1, status, "%v: %s", v.env, printed)
		requireOneLine(t, printed, "YIMEN_REDIS", v.shown)
		require.NotContains(t, printed, "hush-hush")
	}
	second := launch(t, t.TempDir(), []string{anyPort, "YIMEN_REDIS=" + redis.url(), "YIMEN_REDIS_PREFIX=jinan:"}).ready()
	require.NotEmpty(t, second.url, "another prefix, another city")
}
