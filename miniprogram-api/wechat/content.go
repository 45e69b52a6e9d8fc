package wechat

import (
	"context"
	"net/url"
	"unicode/utf8"

	sdk "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/miniprogram/security"
)

// Scene says where a text or picture of a person will stand.
type Scene uint8

// The platform's scenes.
const (
	SceneProfile Scene = iota + 1 // 资料
	SceneComment                  // 评论
	SceneForum                    // 论坛
	SceneSocial                   // 社交日志
)

// Media is the sort of a file to check.
type Media uint8

// The platform's sorts.
const (
	Audio Media = iota + 1
	Image
)

// Suggest is the platform's advice on a content.
type Suggest string

// The advices. Whatever is not clearly one of them counts as Review.
const (
	Pass   Suggest = "pass"
	Review Suggest = "review"
	Risky  Suggest = "risky"
)

func suggestOf(s string) Suggest {
	if s == string(Pass) || s == string(Risky) {
		return Suggest(s)
	}
	return Review
}

// Verdict is the result of a text check. Label is the platform's number for
// what it found (100 = normal).
type Verdict struct {
	Suggest Suggest
	Label   int
	TraceID string
}

// MaxText is the longest text that can be checked, in characters.
const MaxText = 2500

var (
	textEndpoint  = endpoint{name: "msg_sec_check"}
	mediaEndpoint = endpoint{name: "media_check_async", faults: map[int64]error{40097: ErrMedia, 43104: ErrMedia}}
)

// CheckText asks whether a text may be shown. The person must have opened the
// mini-program within about two hours. Risky is an outcome, not an error.
//
// Errors: ErrTextTooLong, ErrNotVisited, ErrOpenID, ErrQuota, ErrBusy,
// ErrUnreachable.
func (c *Client) CheckText(ctx context.Context, openID string, scene Scene, text string) (Verdict, error) {
	switch {
	case text == "":
		return Verdict{Suggest: Pass, Label: 100}, nil
	case utf8.RuneCountInString(text) > MaxText:
		return Verdict{}, ErrTextTooLong
	case openID == "":
		return Verdict{}, ErrOpenID
	}
	var v Verdict
	err := c.ask(ctx, textEndpoint, func(ctx context.Context, wx *sdk.Context) error {
		res, err := security.NewSecurity(wx).MsgCheckContext(ctx, &security.MsgCheckRequest{
			OpenID: openID, Scene: security.MsgScene(scene), Content: text,
		})
		if err == nil && res.Result.Suggest == "" {
			return errEmpty
		}
		v = Verdict{suggestOf(string(res.Result.Suggest)), int(res.Result.Label), res.TraceID}
		return err
	})
	if err != nil {
		return Verdict{}, err
	}
	return v, nil
}

// CheckMedia asks whether a picture or a sound may be shown. The address must
// be open to the platform. The answer comes later as an event MediaChecked with
// this trace id.
//
// Errors: ErrMedia, ErrNotVisited, ErrOpenID, ErrMisconfigured, ErrBusy,
// ErrUnreachable.
func (c *Client) CheckMedia(ctx context.Context, openID string, scene Scene, mediaURL string, media Media) (traceID string, err error) {
	u, bad := url.Parse(mediaURL)
	switch {
	case bad != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return "", ErrMedia
	case openID == "":
		return "", ErrOpenID
	}
	err = c.ask(ctx, mediaEndpoint, func(ctx context.Context, wx *sdk.Context) error {
		traceID, err = security.NewSecurity(wx).MediaCheckAsyncContext(ctx, &security.MediaCheckAsyncRequest{
			MediaURL: mediaURL, MediaType: uint8(media), OpenID: openID, Scene: uint8(scene),
		})
		if err == nil && traceID == "" {
			return errEmpty
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return traceID, nil
}
