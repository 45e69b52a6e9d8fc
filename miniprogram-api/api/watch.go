package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
)

// Watch sees what is answered. Its methods return at once; operation is that of
// the description, or one of the words below.
type Watch interface {
	Request(operation string, status int, took time.Duration)
	Problem(code string)
	Refused(operation string) // by a limit
}

// Trace follows a request: what it returns is the request's context, and is
// told how it was answered.
type Trace func(ctx context.Context, operation, requestID string) (context.Context, func(status int))

// followed runs a request under its trace.
func (a *App) followed(ctx huma.Context, operation, requestID string, next func(huma.Context)) {
	if a.conf.Trace == nil {
		next(ctx)
		return
	}
	under, end := a.conf.Trace(ctx.Context(), operation, requestID)
	humafiber.Unwrap(ctx).SetUserContext(under)
	next(huma.WithContext(ctx, under))
	end(ctx.Status())
}

// What stands for an operation where there is none.
const (
	unread = "unread" // a request that could not even be read
	other  = "other"  // health, pages, addresses that do not exist
)

// operationKey is where a request carries its operation.
type operationKey struct{}

// observe tells who watches of each answer, and the log of those that took
// long or failed: by operation and request, never by person or address.
func (a *App) observe(c *fiber.Ctx) error {
	begun := time.Now()
	err := c.Next()
	took, status := time.Since(begun), c.Response().StatusCode()
	operation, ok := c.Locals(operationKey{}).(string)
	if !ok {
		operation = other
	}
	a.conf.Watch.Request(operation, status, took)
	if a.conf.Slow > 0 && took >= a.conf.Slow {
		a.conf.Log.Warn("slow request", "request_id", string(c.Response().Header.Peek(requestIDHeader)),
			"operation", operation, "status", status, "ms", took.Milliseconds())
	}
	return err
}

// unwatched is nobody who watches.
type unwatched struct{}

func (unwatched) Request(string, int, time.Duration) {}
func (unwatched) Problem(string)                     {}
func (unwatched) Refused(string)                     {}
