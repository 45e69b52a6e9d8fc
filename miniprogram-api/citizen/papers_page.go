package citizen

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/url"

	"github.com/gofiber/fiber/v2"
	"github.com/skip2/go-qrcode"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/paper"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/workday"
)

var (
	//go:embed paper.html
	paperHTML string
	//go:embed paper_check.html
	paperCheckHTML string

	paperTemplate      = template.Must(template.New("paper").Parse(paperHTML))
	paperCheckTemplate = template.Must(template.New("check").Parse(paperCheckHTML))
)

// PrintPaper makes the page of a paper: A4, without a script or anything from
// elsewhere. What people wrote stands in it as text.
func PrintPaper(s paper.Sheet) ([]byte, error) {
	png, err := qrcode.Encode(s.Verify, qrcode.Medium, 256)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = paperTemplate.Execute(&page, struct {
		paper.Sheet
		QR template.URL
	}{s, template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))})
	return page.Bytes(), err
}

// pagePolicy lets a page show itself and the code drawn in it, and nothing else.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func sendPage(c *fiber.Ctx, status int, page []byte) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentSecurityPolicy, pagePolicy)
	c.Set("Referrer-Policy", "no-referrer")
	return c.Status(status).Send(page)
}

// paperPages registers the pages of papers, by their links, and the page
// behind a paper's code.
func paperPages(app *api.App, press *paper.Press, links scan.Links) {
	app.Fiber.Get("/papers/:id", func(c *fiber.Ctx) error {
		l, err := links.Open(c.Params("id"), c.Query("token"))
		if err != nil {
			return err
		}
		p, err := press.Store.Paper(c.UserContext(), l.File)
		if err != nil {
			return err
		}
		return sendPage(c, fiber.StatusOK, p.Page)
	})
	app.Fiber.Get(PaperCheck+":code", func(c *fiber.Ctx) error {
		code, err := url.PathUnescape(c.Params("code"))
		if err != nil {
			return licence.ErrWrongCode
		}
		found, err := press.Check(c.UserContext(), code)
		f := fault.From(err)
		if err != nil && f.Kind != fault.NotFound {
			return err
		}
		view := struct {
			Fault, IssuedOn, Now string
			paper.Checked
		}{Checked: found, Now: press.Now().In(workday.Zone).Format("2006-01-02 15:04")}
		status := fiber.StatusOK
		if err != nil {
			view.Fault, status = f.Text, fiber.StatusNotFound
		} else {
			view.IssuedOn = dayOf(found.IssuedAt)
		}
		var page bytes.Buffer
		if err := paperCheckTemplate.Execute(&page, view); err != nil {
			return err
		}
		return sendPage(c, status, page.Bytes())
	})
}

// PaperCheck is where anybody checks a paper by its code.
const PaperCheck = "/verify/paper/"
