package main

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// browser is somebody at the pages: it keeps cookies, sends the forms that it
// was given, and runs no script.
type browser struct {
	t    testing.TB
	town *town
	http *http.Client
}

// seenPage is a page as a browser got it.
type seenPage struct {
	t      testing.TB
	b      *browser
	url    *url.URL
	status int
	header http.Header
	packed int // bytes over the wire
	raw    string
	root   *html.Node
}

// browser opens a browser that nobody is signed in with.
func (c *town) browser(t testing.TB) *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &browser{t: t, town: c, http: &http.Client{Jar: jar, Transport: c.http.Transport, Timeout: c.http.Timeout}}
}

// atPages signs somebody in to the pages, with a code from their phone.
func (p *client) atPages() *browser {
	p.t.Helper()
	b := p.town.browser(p.t)
	b.get("/lite/").form("/lite/sign-in/code").with("code", p.pageCode()).send().is(http.StatusOK)
	return b
}

func (p *client) pageCode() string {
	p.t.Helper()
	return p.post("/api/v1/me/page-code", nil).ok().text("code")
}

func (b *browser) get(path string) *seenPage {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodGet, b.town.url+path, nil)
	require.NoError(b.t, err)
	return b.do(req)
}

func (b *browser) do(req *http.Request) *seenPage {
	b.t.Helper()
	if req.Header.Get("Accept-Encoding") == "" {
		req.Header.Set("Accept-Encoding", "br")
	}
	resp, err := b.http.Do(req)
	require.NoError(b.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(b.t, err)
	s := &seenPage{t: b.t, b: b, url: resp.Request.URL, status: resp.StatusCode, header: resp.Header, packed: len(body)}
	if resp.Header.Get("Content-Encoding") == "br" {
		body, err = io.ReadAll(brotli.NewReader(bytes.NewReader(body)))
		require.NoError(b.t, err)
	}
	s.raw = string(body)
	s.root, err = html.Parse(strings.NewReader(s.raw))
	require.NoError(b.t, err)
	return s
}

func (s *seenPage) is(status int) *seenPage {
	s.t.Helper()
	require.Equal(s.t, status, s.status, "%s: %s", s.url, s.text())
	return s
}

// says demands words in the page as people read them.
func (s *seenPage) says(words ...string) *seenPage {
	s.t.Helper()
	for _, w := range words {
		require.Contains(s.t, s.text(), w, "%s", s.url)
	}
	return s
}

// text is what people read, without the style.
func (s *seenPage) text() string {
	var b strings.Builder
	eachNode(s.root, func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			b.WriteString(strings.TrimSpace(n.Data) + " ")
		}
	})
	return b.String()
}

// filled is a form of a page, filled in.
type filled struct {
	s      *seenPage
	to     string
	typed  url.Values
	files  map[string][]byte
	header http.Header
}

// form finds the first form that goes somewhere, with what stands in it.
func (s *seenPage) form(to string) *filled {
	s.t.Helper()
	list := s.forms(to)
	require.NotEmpty(s.t, list, "%s has no form to %s: %s", s.url, to, s.text())
	return list[0]
}

// forms are all that go to one address.
func (s *seenPage) forms(to string) (list []*filled) {
	eachNode(s.root, func(n *html.Node) {
		if n.Data == "form" && attr(n, "action") == to {
			f := &filled{s: s, to: to, typed: url.Values{}, header: http.Header{}, files: map[string][]byte{}}
			eachNode(n, func(n *html.Node) { f.take(n) })
			list = append(list, f)
		}
	})
	return list
}

// take notes what a browser would send of an element.
func (f *filled) take(n *html.Node) {
	name := attr(n, "name")
	if name == "" {
		return
	}
	switch {
	case n.Data == "textarea" && n.FirstChild != nil:
		f.typed.Add(name, n.FirstChild.Data)
	case n.Data == "select":
		f.typed.Add(name, chosen(n))
	case n.Data != "input", attr(n, "type") == "file":
	case attr(n, "type") == "checkbox", attr(n, "type") == "radio":
		if has(n, "checked") {
			f.typed.Add(name, attr(n, "value"))
		}
	default:
		f.typed.Add(name, attr(n, "value"))
	}
}

func chosen(sel *html.Node) (value string) {
	first := true
	eachNode(sel, func(n *html.Node) {
		if n.Data == "option" && (first || has(n, "selected")) {
			value, first = attr(n, "value"), false
		}
	})
	return value
}

func (f *filled) with(name, value string) *filled { f.typed.Set(name, value); return f }

func (f *filled) file(name string, content []byte) *filled { f.files[name] = content; return f }

func (f *filled) send() *seenPage {
	f.s.t.Helper()
	var body bytes.Buffer
	media := "application/x-www-form-urlencoded"
	if len(f.files) > 0 {
		w := multipart.NewWriter(&body)
		for name, values := range f.typed {
			for _, v := range values {
				_ = w.WriteField(name, v)
			}
		}
		for name, content := range f.files {
			part, _ := w.CreateFormFile(name, "photo.jpg")
			_, _ = part.Write(content)
		}
		_ = w.Close()
		media = w.FormDataContentType()
	} else {
		body.WriteString(f.typed.Encode())
	}
	req, err := http.NewRequest(http.MethodPost, f.s.b.town.url+f.to, &body)
	require.NoError(f.s.t, err)
	req.Header = f.header.Clone()
	req.Header.Set("Content-Type", media)
	return f.s.b.do(req)
}

func eachNode(n *html.Node, visit func(*html.Node)) {
	visit(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		eachNode(c, visit)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// drop forgets the browser's session on the server's side.
func (b *browser) drop(t testing.TB, p *client) {
	t.Helper()
	for _, s := range p.get("/api/v1/sessions").ok().list("items") {
		if s["current"] != true {
			p.delete("/api/v1/sessions/" + s["id"].(string)).ok()
		}
	}
}

// cookies are what the browser keeps for the pages.
func (b *browser) cookies() []*http.Cookie {
	b.t.Helper()
	at, err := url.Parse(b.town.url + "/lite/")
	require.NoError(b.t, err)
	return b.http.Jar.Cookies(at)
}
