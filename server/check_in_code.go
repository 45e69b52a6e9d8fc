package main

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/storage/cache"
)

// checkInCodes draws mini-program codes for check-in and keeps them: WeChat
// counts how many one asks for.
type checkInCodes struct {
	wechat *wechat.Client
	cache  cache.Cache
	now    func() time.Time
}

// checkInPage is what a code opens.
const checkInPage = "pages/check-in/index"

// codeMost is how long a picture is kept.
const codeMost = 24 * time.Hour

// CheckInCode implements citizen.Pictures.
func (c checkInCodes) CheckInCode(ctx context.Context, code appointment.Code, until time.Time) ([]byte, error) {
	key := "check-in-code:" + string(code)
	if kept, ok, err := c.cache.Get(ctx, key); err == nil && ok {
		return kept, nil
	}
	picture, err := c.wechat.Code(ctx, wechat.CodeRequest{Scene: string(code), Page: checkInPage})
	if err != nil {
		return nil, err
	}
	if life := min(codeMost, until.Sub(c.now())); life > 0 {
		_ = c.cache.Set(ctx, key, picture, life) // without it, WeChat is asked again
	}
	return picture, nil
}
