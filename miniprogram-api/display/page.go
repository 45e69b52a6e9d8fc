package display

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/place"
)

var (
	//go:embed look/screen.html
	screenHTML string
	//go:embed look/screen.css
	screenCSS string
	//go:embed look/screen.js
	screenJS []byte
)

// Page registers what the screen in a hall opens: the board as it is, and the
// script that follows the stream. Without scripts it asks anew every ten
// seconds.
func Page(app *api.App, d *Display) {
	screen := api.NewScreen(screenHTML, screenCSS)
	app.Script("/display/screen.js", screenJS)
	app.Fiber.Get("/display/:office", func(c *fiber.Ctx) error {
		b, err := d.Hall.Board(c.UserContext(), place.OfficeCode(c.Params("office")))
		if err != nil {
			return err
		}
		return screen.Show(c, boardFrom(b))
	})
}
