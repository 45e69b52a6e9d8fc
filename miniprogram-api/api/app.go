// Package api is the app behind every route: it decodes and validates, knows
// who asks, answers each write once, and turns every fault into a problem. The
// route packages beside it declare operations; no rule of business stands here.
package api

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/pkg/once"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// bodyMost bounds a request: one photo or PDF with its form parts.
const bodyMost = 12 << 20

// jsonMost bounds a JSON body.
const jsonMost = 256 << 10

// Gate tells who holds a session token.
type Gate interface {
	Admit(ctx context.Context, token string) (staff.Principal, error)
}

// Config is what the app leans on.
type Config struct {
	Version string
	Gate    Gate
	Keeper  once.Keeper
	NewID   func() string
	Log     *slog.Logger
	Ready   func(ctx context.Context) error
	Notes   func() []string // what /readyz says besides: who watches should know
	Limits  *Limits         // nil = nobody is held back
	Watch   Watch           // sees what is answered; nil = nobody
	Trace   Trace           // follows requests; nil = nobody
	Slow    time.Duration   // requests that take as long are logged; 0 = none
}

// App is the HTTP application.
type App struct {
	Fiber *fiber.App
	huma  huma.API
	conf  Config

	rows    map[string]bool // of the table of roles, that pages ask for
	pagesAt string          // see TellPages
	pages   func(c *fiber.Ctx, p *Problem) error
}

// New makes an app without routes.
func New(c Config) *App {
	if c.Watch == nil {
		c.Watch = unwatched{}
	}
	a := &App{conf: c, rows: map[string]bool{}, Fiber: fiber.New(fiber.Config{
		AppName:               "yimen",
		BodyLimit:             bodyMost,
		Immutable:             true,
		CaseSensitive:         true,
		DisableStartupMessage: true,
		ReadTimeout:           20 * time.Second,
		WriteTimeout:          20 * time.Second,
		IdleTimeout:           75 * time.Second,
		ReadBufferSize:        16 << 10,
		WriteBufferSize:       16 << 10, // nearly every answer leaves in one piece
	})}
	a.Fiber.Server().ErrorHandler = a.refuseUnread
	a.Fiber.Server().Handler = a.refuseUnknown(a.Fiber.Server().Handler)
	a.Fiber.Use(a.identify, a.observe, a.recoverAndTell, a.limitAddress, a.readable)
	a.huma = humafiber.New(a.Fiber, describe(c.Version))
	a.health()
	return a
}

// Finish registers what must come after all routes: the description and the
// page about it.
func (a *App) Finish() error { return a.serveDescription() }

func (a *App) health() {
	a.Fiber.Get("/livez", func(c *fiber.Ctx) error { return c.SendString("ok\n") })
	a.Fiber.Get("/readyz", func(c *fiber.Ctx) error {
		if err := a.conf.Ready(c.UserContext()); err != nil {
			return err
		}
		if a.conf.Notes == nil {
			return c.SendString("ready\n")
		}
		return c.SendString(strings.Join(append([]string{"ready"}, a.conf.Notes()...), "\n") + "\n")
	})
}
