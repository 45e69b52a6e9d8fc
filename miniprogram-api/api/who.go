package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// request is what the app knows of a request beyond its input.
type request struct {
	who   staff.Principal
	token string
	id    string
	hash  [32]byte
	known string // the answer that a reader has already: If-None-Match
}

type requestKey struct{}

func of(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	if r == nil {
		return &request{}
	}
	return r
}

// Who is the principal behind the request.
func Who(ctx context.Context) staff.Principal { return of(ctx).who }

// Person is the person that the account was proved to be, or "".
func Person(ctx context.Context) citizen.ID { return of(ctx).who.Account.Person }

// Token is the session token that the request came with.
func Token(ctx context.Context) string { return of(ctx).token }

func requestID(ctx context.Context) string { return of(ctx).id }

// admit finds out who asks, refuses those who ask too often or without a grant,
// looks whether the body is of the right kind, and identifies a write for Once.
func (a *App) admit(id string, grants []staff.Grant, body takes) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c := humafiber.Unwrap(ctx)
		c.Locals(operationKey{}, id)
		r := &request{id: string(c.Response().Header.Peek(requestIDHeader)), token: bearer(c.Get(fiber.HeaderAuthorization))}
		a.followed(ctx, id, r.id, func(ctx huma.Context) { a.enter(ctx, id, grants, body, r, next) })
	}
}

// enter goes on with those who may come in.
func (a *App) enter(ctx huma.Context, id string, grants []staff.Grant, body takes, r *request, next func(huma.Context)) {
	if err := a.known(humafiber.Unwrap(ctx), id, grants, r); err != nil {
		a.refuse(ctx, r, err)
		return
	}
	if err := a.identified(ctx, body, r); err != nil {
		a.refuse(ctx, r, err)
		return
	}
	if fields := unknown(ctx); fields != nil {
		a.refuse(ctx, r, ErrInvalid.With(fields...))
		return
	}
	if ctx.Method() == http.MethodGet {
		r.known = ctx.Header("If-None-Match")
	}
	next(huma.WithValue(ctx, requestKey{}, r))
}

func (a *App) known(c *fiber.Ctx, id string, grants []staff.Grant, r *request) error {
	if err := a.recognized(c.UserContext(), grants, r); err != nil {
		return err
	}
	if err := a.limit(c, id, r); err != nil {
		return err
	}
	return staff.Check(grants, r.who)
}

// recognized finds out who stands behind the token. Where everybody may come
// in, one that has ended is as good as none: it must not keep anyone from
// logging in again.
func (a *App) recognized(ctx context.Context, grants []staff.Grant, r *request) (err error) {
	if r.token == "" {
		return nil
	}
	r.who, err = a.conf.Gate.Admit(ctx, r.token)
	if errors.Is(err, staff.ErrSessionEnded) && staff.Allows(grants, staff.Principal{}) {
		r.token, r.who, err = "", staff.Principal{}, nil
	}
	return err
}

// identified looks at the body of a write and makes it known again.
func (a *App) identified(ctx huma.Context, body takes, r *request) (err error) {
	if ctx.Method() != http.MethodPost && ctx.Method() != http.MethodPut {
		return nil
	}
	if err := body.check(humafiber.Unwrap(ctx)); err != nil {
		return err
	}
	if ctx.Method() == http.MethodPost {
		r.hash, err = hashRequest(ctx)
	}
	return err
}

func (a *App) refuse(ctx huma.Context, r *request, err error) {
	p := a.problem(err, r.id)
	ctx.SetHeader("Content-Type", p.ContentType(""))
	if p.RetryAfter > 0 {
		ctx.SetHeader("Retry-After", retry(p))
	}
	ctx.SetStatus(p.Status)
	_, _ = ctx.BodyWriter().Write(encode(p))
}

func bearer(header string) string {
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// Admitted says who stands behind an Authorization header, if they may call an
// operation: for streams, which outlive the request that opened them.
func (a *App) Admitted(ctx context.Context, authorization, id string) (staff.Principal, error) {
	grants, ok := staff.Grants(id)
	if !ok {
		return staff.Principal{}, fmt.Errorf("operation %s is in no row of the table", id)
	}
	r := &request{token: bearer(authorization)}
	if err := a.recognized(ctx, grants, r); err != nil {
		return r.who, err
	}
	return r.who, staff.Check(grants, r.who)
}
