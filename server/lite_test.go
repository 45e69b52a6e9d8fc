package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestACodeFromThePhoneOpensThePagesOnce(t *testing.T) {
	c := sharedTown(t)
	clerk := c.clerk(t, villageOffice)
	code := clerk.pageCode()
	b := c.browser(t)
	b.get("/lite/").is(http.StatusUnauthorized).form("/lite/sign-in/code").with("code", strings.ToLower(code[:4]+" - "+code[4:])).send().is(http.StatusOK).says(clerk.person.Name)
	again := c.browser(t)
	again.get("/lite/sign-in").form("/lite/sign-in/code").with("code", code).send().is(http.StatusUnprocessableEntity).says("登录码不对")
	require.Equal(t, http.StatusUnauthorized, again.get("/lite/").status)
	first := clerk.pageCode()
	clerk.pageCode()
	again.get("/lite/sign-in").form("/lite/sign-in/code").with("code", first).send().is(http.StatusUnprocessableEntity)
}

func TestThePagesCookieIsOutOfReach(t *testing.T) {
	c := sharedTown(t)
	clerk := c.clerk(t, villageOffice)
	b := c.browser(t)
	page := b.get("/lite/sign-in")
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	f := page.form("/lite/sign-in/code").with("code", clerk.pageCode())
	f.header.Set("X-Forwarded-Proto", "https")
	s := f.send().is(http.StatusSeeOther)
	cookie := s.header.Get("Set-Cookie")
	for _, part := range []string{"yimen_lite=", "HttpOnly", "SameSite=Strict", "secure", "path=/lite"} {
		require.Contains(t, cookie, part)
	}
	require.Equal(t, "no-store", s.header.Get("Cache-Control"))
	clerk.get("/api/v1/me").ok()
	require.Equal(t, http.StatusUnauthorized, c.nobody(t).send(request{method: "GET", path: "/api/v1/me", header: http.Header{"Cookie": {strings.Split(cookie, ";")[0]}}}).status,
		"the API takes no cookies")
}

func TestAFormFromElsewhereDoesNothing(t *testing.T) {
	c := sharedTown(t)
	b := c.clerk(t, villageOffice).atPages()
	home := b.get("/lite/")
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
		f := home.form("/lite/sign-in/out")
		f.header.Set(name, value)
		f.send().is(http.StatusForbidden).says("不是从本系统的页面发出的")
	}
	home.form("/lite/sign-in/out").with("_guard", "AAAA").send().is(http.StatusConflict)
	other := c.clerk(t, villageOffice).atPages().get("/lite/").form("/lite/sign-in/out")
	home.form("/lite/sign-in/out").with("_guard", other.typed.Get("_guard")).send().is(http.StatusConflict)
	b.get("/lite/").is(http.StatusOK)
	require.NotEqual(t, home.form("/lite/sign-in/out").typed.Get("_guard"), b.get("/lite/").form("/lite/sign-in/out").typed.Get("_guard"), "the proof looks different each time")
}

func TestAfterSigningOutNothingIsLeft(t *testing.T) {
	c := sharedTown(t)
	b := c.clerk(t, villageOffice).atPages()
	home := b.get("/lite/").is(http.StatusOK)
	require.Equal(t, "no-store", home.header.Get("Cache-Control"))
	f := home.form("/lite/sign-in/out")
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	out := f.send().is(http.StatusSeeOther)
	require.Contains(t, out.header.Get("Clear-Site-Data"), `"cache"`)
	b.get("/lite/").is(http.StatusUnauthorized)
	f.send() // again is harmless
}

func TestLargeTypeIsKeptInTheBrowser(t *testing.T) {
	b := sharedTown(t).browser(t)
	require.NotContains(t, b.get("/lite/sign-in").raw, `class="large"`)
	b.get("/lite/sign-in").form("/lite/sign-in/large").send().is(http.StatusUnauthorized)
	require.Contains(t, b.get("/lite/sign-in").raw, `<html lang="zh-CN" class="large">`)
}

func TestNobodyIsSentElsewhereAfterSigningIn(t *testing.T) {
	c := sharedTown(t)
	for _, to := range []string{"https://elsewhere.example/", "//elsewhere.example", "/api/v1/me", `/lite/\elsewhere`, "/lite/sign-in/out", "/lite/x\r\nSet-Cookie: a=b"} {
		b := c.browser(t)
		s := b.get("/lite/").form("/lite/sign-in/code").with("_to", to).with("code", c.clerk(t, villageOffice).pageCode()).send()
		u, err := url.Parse(c.url)
		require.NoError(t, err)
		require.Equal(t, u.Host, s.url.Host)
		require.Equal(t, "/lite/", s.url.Path, to)
	}
}

func TestWhatGoesWrongBelowThePagesIsAPage(t *testing.T) {
	c := sharedTown(t)
	s := c.browser(t).get("/lite/nowhere").is(http.StatusNotFound)
	require.Contains(t, s.header.Get("Content-Type"), "text/html")
	c.browser(t).get("/lite/%ff").is(http.StatusBadRequest)
}
