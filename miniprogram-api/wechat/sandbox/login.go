package sandbox

import (
	"crypto/rand"
	"encoding/base64"
	"maps"
	"net/http"
	"time"
)

// codeLife is how long login and phone codes live.
const codeLife = 5 * time.Minute

// code is a one-use code of a person.
type code struct {
	openID string
	phone  bool // for the phone number; else for a login
	until  time.Time
	used   bool
}

// LoginCode is wx.login on the person's phone. It returns "" for an unknown
// openid. Opening the mini-program counts as a visit.
func (s *Sandbox) LoginCode(openID string) string {
	c := s.newCode(openID, false)
	if c != "" {
		s.mu.Lock()
		s.visits[openID] = s.o.Now()
		s.mu.Unlock()
	}
	return c
}

// PhoneCode is a tap on the phone-number button. It returns "" for an unknown
// openid.
func (s *Sandbox) PhoneCode(openID string) string { return s.newCode(openID, true) }

func (s *Sandbox) newCode(openID string, phone bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byOpenID(openID) == nil {
		return ""
	}
	c := "0" + hexes(15)
	if phone {
		c = hexes(32)
	}
	s.sweep()
	s.codes[c] = &code{openID: openID, phone: phone, until: s.o.Now().Add(codeLife)}
	return c
}

// sweep forgets dead codes and past minutes, once there are many.
func (s *Sandbox) sweep() {
	const many = 10_000
	now := s.o.Now()
	if len(s.codes) > many {
		maps.DeleteFunc(s.codes, func(_ string, c *code) bool { return !now.Before(c.until) })
	}
	if len(s.windows) > many {
		maps.DeleteFunc(s.windows, func(_ string, w window) bool { return now.Sub(w.minute) > time.Minute })
	}
}

func (s *Sandbox) code2Session(r *http.Request) (any, *refusal) {
	q := r.URL.Query()
	if no := s.credentials(q.Get("appid"), q.Get("secret")); no != nil {
		return nil, no
	}
	switch {
	case q.Get("grant_type") != "authorization_code":
		return nil, &refusal{40002, "invalid grant_type"}
	case q.Get("js_code") == "":
		return nil, &refusal{41008, "missing code"}
	}
	c, no := s.spend(q.Get("js_code"), false)
	if no != nil {
		return nil, no
	}
	p := s.byOpenID(c.openID)
	if p.Blocked {
		return nil, &refusal{40226, "code blocked"}
	}
	key := make([]byte, 16)
	_, _ = rand.Read(key)
	s.keys[p.OpenID] = base64.StdEncoding.EncodeToString(key)
	s.visits[p.OpenID] = s.o.Now()
	return map[string]any{"session_key": s.keys[p.OpenID], "openid": p.OpenID, "unionid": p.UnionID}, nil
}

// spend uses a code up. A login over the rate does not use its code up.
func (s *Sandbox) spend(value string, phone bool) (*code, *refusal) {
	c := s.codes[value]
	if c == nil || c.phone != phone || !s.o.Now().Before(c.until) || s.byOpenID(c.openID) == nil {
		return nil, &refusal{40029, "invalid code"}
	}
	if !phone && !s.within("login "+c.openID, s.o.LoginsAMinute) {
		return nil, &refusal{45011, "api minute-quota reach limit  mustslower  retry next minute"}
	}
	if c.used && phone {
		return nil, &refusal{40029, "invalid code"}
	}
	if c.used {
		return nil, &refusal{40163, "code been used"}
	}
	c.used = true
	return c, nil
}

// SessionKey tells the session key of the person's last login, which the
// person's phone knows too. Empty: never logged in.
func (s *Sandbox) SessionKey(openID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys[openID]
}

func (s *Sandbox) phoneNumber(r *http.Request) (any, *refusal) {
	var in struct {
		Code string `json:"code"`
	}
	if no := decode(r, &in); no != nil {
		return nil, no
	}
	c, no := s.spend(in.Code, true)
	if no != nil {
		return nil, no
	}
	p := s.byOpenID(c.openID)
	whole := p.Phone
	if p.CountryCode != "86" {
		whole = "+" + p.CountryCode + p.Phone
	}
	return ok(map[string]any{"phone_info": map[string]any{
		"phoneNumber":     whole,
		"purePhoneNumber": p.Phone,
		"countryCode":     p.CountryCode,
		"watermark":       map[string]any{"timestamp": s.o.Now().Unix(), "appid": s.o.AppID},
	}}), nil
}

// ok adds errcode 0, which most interfaces give with their answer.
func ok(answer map[string]any) map[string]any {
	answer["errcode"], answer["errmsg"] = 0, "ok"
	return answer
}

// window counts calls within one minute of the clock.
type window struct {
	minute time.Time
	n      int
}

// within counts a call and says whether the minute still has room for it.
func (s *Sandbox) within(key string, limit int) bool {
	w := s.windows[key]
	if minute := s.o.Now().Truncate(time.Minute); !w.minute.Equal(minute) {
		w = window{minute: minute}
	}
	w.n++
	s.windows[key] = w
	return w.n <= limit
}
