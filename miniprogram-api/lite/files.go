package lite

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/gofiber/fiber/v2"
)

// extras are our only scripts, and what lets the run be put on a phone's home
// screen. No page needs them to be used.
var extras = map[string]string{
	"/lite.js":         fiber.MIMETextJavaScriptCharsetUTF8,
	"/sw.js":           fiber.MIMETextJavaScriptCharsetUTF8,
	"/app.webmanifest": "application/manifest+json",
}

// files serves the extras. A browser asks whether they have changed, and gets
// them again only then.
func (p *Pages) files() {
	for name, media := range extras {
		raw, err := looks.ReadFile("look" + name)
		if err != nil {
			panic(err) // embedded
		}
		sum := sha256.Sum256(raw)
		tag := `"` + hex.EncodeToString(sum[:8]) + `"`
		p.app.Fiber.Get(Root+name, func(c *fiber.Ctx) error {
			c.Set(fiber.HeaderETag, tag)
			c.Set(fiber.HeaderCacheControl, "public, max-age=600")
			if c.Get(fiber.HeaderIfNoneMatch) == tag {
				return c.SendStatus(fiber.StatusNotModified)
			}
			c.Set(fiber.HeaderContentType, media)
			return sendPacked(c, raw)
		})
	}
}
