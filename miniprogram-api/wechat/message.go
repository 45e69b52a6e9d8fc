package wechat

import (
	"context"
	"maps"
	"slices"
	"strconv"

	sdk "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/miniprogram/subscribe"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// SubscribeMessage is a service notice (订阅消息) to one person. Each grant of
// the person pays for one message, except with long-term templates.
type SubscribeMessage struct {
	OpenID     string
	TemplateID string
	Page       string            // opened by a tap, with parameters; empty = the message leads nowhere
	Data       map[string]string // template field → value: "thing1" → "居住证办理"
	State      string            // formal (default), trial or developer
	Lang       string            // zh_CN (default), zh_HK, zh_TW, en_US
}

var sendEndpoint = endpoint{
	name: "subscribe/send",
	faults: map[int64]error{
		40037: ErrTemplate,
		41030: ErrPage,
		43101: ErrRefused,
		47003: ErrTemplateData,
	},
}

// Send sends the message and returns its id, which the sent event repeats
// (empty where WeChat gives none).
// Free text that is too long for its field is cut; a value that breaks its
// field's rule otherwise is an error before anybody is called. A time-out
// leaves it open whether the message went out.
//
// Errors: ErrRefused (no grant left, or the person refuses), ErrTemplateData
// (with the fields), ErrTemplate, ErrPage, ErrOpenID, ErrQuota, ErrBusy,
// ErrUnreachable.
func (c *Client) Send(ctx context.Context, m SubscribeMessage) (msgID string, err error) {
	data, wrong := fitAll(m.Data)
	switch {
	case m.OpenID == "":
		return "", ErrOpenID
	case m.TemplateID == "":
		return "", ErrTemplate
	case len(wrong) > 0:
		return "", ErrTemplateData.With(wrong...)
	}
	msg := &subscribe.Message{
		ToUser: m.OpenID, TemplateID: m.TemplateID, Page: m.Page, Data: data,
		MiniprogramState: or(m.State, "formal"), Lang: or(m.Lang, "zh_CN"),
	}
	err = c.ask(ctx, sendEndpoint, func(_ context.Context, wx *sdk.Context) error {
		id, err := subscribe.NewSubscribe(wx).SendGetMsgID(msg)
		msgID = ""
		if id != 0 {
			msgID = strconv.FormatInt(id, 10)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return msgID, nil
}

// fitAll fits every value into its field, and names those that cannot be.
func fitAll(values map[string]string) (map[string]*subscribe.DataItem, []fault.Field) {
	data := make(map[string]*subscribe.DataItem, len(values))
	var wrong []fault.Field
	for _, key := range slices.Sorted(maps.Keys(values)) {
		v, ok := fit(key, values[key])
		if !ok {
			wrong = append(wrong, fault.Field{Path: "data." + key, Text: "内容不符合模板字段的要求"})
			continue
		}
		data[key] = &subscribe.DataItem{Value: v}
	}
	return data, wrong
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
