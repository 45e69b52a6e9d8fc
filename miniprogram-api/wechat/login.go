package wechat

import (
	"context"
	"fmt"
	"regexp"

	sdk "github.com/silenceper/wechat/v2/miniprogram/context"

	"github.com/silenceper/wechat/v2/miniprogram/auth"
)

// Identity is who logged in. The session key stays inside: no print verb, no
// encoder and no other package sees it; Client.Unseal uses it.
type Identity struct {
	OpenID  string // of this person in this mini-program
	UnionID string // across the owner's applications; may be empty
	key     secret
}

// Format prints the person without the session key.
func (i Identity) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "{%s %s}", i.OpenID, i.UnionID) }

// codeForm is what login codes are made of. The SDK writes the code into the
// address as it stands: "x&appid=evil" would set other parameters.
var codeForm = regexp.MustCompile(`^[0-9A-Za-z_-]{1,128}$`)

var loginEndpoint = endpoint{
	name: "jscode2session",
	open: true,
	faults: map[int64]error{
		40029: ErrCodeInvalid,
		41008: ErrCodeInvalid,
		40163: ErrCodeUsed,
		40226: ErrBlocked,
	},
}

// Login turns the code of wx.login into an identity. A code lives five minutes
// and works once, so after ErrUnreachable the client must fetch a new one.
//
// Errors: ErrCodeInvalid, ErrCodeUsed, ErrBlocked, ErrTooOften, ErrBusy,
// ErrUnreachable, ErrMisconfigured.
func (c *Client) Login(ctx context.Context, code string) (Identity, error) {
	if !codeForm.MatchString(code) {
		return Identity{}, ErrCodeInvalid
	}
	var who Identity
	err := c.ask(ctx, loginEndpoint, func(ctx context.Context, wx *sdk.Context) error {
		res, err := auth.NewAuth(wx).Code2SessionContext(ctx, code)
		if err == nil && (res.OpenID == "" || res.SessionKey == "") {
			return errEmpty
		}
		who = Identity{OpenID: res.OpenID, UnionID: res.UnionID, key: hide(res.SessionKey)}
		return err
	})
	if err != nil {
		return Identity{}, err
	}
	return who, nil
}
