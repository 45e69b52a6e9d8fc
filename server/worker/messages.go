// Package worker does the background jobs: what a transaction asked for and
// what the clock brings.
package worker

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Messenger sends subscribe messages; *wechat.Client does.
type Messenger interface {
	Send(ctx context.Context, m wechat.SubscribeMessage) (msgID string, err error)
}

// Messages sends stored notices through WeChat.
type Messages struct {
	Store     notify.Store
	WeChat    Messenger
	Templates map[string]string // kind → template id; "*" for every other kind
}

// Send delivers one notice to the accounts of its person. A person who has
// granted no message reads it in the mini-program: that is no failure.
func (m *Messages) Send(ctx context.Context, id string) error {
	n, err := m.Store.Notice(ctx, id)
	if err != nil {
		return err
	}
	template := m.template(n.Kind)
	if template == "" {
		return nil
	}
	accounts, err := m.Store.AccountsOf(ctx, n.To)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if err := m.sendOnce(ctx, a, template, n); err != nil {
			return err
		}
	}
	return nil
}

// sendOnce sends at most once. The mark is durable before WeChat is called: an
// instance that dies between the two, or a time-out, leaves a message that may
// not have gone out and is not sent again; the person reads it in the
// mini-program. What WeChat has refused may be sent later.
func (m *Messages) sendOnce(ctx context.Context, to citizen.Account, template string, n notify.Notice) error {
	fresh, err := m.Store.BeginCall(ctx, n.ID, to.ID)
	if err != nil || !fresh {
		return err
	}
	err = m.sendTo(ctx, to.OpenID, template, n)
	if err == nil || !wechat.Unsent(err) {
		return nil
	}
	return errors.Join(err, m.Store.UndoCall(ctx, n.ID, to.ID))
}

func (m *Messages) template(kind notify.Kind) string {
	if t, ok := m.Templates[string(kind)]; ok {
		return t
	}
	return m.Templates["*"]
}

func (m *Messages) sendTo(ctx context.Context, openID, template string, n notify.Notice) error {
	_, err := m.WeChat.Send(ctx, wechat.SubscribeMessage{
		OpenID: openID, TemplateID: template, Page: "pages/messages/index",
		Data: map[string]string{"thing1": n.Text, "time2": n.At.In(workday.Zone).Format("2006-01-02 15:04")},
	})
	if errors.Is(err, wechat.ErrRefused) {
		return nil
	}
	return err
}
