package lite

import (
	"github.com/gofiber/fiber/v2"
)

// scripts are our only scripts; no page needs one to be used.
var scripts = map[string]string{
	"/lite.js": fiber.MIMETextJavaScriptCharsetUTF8,
}

// files serves the scripts. They are asked for again with each version of the
// service, and otherwise kept.
func (p *Pages) files() {
	for name, media := range scripts {
		raw, err := looks.ReadFile("look" + name)
		if err != nil {
			panic(err) // embedded
		}
		p.app.Fiber.Get(Root+name, func(c *fiber.Ctx) error {
			c.Set(fiber.HeaderContentType, media)
			c.Set(fiber.HeaderCacheControl, "public, max-age=600")
			return sendPacked(c, raw)
		})
	}
}
