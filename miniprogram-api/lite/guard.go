package lite

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Names of the hidden fields and of the cookies.
const (
	guardField = "_guard" // proves that the form was made for this session
	onceField  = "_once"  // names this form: sent twice, it is done once
	toField    = "_to"    // where to go on after signing in
	keptPrefix = "_kept." // what was typed before signing in again

	sessionCookie = "yimen_lite"
	screenCookie  = "yimen_screen" // of a browser that is not signed in
	largeCookie   = "yimen_large"
)

// Faults of forms.
var (
	ErrForeign  = fault.New(fault.Forbidden, "page.foreign_form", "这次提交不是从本系统的页面发出的，没有办理。请从本系统的页面重新提交")
	ErrOldForm  = fault.New(fault.Conflict, "page.old_form", "页面已经更新，您填写的内容还在，请核对后再点一次提交")
	ErrSentOnce = fault.New(fault.Conflict, "page.sent_before", "这张表刚才已经提交过。如果内容有改动，请核对后再点一次提交")
)

// secret is what the forms of this browser are bound to: its session, or where
// there is none a cookie of its own.
func (v *visit) secret() string {
	if v.token != "" {
		return v.token
	}
	return v.screen()
}

// screen gives the browser a cookie of its own.
func (v *visit) screen() string {
	if s := v.c.Cookies(screenCookie); len(s) >= 20 {
		return s
	}
	s := rand.Text()
	v.cookie(screenCookie, s)
	v.c.Request().Header.SetCookie(screenCookie, s)
	return s
}

// cookie sets a cookie that scripts cannot read and other sites cannot send.
func (v *visit) cookie(name, value string) {
	k := &fiber.Cookie{
		Name: name, Value: value, Path: Root, HTTPOnly: true, SameSite: fiber.CookieSameSiteStrictMode, Secure: v.secure(), SessionOnly: true,
	}
	if value == "" {
		k.Expires, k.SessionOnly = fasthttp.CookieExpireDelete, false
	}
	if name == largeCookie && value != "" {
		k.MaxAge, k.SessionOnly = 365*24*3600, false
	}
	v.c.Cookie(k)
}

// secure says whether the browser speaks HTTPS, to us or to the proxy before
// us. Who lies about it harms only their own cookie.
func (v *visit) secure() bool {
	return v.c.Protocol() == "https" || strings.EqualFold(v.c.Get(fiber.HeaderXForwardedProto), "https")
}

// tagBytes is the length of a form's proof.
const tagBytes = 16

func (v *visit) tag() []byte {
	mac := hmac.New(sha256.New, []byte("lite form|"+v.secret()))
	return mac.Sum(nil)[:tagBytes]
}

// guard is the proof as it stands in a page. It looks different each time, so
// that the length of compressed pages tells nothing about it.
func (v *visit) guard() string {
	b := make([]byte, 2*tagBytes)
	_, _ = rand.Read(b[:tagBytes])
	for i, c := range v.tag() {
		b[tagBytes+i] = b[i] ^ c
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// proved says whether the form carries the proof.
func (v *visit) proved() bool {
	b, err := base64.RawURLEncoding.DecodeString(v.typed.Get(guardField))
	if err != nil || len(b) != 2*tagBytes {
		return false
	}
	for i := range tagBytes {
		b[i] ^= b[tagBytes+i]
	}
	return hmac.Equal(b[:tagBytes], v.tag())
}

// ours says whether a page of ours sent the form, by what the browser says of
// its origin. One that says nothing still needs the proof.
func (v *visit) ours() bool {
	switch v.c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	origin := v.c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, string(v.c.Request().Host()))
}
