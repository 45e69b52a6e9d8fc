package wechat

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"
)

// host is where the platform's interface lives. A client with real credentials
// and no BaseURL speaks to it and to nobody else.
const host = "api.weixin.qq.com"

// Config says which mini-program the client speaks for.
type Config struct {
	AppID          string           // wx…, from the platform's console
	AppSecret      string           // never leaves the process but towards BaseURL
	Token          string           // signs message pushes; empty = no push is accepted
	EncodingAESKey string           // 43 characters; encrypts message pushes
	BaseURL        string           // empty = the platform; else a gateway or a test server
	Cache          Cache            // shared between replicas; nil = this process alone
	Now            func() time.Time // the clock
	Timeout        time.Duration    // of one method, retries included; 0 = 8 seconds
	Watch          Watch            // sees each attempt; nil = nobody
}

// Watch sees an attempt at a call, and how it ended: "ok", an errcode, or
// "unreachable". The context that it gives is the attempt's.
type Watch func(ctx context.Context, call string) (context.Context, func(outcome string))

// Format keeps the secrets out of every print verb.
func (c Config) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "wechat.Config(%s)", c.AppID) }

// MarshalJSON keeps the secrets out of structured logs.
func (c Config) MarshalJSON() ([]byte, error) { return []byte(`"wechat.Config"`), nil }

var (
	appIDForm  = regexp.MustCompile(`^[0-9A-Za-z_-]{4,64}$`)
	aesKeyForm = regexp.MustCompile(`^[0-9A-Za-z+/]{43}$`)
)

// check names the first thing that is wrong, without its value.
func (c Config) check() error {
	switch {
	case !appIDForm.MatchString(c.AppID):
		return errors.New("wechat: AppID is missing or malformed")
	case c.AppSecret == "":
		return errors.New("wechat: AppSecret is missing")
	case c.EncodingAESKey != "" && !aesKeyForm.MatchString(c.EncodingAESKey):
		return errors.New("wechat: EncodingAESKey must be 43 letters and digits")
	case c.EncodingAESKey != "" && c.Token == "":
		return errors.New("wechat: EncodingAESKey needs a Token")
	case c.Now == nil:
		return errors.New("wechat: Now is missing")
	case c.Timeout < 0:
		return errors.New("wechat: Timeout is negative")
	}
	return nil
}

// base parses BaseURL. The platform itself is only ever spoken to over TLS.
func (c Config) base() (*url.URL, error) {
	if c.BaseURL == "" {
		return &url.URL{Scheme: "https", Host: host, Path: "/"}, nil
	}
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("wechat: BaseURL must be scheme://host[/path]")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("wechat: BaseURL must be http or https")
	case u.Hostname() == host && u.Scheme != "https":
		return nil, errors.New("wechat: the platform is only spoken to over https")
	}
	return u.JoinPath("/"), nil // a path, so that others can be joined to it
}
