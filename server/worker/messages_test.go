package worker

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
)

// desk is a store with one notice to two accounts, and a WeChat that counts.
type desk struct {
	notify.Store
	marked map[citizen.AccountID]bool
	calls  map[string]int
	answer func(openID string) error
}

func newDesk() *desk {
	return &desk{marked: map[citizen.AccountID]bool{}, calls: map[string]int{}, answer: func(string) error { return nil }}
}

func (d *desk) Notice(context.Context, string) (notify.Notice, error) {
	return notify.Notice{ID: "n", To: "p", Kind: notify.CaseAccepted, Text: "已受理", At: time.Unix(1, 0)}, nil
}

func (d *desk) AccountsOf(context.Context, citizen.ID) ([]citizen.Account, error) {
	return []citizen.Account{{ID: "a", OpenID: "open-a"}, {ID: "b", OpenID: "open-b"}}, nil
}

func (d *desk) BeginCall(_ context.Context, _ string, to citizen.AccountID) (bool, error) {
	fresh := !d.marked[to]
	d.marked[to] = true
	return fresh, nil
}

func (d *desk) UndoCall(_ context.Context, _ string, to citizen.AccountID) error {
	delete(d.marked, to)
	return nil
}

func (d *desk) Send(_ context.Context, m wechat.SubscribeMessage) (string, error) {
	d.calls[m.OpenID]++
	return "", d.answer(m.OpenID)
}

func (d *desk) messages() *Messages {
	return &Messages{Store: d, WeChat: d, Templates: map[string]string{"*": "t"}}
}

func TestAMessageGoesOutAtMostOnceToEachAccount(t *testing.T) {
	d := newDesk()
	for range 3 { // the job runs again after a crash, or on another instance
		require.NoError(t, d.messages().Send(t.Context(), "n"))
	}
	require.Equal(t, map[string]int{"open-a": 1, "open-b": 1}, d.calls)
}

func TestAnInstanceThatDiesBeforeItKnowsSendsNothingTwice(t *testing.T) {
	d := newDesk()
	d.answer = func(openID string) error {
		if openID == "open-b" {
			panic("died in the call")
		}
		return nil
	}
	require.Panics(t, func() { _ = d.messages().Send(t.Context(), "n") })
	d.answer = func(string) error { return nil }
	require.NoError(t, d.messages().Send(t.Context(), "n"))
	require.Equal(t, map[string]int{"open-a": 1, "open-b": 1}, d.calls)
}

func TestWhatCertainlyDidNotGoOutIsSentLater(t *testing.T) {
	d := newDesk()
	refuse := errors.New("errcode 45009")
	d.answer = func(openID string) error {
		if openID == "open-b" {
			return refuse
		}
		return nil
	}
	require.ErrorIs(t, d.messages().Send(t.Context(), "n"), refuse)
	d.answer = func(string) error { return nil }
	require.NoError(t, d.messages().Send(t.Context(), "n"))
	require.Equal(t, map[string]int{"open-a": 1, "open-b": 2}, d.calls)
}
