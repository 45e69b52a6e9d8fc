package wechat

import (
	"context"
	"regexp"

	"github.com/silenceper/wechat/v2/miniprogram/auth"
	sdk "github.com/silenceper/wechat/v2/miniprogram/context"
)

// phoneCodeForm is wider than codeForm: the platform says nothing about these,
// and they travel in a JSON body.
var phoneCodeForm = regexp.MustCompile(`^[!-~]{1,512}$`)

var phoneForm = regexp.MustCompile(`^[0-9]{4,15}$`)

var phoneEndpoint = endpoint{
	name:   "getuserphonenumber",
	faults: map[int64]error{40029: ErrPhoneCode, 40163: ErrPhoneCode, 41008: ErrPhoneCode},
}

// Phone turns the code of the phone-number button into the number that the
// person's WeChat is bound to: digits without a prefix ("13800138000"), and the
// country code ("86"). The code lives five minutes and works once.
//
// Errors: ErrPhoneCode, ErrTooOften, ErrBusy, ErrUnreachable.
func (c *Client) Phone(ctx context.Context, code string) (number, country string, err error) {
	if !phoneCodeForm.MatchString(code) {
		return "", "", ErrPhoneCode
	}
	err = c.ask(ctx, phoneEndpoint, func(ctx context.Context, wx *sdk.Context) error {
		res, err := auth.NewAuth(wx).GetPhoneNumberContext(ctx, code)
		if err != nil {
			return err
		}
		number, country = res.PhoneInfo.PurePhoneNumber, res.PhoneInfo.CountryCode
		if !phoneForm.MatchString(number) || res.PhoneInfo.WaterMark.AppID != c.appID {
			return errEmpty
		}
		return nil
	})
	if err != nil {
		return "", "", err
	}
	return number, country, nil
}
