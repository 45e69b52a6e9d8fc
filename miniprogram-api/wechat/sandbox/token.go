package sandbox

import (
	"net/http"
	"time"
)

// Times of an access token.
const (
	tokenLife  = 7200 * time.Second
	tokenEarly = 5 * time.Minute // so long before its end a new one is given out …
	tokenGrace = 5 * time.Minute // … and so long the old one still works beside it
	forcePause = 30 * time.Second
	forceDaily = 20
)

// token is one access token.
type token struct {
	value string
	until time.Time
}

// tokens is the state of stable_token.
type tokens struct {
	now, before token
	dead        map[string]bool // revoked or replaced: refused as 40001
	known       map[string]bool // ever given out; past their time they are 42001
	forced      time.Time
	day         string
	today       int
}

// check judges the token of a call.
func (t *tokens) check(value string, now time.Time) *refusal {
	switch {
	case value == "":
		return &refusal{41001, "access_token missing"}
	case value == t.now.value && now.Before(t.now.until), value == t.before.value && now.Before(t.before.until):
		return nil
	case t.known[value] && !t.dead[value]:
		return &refusal{42001, "access_token expired"}
	}
	return &refusal{40001, "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken"}
}

// issue makes a new token; the old one works for grace longer.
func (t *tokens) issue(now time.Time, grace time.Duration) {
	if t.known == nil {
		t.known, t.dead = map[string]bool{}, map[string]bool{}
	}
	t.before = t.now
	if end := now.Add(grace); t.before.until.After(end) {
		t.before.until = end
	}
	if grace == 0 {
		t.dead[t.before.value] = true
	}
	t.now = token{random(512), now.Add(tokenLife)}
	t.known[t.now.value] = true
}

// force issues a token at once. Within 30 s of the last time it does nothing,
// as documented; past twenty a day it is refused.
func (t *tokens) force(now time.Time) *refusal {
	if !t.forced.IsZero() && now.Sub(t.forced) < forcePause {
		return nil
	}
	if day := now.In(shanghai).Format(time.DateOnly); t.day != day {
		t.day, t.today = day, 0
	}
	if t.today >= forceDaily {
		return &refusal{45009, "reach max api daily quota limit"}
	}
	t.forced, t.today = now, t.today+1
	t.issue(now, 0)
	return nil
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func (s *Sandbox) stableToken(r *http.Request) (any, *refusal) {
	var in struct {
		GrantType string `json:"grant_type"`
		AppID     string `json:"appid"`
		Secret    string `json:"secret"`
		Force     bool   `json:"force_refresh"`
	}
	if no := decode(r, &in); no != nil {
		return nil, no
	}
	if no := s.credentials(in.AppID, in.Secret); no != nil {
		return nil, no
	}
	if in.GrantType != "client_credential" {
		return nil, &refusal{40002, "invalid grant_type"}
	}
	now := s.o.Now()
	if in.Force {
		if no := s.tokens.force(now); no != nil {
			return nil, no
		}
	}
	if left := s.tokens.now.until.Sub(now); left <= tokenEarly {
		s.tokens.issue(now, tokenGrace)
	}
	left := s.tokens.now.until.Sub(now)
	return map[string]any{"access_token": s.tokens.now.value, "expires_in": int(left / time.Second)}, nil
}

// credentials judges AppID and secret.
func (s *Sandbox) credentials(appID, secret string) *refusal {
	switch {
	case appID == "":
		return &refusal{41002, "appid missing"}
	case secret == "":
		return &refusal{41004, "appsecret missing"}
	case appID != s.o.AppID:
		return &refusal{40013, "invalid appid"}
	case secret != s.o.Secret:
		return &refusal{40125, "invalid appsecret, view more at http://t.cn/RAEkdVq"}
	}
	return nil
}

// Revoke ends the current access token, as a reset of the AppSecret would.
func (s *Sandbox) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens.now.value != "" {
		s.tokens.dead[s.tokens.now.value] = true
	}
	s.tokens.now, s.tokens.before = token{}, token{}
}
