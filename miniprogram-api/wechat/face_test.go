package wechat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

// The platform's own example.
func TestCertHashIsThePlatforms(t *testing.T) {
	require.Equal(t, "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b", certHash("张三", "310101199801011234"))
}

func TestAFaceThatMatchesPasses(t *testing.T) {
	p := start(t)
	ask := p.face()
	id, expires, err := p.StartFace(bg, ask)
	require.NoError(t, err)
	require.Equal(t, p.clock.Now().Add(time.Hour), expires)

	passed, reason, err := p.FaceResult(bg, FaceQuery{id, ask})
	require.NoError(t, err)
	require.False(t, passed, "nobody has looked into the camera")
	require.NotEmpty(t, reason)

	require.NoError(t, p.box.PassFace(id))
	passed, reason, err = p.FaceResult(bg, FaceQuery{id, ask})
	require.NoError(t, err)
	require.True(t, passed)
	require.Empty(t, reason)
}

func TestAnotherFaceDoesNotPass(t *testing.T) {
	p := start(t)
	stranger := p.face()
	stranger.Name, stranger.IDNumber = p.people[1].Name, p.people[1].IDNumber // somebody else's card
	twin := FaceRequest{OutSeqNo: "twin", Name: p.people[7].Name, IDNumber: p.people[7].IDNumber, OpenID: p.people[7].OpenID}
	for _, ask := range []FaceRequest{stranger, twin} {
		id, _, err := p.StartFace(bg, ask)
		require.NoError(t, err)
		require.NoError(t, p.box.PassFace(id))
		passed, reason, err := p.FaceResult(bg, FaceQuery{id, ask})
		require.NoError(t, err)
		require.False(t, passed)
		require.Contains(t, reason, "不一致")
	}
}

func TestAResultIsGivenOnlyForTheDataOfTheStart(t *testing.T) {
	p := start(t)
	ask := p.face()
	id, _, err := p.StartFace(bg, ask)
	require.NoError(t, err)
	require.NoError(t, p.box.PassFace(id))
	for name, spoil := range map[string]func(*FaceQuery){
		"name":      func(q *FaceQuery) { q.Name = "别人" },
		"number":    func(q *FaceQuery) { q.IDNumber = p.people[1].IDNumber },
		"openid":    func(q *FaceQuery) { q.OpenID = p.people[1].OpenID },
		"serial":    func(q *FaceQuery) { q.OutSeqNo = "other" },
		"verify id": func(q *FaceQuery) { q.VerifyID = "other" },
	} {
		q := FaceQuery{id, ask}
		spoil(&q)
		passed, _, err := p.FaceResult(bg, q)
		require.ErrorIs(t, err, ErrFaceRejected, name)
		require.False(t, passed)
	}
}

func TestASerialNumberStartsOneVerification(t *testing.T) {
	p := start(t)
	ask := p.face()
	_, _, err := p.StartFace(bg, ask)
	require.NoError(t, err)
	_, _, err = p.StartFace(bg, ask)
	require.ErrorIs(t, err, ErrFaceRejected)
}

func TestAVerificationEndsAfterAnHour(t *testing.T) {
	p := start(t)
	ask := p.face()
	id, expires, err := p.StartFace(bg, ask)
	require.NoError(t, err)
	p.clock.turn(expires.Sub(p.clock.Now()))
	require.ErrorIs(t, p.box.PassFace(id), sandbox.ErrNoFace)
	_, _, err = p.FaceResult(bg, FaceQuery{id, ask})
	require.ErrorIs(t, err, ErrFaceRejected)
}

func TestFaceInputIsCheckedBeforeAnybodyIsCalled(t *testing.T) {
	p := start(t)
	for _, spoil := range []func(*FaceRequest){
		func(r *FaceRequest) { r.OutSeqNo = "" },
		func(r *FaceRequest) { r.Name = "" },
		func(r *FaceRequest) { r.IDNumber = "" },
		func(r *FaceRequest) { r.IDNumber = "44060419900312862" },
		func(r *FaceRequest) { r.OpenID = "" },
	} {
		ask := p.face()
		spoil(&ask)
		_, _, err := p.StartFace(bg, ask)
		require.ErrorIs(t, err, ErrFaceInput)
		_, _, err = p.FaceResult(bg, FaceQuery{"id", ask})
		require.ErrorIs(t, err, ErrFaceInput)
	}
	_, _, err := p.FaceResult(bg, FaceQuery{"", p.face()})
	require.ErrorIs(t, err, ErrFaceInput)
	require.Zero(t, p.box.Calls(startPath)+p.box.Calls(queryPath)+p.box.Calls(tokenPath))
}

// Only errcode 0 and verify_ret 10000 together are a pass.
func TestNothingElsePasses(t *testing.T) {
	for body, want := range map[string]bool{
		`{"errcode":0,"errmsg":"ok","verify_ret":10000}`:   true,
		`{"verify_ret":10000}`:                             false,
		`{"errcode":84002,"verify_ret":10000}`:             false,
		`{"errcode":0,"verify_ret":0}`:                     false,
		`{"errcode":0,"verify_ret":10001}`:                 false,
		`{"errcode":0,"verify_ret":90199}`:                 false,
		`{"errcode":0,"verify_ret":"10000"}`:               false,
		`{"errcode":0,"errmsg":"ok"}`:                      false,
		`{"errcode":0,"verify_ret":null}`:                  false,
		`{"errcode":0,"verify_ret":10000.5}`:               false,
		`{"errcode":"84002","verify_ret":10000}`:           false,
		`{"errcode":null,"verify_ret":10000}`:              false,
		`{"errcode":{},"verify_ret":10000}`:                false,
		`{"errcode":84002.0,"verify_ret":10000}`:           false,
		`{"verify_ret":10000,"errcode":0,"errcode":84002}`: false,
		`[{"errcode":0,"verify_ret":10000}]`:               false,
	} {
		p := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
		passed, reason, err := p.FaceResult(bg, FaceQuery{"v", p.face()})
		require.Equal(t, want, passed, body)
		if !want {
			require.True(t, err != nil || reason != "", body)
		}
	}
}

func TestEveryReasonSaysWhatToDo(t *testing.T) {
	p := start(t)
	for _, ret := range []int{10001, 10002, 10003, 10004, 90001, 90004, 90007, 90008, 90011, 90017, 90018, 90104, 90109, 90199, 12345} {
		ask := p.face()
		id, _, err := p.StartFace(bg, ask)
		require.NoError(t, err)
		require.NoError(t, p.box.EndFace(id, ret))
		passed, reason, err := p.FaceResult(bg, FaceQuery{id, ask})
		require.NoError(t, err)
		require.False(t, passed)
		require.Regexp(t, "重新核验|窗口", reason, "%d", ret)
	}
}

func TestThePlatformsExpiryIsKept(t *testing.T) {
	for expiresIn, want := range map[int]time.Duration{600: 10 * time.Minute, 0: time.Hour, -5: time.Hour} {
		p := serve(t, func(w http.ResponseWriter, r *http.Request) {
			var body map[string]any
			if json.NewDecoder(r.Body).Decode(&body) != nil || r.URL.Query().Get("access_token") != "good-token" {
				w.WriteHeader(http.StatusTeapot)
				return
			}
			fmt.Fprintf(w, `{"errcode":0,"verify_id":"v","expires_in":%d}`, expiresIn)
		})
		_, expires, err := p.StartFace(context.Background(), p.face())
		require.NoError(t, err)
		require.Equal(t, p.clock.Now().Add(want), expires)
	}
}
