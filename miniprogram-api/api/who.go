package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// request is what the app knows of a request beyond its input.
type request struct {
	who   staff.Principal
	token string
	id    string
	hash  [32]byte
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

// admit finds out who asks, refuses those without a grant, and identifies a
// write for Once.
func (a *App) admit(grants []staff.Grant) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r := &request{id: string(humafiber.Unwrap(ctx).Response().Header.Peek(requestIDHeader))}
		if err := a.known(ctx, grants, r); err != nil {
			a.refuse(ctx, r, err)
			return
		}
		next(huma.WithValue(ctx, requestKey{}, r))
	}
}

func (a *App) known(ctx huma.Context, grants []staff.Grant, r *request) (err error) {
	if r.token = bearer(ctx.Header("Authorization")); r.token != "" {
		if r.who, err = a.conf.Gate.Admit(ctx.Context(), r.token); err != nil {
			return err
		}
	}
	switch {
	case !staff.Allows(grants, r.who) && r.token == "":
		return staff.ErrNoSession
	case !staff.Allows(grants, r.who):
		return staff.ErrNotAllowed
	case ctx.Method() == http.MethodPost:
		r.hash, err = hashRequest(ctx)
	}
	return err
}

func (a *App) refuse(ctx huma.Context, r *request, err error) {
	p := a.problem(err, r.id)
	ctx.SetHeader("Content-Type", p.ContentType(""))
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
