package lite

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
)

//go:embed look
var looks embed.FS

// view is what a page's template sees.
type view struct {
	Title   string
	Style   template.CSS
	Large   bool
	Menu    []link
	Path    string // of this page, to come back to
	Who     string // name of the post's holder, "" = nobody
	Guard   string
	Once    string
	Done    string // what was just done
	Problem *api.Problem
	Data    any
	Found   any
	Choices []choice // where what was typed may mean several items

	visit *visit
}

// link is a word that leads somewhere.
type link struct {
	To, Text string
	Here     bool
}

// Was is what was typed into a field of a form that came back.
func (w *view) Was(name string) string { return w.visit.typed.Get(name) }

// WasOr is Was, or what stands there at first.
func (w *view) WasOr(name, first string) string {
	if values, ok := w.visit.typed[name]; ok {
		return values[0]
	}
	return first
}

// Had says whether a value of a field was chosen.
func (w *view) Had(name, value string) bool {
	for _, v := range w.visit.typed[name] {
		if v == value {
			return true
		}
	}
	return false
}

// May says whether the visitor may use a row of the table of roles.
func (w *view) May(op string) bool { return w.visit.may(op) }

// Wrong is what is wrong with a field, "" = nothing.
func (w *view) Wrong(name string) string {
	if w.Problem == nil {
		return ""
	}
	for _, f := range w.Problem.Fields {
		if f.Path == name || strings.HasSuffix(f.Path, "."+name) {
			return f.Text
		}
	}
	return ""
}

// button is a form with nothing but a button.
type button struct {
	*view
	To, Text, Kind string
}

var functions = template.FuncMap{
	"button": func(w *view, to, text, kind string) button { return button{w, Root + to, text, kind} },
	"root":   func() string { return Root },

	"priorities": priorities,
	"reasons":    reasons,
	"lines":      func(text string) []string { return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' }) },
}

// readLooks reads the style and the templates. Each page is the frame with its
// own part; the policy names the style by its hash, and no script but ours.
func (p *Pages) readLooks() error {
	sum := sha256.Sum256([]byte(style()))
	p.charter = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; script-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; media-src 'self' blob:; manifest-src 'self'" +
		"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	frame, err := template.New("frame.html").Funcs(functions).ParseFS(looks, "look/frame.html", "look/parts.html")
	if err != nil {
		return err
	}
	p.looks = map[string]*template.Template{}
	for _, name := range append(p.allLooks(), "problem", "resume") {
		one, err := frame.Clone()
		if err == nil {
			p.looks[name], err = one.ParseFS(looks, "look/"+name+".html")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *Pages) allLooks() (list []string) {
	for _, pg := range p.list {
		list = append(list, pg.look)
	}
	return list
}

// style is the style sheet without the space that only its authors need.
var style = func() func() string {
	raw, err := looks.ReadFile("look/style.css")
	if err != nil {
		panic(err) // embedded
	}
	var b strings.Builder
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "/*") {
			b.WriteString(line)
		}
	}
	text := b.String()
	return func() string { return text }
}()

// render answers with a page.
func (p *Pages) render(v *visit, pg page, status int, data any) error {
	var b bytes.Buffer
	if err := p.looks[pg.look].Execute(&b, p.view(v, pg, data)); err != nil {
		return err
	}
	h := &v.c.Response().Header
	h.SetContentType(fiber.MIMETextHTMLCharsetUTF8)
	h.Set(fiber.HeaderContentSecurityPolicy, p.charter)
	h.Set(fiber.HeaderReferrerPolicy, "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set(fiber.HeaderPermissionsPolicy, "camera=(self), geolocation=(), microphone=()")
	v.c.Status(status)
	return sendPacked(v.c, b.Bytes())
}

func (p *Pages) view(v *visit, pg page, data any) *view {
	w := &view{
		Title: pg.title, Style: template.CSS(style()), Large: v.c.Cookies(largeCookie) != "", Path: v.c.Path(), //nolint:gosec // our own file
		Guard: v.guard(), Once: rand.Text(), Problem: v.problem, Data: data, Found: v.found, Choices: v.choices, visit: v, Done: done[v.c.Query("done")],
	}
	if v.c.Method() != fiber.MethodGet {
		w.Path = strings.TrimSuffix(w.Path, w.Path[strings.LastIndexByte(w.Path, '/'):])
	}
	if who := v.who(); who.Account.ID != "" {
		w.Who = "已登录"
		if who.Member != nil {
			w.Who = who.Member.Name.String()
		}
		w.Menu = p.menu(v, pg)
	}
	return w
}

func (p *Pages) menu(v *visit, here page) (list []link) {
	for _, pg := range p.list {
		if pg.menu != "" && v.may(pg.op) {
			list = append(list, link{Root + pg.path, pg.menu, pg.path == here.path})
		}
	}
	return list
}

// sendPacked sends as small as the browser can take it.
func sendPacked(c *fiber.Ctx, body []byte) error {
	c.Vary(fiber.HeaderAcceptEncoding)
	switch packing(c) {
	case "br":
		c.Set(fiber.HeaderContentEncoding, "br")
		body = fasthttp.AppendBrotliBytesLevel(nil, body, 4)
	case "gzip":
		c.Set(fiber.HeaderContentEncoding, "gzip")
		body = fasthttp.AppendGzipBytesLevel(nil, body, 5)
	}
	return c.Send(body)
}

func packing(c *fiber.Ctx) string {
	takes := c.Get(fiber.HeaderAcceptEncoding)
	for _, name := range []string{"br", "gzip"} {
		for part := range strings.SplitSeq(takes, ",") {
			kind, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
			if kind == name && strings.TrimSpace(weight) != "q=0" {
				return name
			}
		}
	}
	return ""
}

// at makes the address of a page below Root, with a word of done.
func at(path, word string) string {
	if word == "" {
		return Root + path
	}
	return Root + path + "?done=" + url.QueryEscape(word)
}
