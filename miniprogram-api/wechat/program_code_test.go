package wechat

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

func TestCodeIsAPictureOfTheWidthAskedFor(t *testing.T) {
	p := start(t)
	for ask, want := range map[int]int{0: 430, 280: 280, 1280: 1280} {
		b, err := p.Code(bg, CodeRequest{Scene: "c=20261123-0001", Page: "pages/case/show", Width: ask})
		require.NoError(t, err)
		img, err := jpeg.Decode(bytes.NewReader(b))
		require.NoError(t, err)
		require.Equal(t, want, img.Bounds().Dx())
	}
}

func TestASceneIsCheckedBeforeAnybodyIsCalled(t *testing.T) {
	p := start(t)
	for _, good := range []string{"a", "0-9A-Za-z!#$&'()*+,/:;=?@-._~", strings.Repeat("a", 32)} {
		_, err := p.Code(bg, CodeRequest{Scene: good})
		require.NoError(t, err, good)
	}
	calls := p.box.Calls(codePath)
	for _, bad := range []string{"", strings.Repeat("a", 33), "中", "a b", "a%20", `a"`, "a\n", "a|b", "<a>", "[a]", "{a}", "a\\b", "a^b", "a`b"} {
		_, err := p.Code(bg, CodeRequest{Scene: bad})
		require.ErrorIs(t, err, ErrScene, "%q", bad)
	}
	for _, bad := range []string{"/pages/index", "pages/index?a=1", "pages/首页", "pages index"} {
		_, err := p.Code(bg, CodeRequest{Scene: "a", Page: bad})
		require.ErrorIs(t, err, ErrPage, "%q", bad)
	}
	for _, bad := range []int{-1, 1, 279, 1281} {
		_, err := p.Code(bg, CodeRequest{Scene: "a", Width: bad})
		require.ErrorIs(t, err, ErrWidth, "%d", bad)
	}
	require.Equal(t, calls, p.box.Calls(codePath))
}

func TestAPageMustBeReleasedUnlessTheCodeIsForATrial(t *testing.T) {
	p := start(t, func(o *sandbox.Options) { o.Pages = []string{"pages/index"} })
	_, err := p.Code(bg, CodeRequest{Scene: "a", Page: "pages/new"})
	require.ErrorIs(t, err, ErrPage)
	_, err = p.Code(bg, CodeRequest{Scene: "a", Page: "pages/new", Version: "trial"})
	require.NoError(t, err)
	_, err = p.Code(bg, CodeRequest{Scene: "a", Page: "pages/index"})
	require.NoError(t, err)
}

func TestCodesAreLimitedByTheMinute(t *testing.T) {
	p := start(t, func(o *sandbox.Options) { o.CodesAMinute = 1 })
	_, err := p.Code(bg, CodeRequest{Scene: "a"})
	require.NoError(t, err)
	_, err = p.Code(bg, CodeRequest{Scene: "a"})
	require.ErrorIs(t, err, ErrTooOften, "a minute's limit, not the day's")
	p.clock.turn(time.Minute)
	_, err = p.Code(bg, CodeRequest{Scene: "a"})
	require.NoError(t, err)
}

// The SDK takes only the header "image/jpeg" to the letter, and JSON only under
// a JSON header.
func TestAPictureIsTakenWhateverItsHeaderSaysBesides(t *testing.T) {
	pic := []byte{0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3}
	for _, header := range []string{"image/jpeg", "image/jpeg; charset=utf-8", "IMAGE/JPEG", "image/jpeg;q=1"} {
		p := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", header)
			_, _ = w.Write(pic)
		})
		b, err := p.Code(bg, CodeRequest{Scene: "a"})
		require.NoError(t, err, header)
		require.Equal(t, pic, b, header)
	}
	for _, header := range []string{"image/jpeg", "text/plain", "application/json; encoding=utf-8", ""} {
		p := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{header}
			fmt.Fprint(w, `{"errcode":41030,"errmsg":"invalid page"}`)
		})
		_, err := p.Code(bg, CodeRequest{Scene: "a"})
		require.ErrorIs(t, err, ErrPage, header)
	}
	p := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/jpeg")
		fmt.Fprint(w, "<html>not a picture</html>")
	})
	_, err := p.Code(bg, CodeRequest{Scene: "a"})
	require.ErrorIs(t, err, ErrUnreachable)
}
