package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Screen is a page that stands on a machine of an office: one request for the
// page with its style, one for its script, and nothing else may run in it.
type Screen struct {
	look   *template.Template
	style  template.CSS
	policy string
}

// NewScreen reads a page and its style, both of ours.
func NewScreen(look, style string) *Screen {
	var b strings.Builder
	for line := range strings.Lines(style) {
		b.WriteString(strings.TrimSpace(line))
	}
	sum := sha256.Sum256([]byte(b.String()))
	return &Screen{
		look:  template.Must(template.New("screen").Parse(look)),
		style: template.CSS(b.String()), //nolint:gosec // our own file
		policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; script-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	}
}

// Show answers with the page.
func (s *Screen) Show(c *fiber.Ctx, data any) error {
	var b bytes.Buffer
	if err := s.look.Execute(&b, struct {
		Style template.CSS
		Data  any
	}{s.style, data}); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentSecurityPolicy, s.policy)
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	return packed(c, b.Bytes())
}

// Script serves a script of ours.
func (a *App) Script(path string, raw []byte) {
	a.Fiber.Get(path, func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMETextJavaScriptCharsetUTF8)
		return packed(c, raw)
	})
}

func packed(c *fiber.Ctx, body []byte) error {
	c.Vary(fiber.HeaderAcceptEncoding)
	if strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		body = fasthttp.AppendGzipBytesLevel(nil, body, 6)
	}
	return c.Send(body)
}
