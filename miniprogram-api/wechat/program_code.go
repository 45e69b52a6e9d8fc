package wechat

import (
	"bytes"
	"context"
	"regexp"

	sdk "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/miniprogram/qrcode"
)

// CodeRequest asks for a mini-program code (小程序码).
type CodeRequest struct {
	Scene   string // 1 to 32 of 0-9A-Za-z!#$&'()*+,/:;=?@-._~, handed to the page
	Page    string // "pages/case/show", no leading slash, no parameters; empty = the home page
	Width   int    // pixels, 280 to 1280; 0 = 430
	Version string // release (default), trial or develop
}

var (
	sceneForm = regexp.MustCompile(`^[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}$`)
	pageForm  = regexp.MustCompile(`^[0-9A-Za-z_-][0-9A-Za-z_/.-]{0,127}$`)
	jpegMagic = []byte{0xFF, 0xD8}
)

var codeEndpoint = endpoint{
	name: "getwxacodeunlimit",
	faults: map[int64]error{
		40169: ErrScene,
		41030: ErrPage,
		40097: ErrWidth,
		45009: ErrTooOften, // 5000 a minute, not a day's quota
	},
}

// Code returns the mini-program code as JPEG.
//
// Errors: ErrScene, ErrPage, ErrWidth, ErrTooOften, ErrBusy, ErrUnreachable.
func (c *Client) Code(ctx context.Context, r CodeRequest) (jpeg []byte, err error) {
	switch {
	case !sceneForm.MatchString(r.Scene):
		return nil, ErrScene
	case r.Page != "" && !pageForm.MatchString(r.Page):
		return nil, ErrPage
	case r.Width != 0 && (r.Width < 280 || r.Width > 1280):
		return nil, ErrWidth
	}
	released := or(r.Version, "release") == "release"
	want := qrcode.QRCoder{
		Scene: r.Scene, Page: r.Page, Width: r.Width,
		EnvVersion: or(r.Version, "release"), CheckPath: &released,
	}
	err = c.ask(ctx, codeEndpoint, func(_ context.Context, wx *sdk.Context) error {
		jpeg, err = qrcode.NewQRCode(wx).GetWXACodeUnlimit(want)
		if err == nil && !bytes.HasPrefix(jpeg, jpegMagic) {
			return errEmpty
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return jpeg, nil
}
