package citizen

import (
	"bytes"
	"context"
	_ "embed"
	"html/template"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/workday"
)

//go:embed verify.html
var verifyHTML string

var verifyTemplate = template.Must(template.New("verify").Parse(verifyHTML))

// verifyView is what the page behind a licence's QR code shows.
type verifyView struct {
	Fault                              string // nothing else is shown with it
	State, Word, Advice                string
	Name, Number, Issuer, Holder       string
	IssuedOn, ValidUntil, EndedOn, Now string
}

// verdicts say to people what a state means.
var verdicts = map[licence.State][2]string{
	licence.Valid:    {"有效", "这份证照现行有效。"},
	licence.Expired:  {"已过期", "这份证照已过有效期，请持证人办理延续或重新申请。"},
	licence.Revoked:  {"已撤销", "这份证照已被发证单位撤销，不能再使用。"},
	licence.Replaced: {"已换发", "这份证照已换发新证，原证作废，请查验新证。"},
}

// verifyPage registers the page that a licence's QR code leads to: plain HTML
// without anything from elsewhere, for any phone's browser.
func verifyPage(app *api.App, registry *licence.Registry) {
	app.Fiber.Get("/verify/:code", func(c *fiber.Ctx) error {
		code, err := url.PathUnescape(c.Params("code"))
		if err != nil {
			return licence.ErrWrongCode
		}
		view, status, err := verified(c.UserContext(), registry, code)
		if err != nil {
			return err
		}
		var page bytes.Buffer
		if err := verifyTemplate.Execute(&page, view); err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		c.Set("Referrer-Policy", "no-referrer")
		return c.Status(status).Send(page.Bytes())
	})
}

// verified is the view of a code. A code that is not known has a page of its
// own; any other error is a problem like everywhere.
func verified(ctx context.Context, registry *licence.Registry, code string) (verifyView, int, error) {
	now := registry.Now().In(workday.Zone).Format("2006-01-02 15:04")
	p, err := registry.Verify(ctx, code)
	if f := fault.From(err); err != nil && f.Kind == fault.NotFound {
		return verifyView{Fault: f.Text, Now: now}, fiber.StatusNotFound, nil
	}
	if err != nil {
		return verifyView{}, 0, err
	}
	v := verdicts[p.State]
	return verifyView{
		State: string(p.State), Word: v[0], Advice: v[1], Name: p.Name, Number: p.Number, Issuer: p.Issuer, Holder: p.Holder,
		IssuedOn: dayOf(p.IssuedAt), ValidUntil: api.On(p.ValidUntil), EndedOn: dayOf(p.EndedAt), Now: now,
	}, fiber.StatusOK, nil
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return workday.DateOf(t).String()
}
