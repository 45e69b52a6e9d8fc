package api

import (
	"encoding/json"
	"path"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// describe is the head of the OpenAPI document.
func describe(version string) huma.Config {
	c := huma.DefaultConfig("Yimen 一门", version)
	c.Info.Description = "One door to a city's government services, for its WeChat mini-program. " +
		"Times are RFC 3339 with offset, dates are Asia/Shanghai, positions name their datum, " +
		"lists are paged by cursor, problems are RFC 9457 with a stable code."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil // no $schema in answers
	c.NoFormatFallback = false
	c.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	c.DefaultFormat = "application/json"
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", namer())
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "http", Scheme: "bearer", Description: "the token that POST /api/v1/sessions gave"},
	}
	return c
}

// namer names wire types by audience and type, such as VillageWaybill: two
// audiences may see the same thing differently. Bodies without a name of their
// own get a number where two would share one.
func namer() func(reflect.Type, string) string {
	taken := map[string]reflect.Type{}
	return func(t reflect.Type, hint string) string {
		plain := strings.TrimSuffix(huma.DefaultSchemaNamer(t, hint), "Out")
		if t.Name() != "" {
			audience := path.Base(t.PkgPath())
			plain = strings.ToUpper(audience[:1]) + audience[1:] + plain
		}
		name := plain
		for n := 2; taken[name] != nil && taken[name] != t; n++ {
			name = plain + strconv.Itoa(n)
		}
		taken[name] = t
		return name
	}
}

// security names the session for operations that need one.
func security(grants []staff.Grant) []map[string][]string {
	for _, g := range grants {
		if g.Role == staff.Anyone {
			return nil
		}
	}
	return []map[string][]string{{"session": {}}}
}

// allowed tells readers of the description who may call.
func allowed(grants []staff.Grant) string {
	names := make([]string, len(grants))
	for i, g := range grants {
		names[i] = string(g.Role) + " (" + string(g.Whose) + ")"
	}
	return "\n\nFor: " + strings.Join(names, ", ") + "."
}

// OpenAPI is the description of all registered operations.
func (a *App) OpenAPI() *huma.OpenAPI { return a.huma.OpenAPI() }

// serveDescription encodes the description and its page once.
func (a *App) serveDescription() error {
	doc, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return err
	}
	page, err := docsPage(a.huma.OpenAPI())
	if err != nil {
		return err
	}
	a.Fiber.Get("/openapi.json", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
		return c.Send(doc)
	})
	a.Fiber.Get("/docs", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'")
		return c.Send(page)
	})
	return nil
}
