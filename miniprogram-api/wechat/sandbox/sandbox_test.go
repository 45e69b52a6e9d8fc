package sandbox

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clock is a clock that tests turn.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// stage is a sandbox behind a real listener.
type stage struct {
	*Sandbox
	t     *testing.T
	url   string
	clock *clock
}

func open(t *testing.T, set ...func(*Options)) *stage {
	c := &clock{t: time.Date(2026, 11, 23, 9, 30, 0, 0, shanghai)}
	o := Options{AppID: "wxtest", Secret: "secret", Token: "token", Now: c.Now, Persons: DefaultPersons()}
	for _, f := range set {
		f(&o)
	}
	s := New(o)
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return &stage{s, t, srv.URL, c}
}

type object = map[string]any

// do sends a request and reads the JSON answer.
func (s *stage) do(method, path string, body any) (int, object) {
	s.t.Helper()
	b, err := json.Marshal(body)
	require.NoError(s.t, err)
	if body == nil {
		b = nil
	}
	r, err := http.NewRequest(method, s.url+path, bytes.NewReader(b))
	require.NoError(s.t, err)
	res, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	var out object
	require.NoError(s.t, json.Unmarshal(raw, &out), "%s", raw)
	return res.StatusCode, out
}

// ask calls the platform, whose answers are all HTTP 200.
func (s *stage) ask(method, path string, body any) object {
	s.t.Helper()
	status, out := s.do(method, path, body)
	require.Equal(s.t, http.StatusOK, status)
	if code, failed := out["errcode"]; failed && code != 0.0 {
		require.Regexp(s.t, ` rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`, out["errmsg"])
	}
	return out
}

func (s *stage) with(path string) string {
	return path + "?access_token=" + s.token(false)["access_token"].(string)
}

func (s *stage) login(code string) object {
	return s.ask("GET", "/sns/jscode2session?appid=wxtest&secret=secret&grant_type=authorization_code&js_code="+url.QueryEscape(code), nil)
}

func TestALoginHasThePlatformsFields(t *testing.T) {
	s := open(t)
	who := s.Persons()[2]
	out := s.login(s.LoginCode(who.OpenID))
	require.Equal(t, who.OpenID, out["openid"])
	require.Equal(t, who.UnionID, out["unionid"])
	require.NotContains(t, out, "errcode", "as on the platform")
	key, err := base64.StdEncoding.DecodeString(out["session_key"].(string))
	require.NoError(t, err)
	require.Len(t, key, 16)
	require.Len(t, who.OpenID, 28)
	require.Equal(t, "o", who.OpenID[:1])
}

func TestFiftyTriesSpendACodeOnce(t *testing.T) {
	s := open(t)
	code := s.LoginCode(s.Persons()[0].OpenID)
	var mu sync.Mutex
	got := map[any]int{}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			out := s.login(code)
			mu.Lock()
			defer mu.Unlock()
			got[out["errcode"]]++
		})
	}
	wg.Wait()
	require.Equal(t, map[any]int{nil: 1, 40163.0: 49}, got)
}

func TestOneGrantIsSpentOnce(t *testing.T) {
	s := open(t)
	to := s.Persons()[0].OpenID
	s.Grant(to, "T", 5)
	path := s.with("/cgi-bin/message/subscribe/send")
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			s.ask("POST", path, object{"touser": to, "template_id": "T", "data": object{"thing1": object{"value": "好"}}})
		})
	}
	wg.Wait()
	require.Len(t, s.Messages(to), 5)
}

func TestAnUnknownPersonHasNoCodes(t *testing.T) {
	s := open(t)
	require.Empty(t, s.LoginCode("oNobody"))
	require.Empty(t, s.PhoneCode(""))
	require.Empty(t, s.SessionKey("oNobody"))
}

func TestOpenIDsAreTheSameAtEveryStart(t *testing.T) {
	a, b := open(t), open(t)
	require.Equal(t, a.Persons(), b.Persons())
	c := open(t, func(o *Options) { o.AppID = "wxother" })
	require.NotEqual(t, a.Persons()[0].OpenID, c.Persons()[0].OpenID)
}

func TestTheCodeIsARealPicture(t *testing.T) {
	s := open(t)
	res, err := http.Post(s.url+s.with("/wxa/getwxacodeunlimit"), "application/json", strings.NewReader(`{"scene":"a=1","page":"pages/index","width":300}`))
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, "image/jpeg", res.Header.Get("Content-Type"))
	img, err := jpeg.Decode(res.Body)
	require.NoError(t, err)
	require.Equal(t, 300, img.Bounds().Dx())
	r, g, b, _ := img.At(2, 2).RGBA()
	require.Greater(t, min(r, g, b), uint32(0xE000), "a quiet zone around it")
}

func TestASceneIsJudged(t *testing.T) {
	s := open(t)
	for body, want := range map[string]float64{
		`{}`: 40169,
		`{"scene":"` + strings.Repeat("a", 33) + `"}`: 40169,
		`{"scene":"中"}`:                          40169,
		`{"scene":"a b"}`:                        40169,
		`{"scene":"a","width":100}`:              40097,
		`{"scene":"a","width":1281}`:             40097,
		`{"scene":"a","page":"/pages/index"}`:    41030,
		`{"scene":"a","page":"pages/index?x=1"}`: 41030,
	} {
		var in any
		require.NoError(t, json.Unmarshal([]byte(body), &in))
		require.Equal(t, want, s.ask("POST", s.with("/wxa/getwxacodeunlimit"), in)["errcode"], body)
	}
}

func TestNewPanicsOnUselessOptions(t *testing.T) {
	good := Options{AppID: "a", Secret: "b", Now: time.Now}
	require.NotPanics(t, func() { New(good) })
	for name, spoil := range map[string]func(*Options){
		"appid":  func(o *Options) { o.AppID = "" },
		"secret": func(o *Options) { o.Secret = "" },
		"clock":  func(o *Options) { o.Now = nil },
		"key":    func(o *Options) { o.EncodingAESKey = "short" },
		"push":   func(o *Options) { o.PushURL = "http://127.0.0.1:1" },
	} {
		o := good
		spoil(&o)
		require.Panics(t, func() { New(o) }, name)
	}
}

func TestDeadCodesAreForgotten(t *testing.T) {
	s := open(t)
	to := s.Persons()[0].OpenID
	for range 10_001 {
		s.LoginCode(to)
	}
	s.clock.turn(codeLife)
	fresh := s.LoginCode(to)
	require.Len(t, s.codes, 1)
	require.Equal(t, to, s.login(fresh)["openid"])
}
