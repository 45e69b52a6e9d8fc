// Package callback (微信消息推送) receives what the WeChat platform tells us by
// itself. It decides that a push is believed only when it is signed, fresh,
// encrypted where we have a key, and new; and that it is acted on once.
//
// The address to enter in the platform's console is https://HOST/callback/wechat,
// with YIMEN_WECHAT_TOKEN and YIMEN_WECHAT_AES_KEY, mode 安全模式, JSON or XML.
//
//	GET  /callback/wechat?signature&timestamp&nonce&echostr
//	     200 and echostr as plain text
//	POST /callback/wechat?signature&timestamp&nonce[&encrypt_type=aes&msg_signature]
//	     200 "success" once the event is dealt with, and again where it comes twice
//
// A wrong signature, an old timestamp or a push in the open where there is a
// key is a problem with status 403, an unreadable one 422. Where the event
// could not be dealt with the status is 5xx, and the platform sends it again,
// three times in all. The routes stand outside the OpenAPI document: nobody
// else may call them.
package callback

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat"
)

// Path is the address of the receiver.
const Path = "/callback/wechat"

// marksLife is how long a push is known again. The platform repeats one within
// seconds, and its timestamp makes an older one stale.
const marksLife = time.Hour

// Marks remember which pushes have come, for all replicas.
type Marks interface {
	// SetNX keeps a mark where there is none, and says whether it did.
	SetNX(ctx context.Context, key string, value []byte, ttl time.Duration) (set bool, err error)
	Delete(ctx context.Context, key string) error
}

// Desk deals with what the platform tells.
type Desk interface {
	// MediaChecked takes the verdict on a picture. One that is not ours is no
	// error; the same verdict twice changes nothing.
	MediaChecked(ctx context.Context, traceID string, suggest wechat.Suggest, label int) error
}

// Receiver takes the pushes of one mini-program.
type Receiver struct {
	Client *wechat.Client
	Marks  Marks
	Desk   Desk
	Log    *slog.Logger
}

// Register adds the receiver's routes.
func (r *Receiver) Register(app *api.App) {
	app.Fiber.Get(Path, r.echo)
	app.Fiber.Post(Path, r.receive)
}

func (r *Receiver) echo(c *fiber.Ctx) error {
	echo, err := r.Client.Push(nil).Echo(query(c))
	if err != nil {
		return err
	}
	return c.SendString(echo)
}

func (r *Receiver) receive(c *fiber.Ctx) error {
	var mark string
	push := r.Client.Push(func(ctx context.Context, id string) (bool, error) {
		mark = "push:" + id
		first, err := r.Marks.SetNX(ctx, mark, []byte{1}, marksLife)
		return !first, err
	})
	ev, err := push.Receive(c.UserContext(), query(c), c.Body())
	if errors.Is(err, wechat.ErrPushRepeated) {
		return c.SendString("success")
	}
	if err != nil {
		return err
	}
	if err := r.deal(c.UserContext(), ev); err != nil {
		return errors.Join(err, r.Marks.Delete(c.UserContext(), mark)) // so that it may come again
	}
	return c.SendString("success")
}

// deal acts on an event. What asks for nothing is only logged, without the
// openid it is about.
func (r *Receiver) deal(ctx context.Context, ev wechat.Event) error {
	switch d := ev.Detail.(type) {
	case wechat.MediaChecked:
		return r.Desk.MediaChecked(ctx, d.TraceID, d.Suggest, d.Label)
	case wechat.MessagesSent:
		for _, m := range d.Messages {
			if !m.Arrived {
				r.Log.Warn("a message did not arrive", "template", m.TemplateID, "code", m.Code, "msgid", m.MsgID)
			}
		}
	case wechat.GrantsChanged:
		for _, choice := range d.Choices {
			r.Log.Info("a subscription was answered", "template", choice.TemplateID, "accepted", choice.Accepted, "asked", d.Asked)
		}
	default:
		r.Log.Debug("a push asks for nothing", "type", ev.Type, "event", ev.Name)
	}
	return nil
}

// query reads the parameters, none where they cannot be read: then the
// signature is missing.
func query(c *fiber.Ctx) url.Values {
	v, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return url.Values{}
	}
	return v
}
