package wechat

import (
	"context"
	"time"

	"github.com/silenceper/wechat/v2/credential"
)

// tokens hands out the access token of the mini-program, one for all callers.
// Source: the platform's getStableAccessToken: valid 7200 s; asked again it
// gives the same token; force_refresh ends the old one, at most 20 times a day
// and 30 s apart.
type tokens struct {
	client *Client
	stable *credential.StableAccessToken
	kept   *kept
	ration ration
	turn   chan struct{} // holds one: a mutex that a context can leave
}

var tokenEndpoint = endpoint{name: "stable_token", open: true}

// key is the SDK's own name for the stable token in the cache.
func (t *tokens) key() string {
	return credential.CacheKeyMiniProgramPrefix + "_stable_access_token_" + t.client.appID
}

// current returns the token, asking WeChat where none is held.
func (t *tokens) current(ctx context.Context) (string, error) {
	if token := t.kept.held(); token != "" {
		return token, nil
	}
	if err := t.take(ctx); err != nil {
		return "", err
	}
	defer t.give()
	return t.fetch(ctx)
}

// renew returns another token than the refused one: the one that somebody else
// has fetched meanwhile, or what WeChat gives when asked, or, where it insists
// on the refused one, a forced new one within the ration.
func (t *tokens) renew(ctx context.Context, refused string) (string, error) {
	if err := t.take(ctx); err != nil {
		return "", err
	}
	defer t.give()
	t.kept.drop(t.key(), refused)
	token, err := t.fetch(ctx)
	if err != nil || token != refused {
		return token, err
	}
	t.kept.drop(t.key(), refused)
	if !t.ration.take(ctx) {
		return "", because(ErrToken, answer{api: tokenEndpoint.name, why: "no forced refresh left for now"})
	}
	return t.force(ctx)
}

// fetch goes through the SDK: its cache (ours) first, then WeChat.
func (t *tokens) fetch(ctx context.Context) (string, error) {
	return t.ask(ctx, func(ctx context.Context) (string, error) {
		return t.stable.GetAccessTokenContext(ctx)
	})
}

func (t *tokens) force(ctx context.Context) (string, error) {
	return t.ask(ctx, func(ctx context.Context) (string, error) {
		res, err := t.stable.GetAccessTokenDirectly(ctx, true)
		if err == nil {
			_ = t.kept.Set(t.key(), res.AccessToken, time.Duration(res.ExpiresIn-300)*time.Second)
		}
		return res.AccessToken, err
	})
}

// ask makes one token request, again while WeChat is busy. A token that comes
// with an error is still a token: the SDK reports a cache that is down so.
func (t *tokens) ask(ctx context.Context, f func(context.Context) (string, error)) (string, error) {
	for busy := 0; ; busy++ {
		k := &call{client: t.client, ctx: ctx}
		token, err := f(k.context())
		if token != "" {
			return token, nil
		}
		if err == nil {
			err = errEmpty
		}
		got := k.outcome(tokenEndpoint.name, err)
		if got.code != codeBusy || busy >= len(t.client.pauses) || !pause(ctx, t.client.pauses[busy]) {
			return "", got.fault(tokenEndpoint)
		}
	}
}

func (t *tokens) take(ctx context.Context) error {
	select {
	case t.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return because(ErrUnreachable, answer{api: tokenEndpoint.name, why: plain(ctx, ctx.Err()), ended: ctx.Err()})
	}
}

func (t *tokens) give() { <-t.turn }
