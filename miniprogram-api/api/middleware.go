package api

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/yimen-gov/yimen/pkg/fault"
)

const requestIDHeader = "X-Request-Id"

// appKey is where a request carries its app.
type appKey struct{}

// identify gives every request an id of ours: what a client sends is no key
// into our logs.
func (a *App) identify(c *fiber.Ctx) error {
	c.Locals(appKey{}, a)
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
	if a.pages != nil && strings.HasPrefix(c.Path(), a.pagesAt) {
		return a.pages(c, p)
	}
	return c.Status(p.Status).JSON(p, p.ContentType(""))
}

// problem translates err and logs a defect once, with the id that the person
// can quote.
func (a *App) problem(err error, requestID string) *Problem {
	p := problemOf(err)
	p.RequestID = requestID
	a.conf.Watch.Problem(p.Code)
	if k := fault.From(err).Kind; k == fault.Internal || k == fault.Unavailable {
		a.conf.Log.Error("request failed", "request_id", requestID, "code", p.Code, "err", err)
	}
	return p
}

// readable refuses text that is not UTF-8 or hides a NUL, in the address and
// in a JSON body, before anything is decoded; and packed bodies, which could
// unpack to anything.
func (a *App) readable(c *fiber.Ctx) error {
	if !isAddress(c.Request().RequestURI()) {
		return ErrMalformed
	}
	if name := doubled(c); name != "" {
		return ErrInvalid.With(fault.Field{Path: "query." + name, Text: "只能写一次，请去掉多余的"})
	}
	if len(c.Request().Header.ContentEncoding()) > 0 {
		return ErrContentType
	}
	if body := c.Request().Body(); !isMultipart(c) && !isBytes(c) && !isText(body) {
		return ErrMalformed
	}
	return c.Next()
}

// unknown lists the query parameters that the operation does not take: most
// often a misspelt one, which must not pass as not given.
func unknown(ctx huma.Context) (fields []fault.Field) {
	for key := range humafiber.Unwrap(ctx).Request().URI().QueryArgs().All() {
		takes := slices.ContainsFunc(ctx.Operation().Parameters, func(p *huma.Param) bool {
			return p.In == "query" && p.Name == string(key)
		})
		if !takes {
			fields = append(fields, fault.Field{Path: "query." + string(key), Text: "不认识这个参数，请去掉"})
		}
	}
	return fields
}

// manyParameters is more than any operation takes: looking further for doubles
// would only cost time.
const manyParameters = 64

// doubled names a query parameter that was sent twice: which one counts would
// be anybody's guess.
func doubled(c *fiber.Ctx) (name string) {
	args := c.Request().URI().QueryArgs()
	var room [16][]byte
	seen := room[:0]
	for key := range args.All() {
		if len(seen) > manyParameters || slices.ContainsFunc(seen, func(k []byte) bool { return bytes.Equal(k, key) }) {
			return string(key)
		}
		seen = append(seen, key)
	}
	return ""
}

// isAddress says whether an address is text once its escapes are undone.
func isAddress(uri []byte) bool {
	var room [256]byte
	text := room[:0]
	for i := 0; i < len(uri); i++ {
		c := uri[i]
		if c == '%' {
			if i+2 >= len(uri) || digit(uri[i+1]) > 15 || digit(uri[i+2]) > 15 {
				return false
			}
			c, i = digit(uri[i+1])<<4|digit(uri[i+2]), i+2
		}
		text = append(text, c)
	}
	return isText(text)
}

// digit is the value of a hexadecimal digit, more than 15 for anything else.
func digit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
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
		drain(ctx.Conn())
	case errors.As(err, new(*fasthttp.ErrSmallBuffer)):
		drain(ctx.Conn())
	case isTimeout(err):
		f = ErrTimeout
	}
	a.answer(ctx, f)
}

// How long, how much and after what silence drain reads.
const (
	drainTime    = 5 * time.Second
	drainMost    = 64 << 20
	drainSilence = 200 * time.Millisecond
)

// drain reads on while the client still sends, so that it comes to reading our
// answer: closing a connection with bytes unread would reset it, and a phone
// would see a broken network instead of "too large".
func drain(conn net.Conn) {
	buf := make([]byte, 64<<10)
	end := time.Now().Add(drainTime)
	for n := 0; n < drainMost && time.Now().Before(end); {
		if conn.SetReadDeadline(time.Now().Add(drainSilence)) != nil {
			return
		}
		m, err := conn.Read(buf)
		if err != nil {
			return
		}
		n += m
	}
}

// refuseUnknown answers methods that HTTP does not have, which Fiber itself
// would answer with a word of English.
func (a *App) refuseUnknown(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if slices.Contains(fiber.DefaultMethods, string(ctx.Method())) {
			next(ctx)
			return
		}
		ctx.Response.Header.Set(fiber.HeaderAllow, "GET, POST, PUT, DELETE")
		a.answer(ctx, ErrMethod)
	}
}

// answer writes a problem outside the middleware.
func (a *App) answer(ctx *fasthttp.RequestCtx, f *fault.Error) {
	id := a.conf.NewID()
	p := a.problem(f, id)
	a.conf.Watch.Request(unread, p.Status, 0)
	ctx.Response.Header.Set(requestIDHeader, id)
	if a.pages != nil && strings.HasPrefix(string(ctx.Path()), a.pagesAt) {
		c := a.Fiber.AcquireCtx(ctx)
		defer a.Fiber.ReleaseCtx(c)
		if a.pages(c, p) == nil {
			return
		}
	}
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
