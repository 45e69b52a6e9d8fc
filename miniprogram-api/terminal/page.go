package terminal

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
)

var (
	//go:embed look/page.html
	pageHTML string
	//go:embed look/page.css
	pageCSS string
	//go:embed look/page.js
	pageJS []byte
)

// Screen registers what a terminal's browser opens: the page and its script.
// The key that it makes stays in that browser.
func Screen(app *api.App) {
	screen := api.NewScreen(pageHTML, pageCSS)
	app.Script("/terminal/page.js", pageJS)
	app.Fiber.Get("/terminal", func(c *fiber.Ctx) error { return screen.Show(c, nil) })
}
