package api

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"runtime/debug"
	"strconv"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/yimen-gov/yimen/pkg/fault"
)

const requestIDHeader = "X-Request-Id"

// identify gives every request an id of ours: what a client sends is no key
// into our logs.
func (a *App) identify(c *fiber.Ctx) error {
	c.Set(requestIDHeader, a.conf.NewID())
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Next()
}

// recoverAndTell turns whatever goes wrong below into a problem.
func (a *App) recoverAndTell(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = a.tell(c, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	if err := c.Next(); err != nil {
		return a.tell(c, err)
	}
	return nil
}

// tell answers with the problem of err and logs it if it is a defect.
func (a *App) tell(c *fiber.Ctx, err error) error {
	if e, ok := errors.AsType[*fiber.Error](err); ok {
		err = statusFault(e.Code)
	}
	p := a.problem(err, string(c.Response().Header.Peek(requestIDHeader)))
	if p.RetryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(p.RetryAfter))
	}
	return c.Status(p.Status).JSON(p, p.ContentType(""))
}

// problem translates err and logs a defect once, with the id that the person
// can quote.
func (a *App) problem(err error, requestID string) *Problem {
	p := problemOf(err)
	p.RequestID = requestID
	if k := fault.From(err).Kind; k == fault.Internal || k == fault.Unavailable {
		a.conf.Log.Error("request failed", "request_id", requestID, "code", p.Code, "err", err)
	}
	return p
}

// readable refuses text that is not UTF-8 or hides a NUL, in the address and
// in a JSON body, before anything is decoded.
func (a *App) readable(c *fiber.Ctx) error {
	at, err := url.QueryUnescape(string(c.Request().RequestURI()))
	if err != nil || !isText([]byte(at)) {
		return ErrMalformed
	}
	body := c.Request().Body()
	if len(body) == 0 || isMultipart(c) {
		return c.Next()
	}
	if !isText(body) || bytes.Contains(body, []byte(`\u0000`)) {
		return ErrMalformed
	}
	return c.Next()
}

func isText(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }

func isMultipart(c *fiber.Ctx) bool {
	return bytes.HasPrefix(c.Request().Header.ContentType(), []byte("multipart/form-data"))
}

// refuseUnread answers requests that could not even be read: oversized, slow
// or broken ones. They never reach the middleware.
func (a *App) refuseUnread(ctx *fasthttp.RequestCtx, err error) {
	f := ErrMalformed
	switch {
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		f = ErrTooLarge
	case isTimeout(err):
		f = ErrTimeout
	}
	id := a.conf.NewID()
	p := a.problem(f, id)
	ctx.Response.Header.Set(requestIDHeader, id)
	ctx.Response.Header.SetContentType(p.ContentType(""))
	ctx.SetStatusCode(p.Status)
	ctx.SetBody(encode(p))
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && t.Timeout()
}
