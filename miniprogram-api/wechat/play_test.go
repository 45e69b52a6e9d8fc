package wechat

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// The credentials of the tests; TestNoErrorHoldsASecret looks for them.
const (
	testAppID  = "wx00yimen00test00"
	testSecret = "s3cr3t-0123456789abcdef"
	testToken  = "pushtoken"
	testAESKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
)

// The tests' interfaces of the platform.
const (
	loginPath = "/sns/jscode2session"
	phonePath = "/wxa/business/getuserphonenumber"
	sendPath  = "/cgi-bin/message/subscribe/send"
	codePath  = "/wxa/getwxacodeunlimit"
	textPath  = "/wxa/msg_sec_check"
	mediaPath = "/wxa/media_check_async"
	startPath = "/cityservice/face/identify/getverifyid"
	queryPath = "/cityservice/face/identify/queryverifyinfo"
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

// play is one test's WeChat behind a real listener, and a client for it.
type play struct {
	*Client
	box    *sandbox.Sandbox
	clock  *clock
	url    string
	people []sandbox.Person
}

func start(t *testing.T, options ...func(*sandbox.Options)) *play {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 23, 9, 30, 0, 0, shanghai)}
	o := sandbox.Options{
		AppID: testAppID, Secret: testSecret, Token: testToken, EncodingAESKey: testAESKey,
		Now: c.Now, Persons: sandbox.DefaultPersons(),
	}
	for _, set := range options {
		set(&o)
	}
	box := sandbox.New(o)
	srv := httptest.NewServer(box)
	t.Cleanup(srv.Close)
	t.Cleanup(box.Settle)
	return &play{newClient(t, c, srv.URL), box, c, srv.URL, box.Persons()}
}

func newClient(t *testing.T, c *clock, url string, set ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{
		AppID: testAppID, AppSecret: testSecret, Token: testToken, EncodingAESKey: testAESKey,
		BaseURL: url, Now: c.Now, Timeout: 5 * time.Second,
	}
	for _, f := range set {
		f(&cfg)
	}
	w, err := New(cfg)
	require.NoError(t, err)
	w.pauses = []time.Duration{time.Millisecond, time.Millisecond}
	return w
}

// citizen is the openid of the first person, who has just opened the
// mini-program.
func (p *play) citizen() string {
	p.box.LoginCode(p.people[0].OpenID)
	return p.people[0].OpenID
}

// method is one method of the client, ready to be called with good arguments.
type method struct {
	name, path string
	call       func(context.Context, *play) error
}

// methods are all that call the platform.
var methods = []method{
	{"Login", loginPath, func(ctx context.Context, p *play) error {
		_, err := p.Login(ctx, p.box.LoginCode(p.citizen()))
		return err
	}},
	{"Phone", phonePath, func(ctx context.Context, p *play) error {
		_, _, err := p.Phone(ctx, p.box.PhoneCode(p.citizen()))
		return err
	}},
	{"Send", sendPath, func(ctx context.Context, p *play) error {
		p.box.Grant(p.citizen(), "template", 1)
		_, err := p.Send(ctx, SubscribeMessage{OpenID: p.citizen(), TemplateID: "template", Data: map[string]string{"thing1": "居住证"}})
		return err
	}},
	{"Code", codePath, func(ctx context.Context, p *play) error {
		_, err := p.Code(ctx, CodeRequest{Scene: "a=1", Page: "pages/index"})
		return err
	}},
	{"CheckText", textPath, func(ctx context.Context, p *play) error {
		_, err := p.CheckText(ctx, p.citizen(), SceneComment, "很好")
		return err
	}},
	{"CheckMedia", mediaPath, func(ctx context.Context, p *play) error {
		_, err := p.CheckMedia(ctx, p.citizen(), SceneComment, "https://files.example/a.jpg", Image)
		return err
	}},
	{"StartFace", startPath, func(ctx context.Context, p *play) error {
		_, _, err := p.StartFace(ctx, p.face())
		return err
	}},
	{"FaceResult", queryPath, func(ctx context.Context, p *play) error {
		_, _, err := p.FaceResult(ctx, FaceQuery{"some-id", p.face()})
		if err != nil && fault.From(err).Code == ErrFaceRejected.Code && strings.Contains(err.Error(), "84001") {
			return nil // the sandbox heard the question
		}
		return err
	}},
}

var faceSerial struct {
	sync.Mutex
	n int
}

func (p *play) face() FaceRequest {
	faceSerial.Lock()
	defer faceSerial.Unlock()
	faceSerial.n++
	who := p.people[0]
	return FaceRequest{OutSeqNo: fmt.Sprint("face-", faceSerial.n), Name: who.Name, IDNumber: who.IDNumber, OpenID: who.OpenID}
}

// serve answers every request with one handler, for what the sandbox does not do.
func serve(t *testing.T, h http.HandlerFunc) *play {
	t.Helper()
	p := start(t)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == tokenPath {
			_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "good-token", "expires_in": 7200})
			return
		}
		h(w, r)
	}))
	t.Cleanup(srv.Close)
	p.Client = newClient(t, p.clock, srv.URL)
	return p
}

func sha1hex(s string) string {
	sum := sha1.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}
