package wechat

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

func TestCheckTextGivesTheAdvice(t *testing.T) {
	p := start(t, func(o *sandbox.Options) {
		o.RiskyWords, o.ReviewWords = []string{"代开发票"}, []string{"加微信"}
	})
	for text, want := range map[string]Suggest{"请尽快办理": Pass, "本店代开发票": Risky, "有事加微信": Review, "": Pass} {
		v, err := p.CheckText(bg, p.citizen(), SceneComment, text)
		require.NoError(t, err)
		require.Equal(t, want, v.Suggest, text)
		require.Equal(t, text != "", v.TraceID != "", text)
	}
}

func TestATextIsAtMost2500CharactersNotBytes(t *testing.T) {
	p := start(t)
	_, err := p.CheckText(bg, p.citizen(), SceneComment, strings.Repeat("字", 2500))
	require.NoError(t, err)
	_, err = p.CheckText(bg, p.citizen(), SceneComment, strings.Repeat("字", 2501))
	require.ErrorIs(t, err, ErrTextTooLong)
	require.Equal(t, 1, p.box.Calls(textPath))
}

func TestContentIsCheckedOnlyWithinTwoHoursOfAVisit(t *testing.T) {
	p := start(t)
	to := p.citizen()
	p.clock.turn(2*time.Hour + time.Second)
	_, err := p.CheckText(bg, to, SceneComment, "好")
	require.ErrorIs(t, err, ErrNotVisited)
	_, err = p.CheckMedia(bg, to, SceneComment, "https://a.example/b.jpg", Image)
	require.ErrorIs(t, err, ErrNotVisited)
	_, err = p.CheckText(bg, p.people[1].OpenID, SceneComment, "好")
	require.ErrorIs(t, err, ErrNotVisited, "never visited at all")
	_, err = p.CheckText(bg, "", SceneComment, "好")
	require.ErrorIs(t, err, ErrOpenID)
}

func TestAnAdviceNobodyKnowsIsReview(t *testing.T) {
	for body, want := range map[string]Suggest{
		`{"errcode":0,"result":{"suggest":"novel","label":1}}`:                     Review,
		`{"errcode":0,"result":{"suggest":"pass","label":100},"trace_id":"t"}`:     Pass,
		`{"errcode":0,"result":{"suggest":"PASS","label":100}}`:                    Review,
		`{"errcode":0,"result":{"suggest":"risky","label":20001},"detail":[null]}`: Risky,
	} {
		p := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
		v, err := p.CheckText(bg, "o1", SceneComment, "x")
		require.NoError(t, err, body)
		require.Equal(t, want, v.Suggest, body)
	}
	p := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"errcode":0,"errmsg":"ok"}`) })
	_, err := p.CheckText(bg, "o1", SceneComment, "x")
	require.ErrorIs(t, err, ErrUnreachable, "no verdict is no pass")
}

func TestMediaMustHaveAnAddress(t *testing.T) {
	p := start(t)
	for _, bad := range []string{"", "a.jpg", "file:///etc/passwd", "https://", "://x", "data:image/png;base64,AA"} {
		_, err := p.CheckMedia(bg, p.citizen(), SceneProfile, bad, Image)
		require.ErrorIs(t, err, ErrMedia, bad)
	}
	require.Zero(t, p.box.Calls(mediaPath))
}
