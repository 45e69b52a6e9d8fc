package main

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/storage/blob"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// The content check: what is asked about, and for how long the platform may
// fetch a picture. A person's visit lets us ask for about two hours.
const (
	askSince  = 2 * time.Hour
	askMost   = 10
	fetchLife = 30 * time.Minute
	mediaPath = "/callback/media/"
)

// content asks WeChat whether texts and pictures are fit.
type content struct {
	client *wechat.Client
	db     *sqlstore.DB
	files  blob.Sealed
	keys   *seal.Keyring
	public string // https address of the service, for pictures; "" = pictures are not asked about
	now    func() time.Time
	log    *slog.Logger
}

var _ citizen.Words = (*content)(nil)

// Fit says whether a text may stand. Only what is clearly risky may not; where
// WeChat does not answer, everything may.
func (c *content) Fit(ctx context.Context, who citizen.ID, text string) bool {
	fit := true
	err := c.asAccount(ctx, who, func(openID string) error {
		v, err := c.client.CheckText(ctx, openID, wechat.SceneComment, text)
		fit = err != nil || v.Suggest != wechat.Risky
		return err
	})
	if err != nil {
		c.log.Warn("a text was not checked", "err", err)
	}
	return fit
}

// asAccount asks in the name of one of a person's accounts: the first that has
// visited lately.
func (c *content) asAccount(ctx context.Context, who citizen.ID, ask func(openID string) error) error {
	accounts, err := c.db.AccountsOf(ctx, who)
	if err != nil {
		return err
	}
	err = wechat.ErrNotVisited
	for _, a := range accounts {
		if err = ask(a.OpenID); !errors.Is(err, wechat.ErrNotVisited) {
			return err
		}
	}
	return err
}

// askPictures asks about the pictures that have come; the verdicts come later,
// as pushes.
func (c *content) askPictures(ctx context.Context) error {
	if c.public == "" {
		return nil
	}
	list, err := c.db.UncheckedPictures(ctx, c.now().Add(-askSince), askMost)
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := c.askPicture(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (c *content) askPicture(ctx context.Context, p sqlstore.Picture) error {
	var trace string
	err := c.asAccount(ctx, p.Who, func(openID string) (err error) {
		trace, err = c.client.CheckMedia(ctx, openID, wechat.SceneProfile, c.address(p.File), wechat.Image)
		return err
	})
	if errors.Is(err, wechat.ErrNotVisited) {
		return nil // the sweep asks again while the time lasts
	}
	if err != nil {
		return err
	}
	return c.db.AskedAbout(ctx, p.File, trace)
}

// MediaChecked takes a verdict (callback.Desk).
func (c *content) MediaChecked(ctx context.Context, traceID string, suggest wechat.Suggest, label int) error {
	return c.db.Judge(ctx, traceID, string(suggest), label)
}

// address lets its holder fetch one picture for a short time.
func (c *content) address(file string) string {
	until := strconv.FormatInt(c.now().Add(fetchLife).Unix(), 10)
	return c.public + mediaPath + file + "?" + url.Values{"until": {until}, "sig": {c.sign(file, until)}}.Encode()
}

func (c *content) sign(file, until string) string {
	return hex.EncodeToString(c.keys.Index("callback.media", file+"|"+until))
}

// register adds the address that the platform fetches pictures from.
func (c *content) register(app *api.App) {
	app.Fiber.Get(mediaPath+":file", func(r *fiber.Ctx) error {
		file, until := r.Params("file"), r.Query("until")
		if subtle.ConstantTimeCompare([]byte(c.sign(file, until)), []byte(r.Query("sig"))) != 1 {
			return api.ErrNoRoute
		}
		if sec, err := strconv.ParseInt(until, 10, 64); err != nil || c.now().After(time.Unix(sec, 0)) {
			return api.ErrNoRoute
		}
		picture, err := c.files.Get(r.UserContext(), file)
		if err != nil {
			return fmt.Errorf("a picture to be checked: %w", err)
		}
		r.Set(fiber.HeaderContentType, "application/octet-stream")
		r.Set(fiber.HeaderContentDisposition, "attachment")
		return r.Send(picture)
	})
}
