package citizen

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/notify"
)

type messageOut struct {
	ID      string `json:"id" format:"uuid"`
	Kind    string `json:"kind"`
	Subject string `json:"subject" doc:"id of what it is about"`
	Text    string `json:"text"`
	At      string `json:"at"`
}

// Messages registers what one was told.
func Messages(app *api.App, store notify.Store) {
	api.Get(app, api.Op{ID: "my-messages", Path: "/api/v1/messages", Tag: "account", Summary: "What I was told, newest first"},
		func(ctx context.Context, in *casesIn) (*api.List[messageOut], error) {
			list, err := store.Notices(ctx, api.Person(ctx), in.Cursor, in.Most())
			return api.Paged(in.Page, list, messageFrom, func(n notify.Notice) string { return n.ID }), err
		})
}

func messageFrom(n notify.Notice) messageOut {
	return messageOut{n.ID, string(n.Kind), n.Subject, n.Text, api.At(n.At)}
}
