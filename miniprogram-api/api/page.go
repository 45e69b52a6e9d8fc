package api

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/pkg/once"
)

// Enter finds out who asks for a page, as for an operation: the limits and the
// row id of the table of roles hold alike. The context knows whoever it is,
// also where the error refuses them. Whoever calls has checked that the
// request comes from a page of ours.
func (a *App) Enter(c *fiber.Ctx, id, token string) (context.Context, error) {
	grants := rowOf(id)
	c.Locals(operationKey{}, id)
	r := &request{id: string(c.Response().Header.Peek(requestIDHeader)), token: token}
	err := a.known(c, id, grants, r)
	return context.WithValue(c.UserContext(), requestKey{}, r), err
}

// Need notes that a page asks for a row of the table of roles, when it is
// registered: forgetting the table stops the program, as with operations.
func (a *App) Need(id string) {
	rowOf(id)
	a.rows[id] = true
}

// Needed says whether a page asks for a row.
func (a *App) Needed(id string) bool { return a.rows[id] }

// Once runs do once for the caller and key, and keeps what tell makes of its
// error or of nil; what was asked before in the same words is answered again.
// Operations and pages alike change things through it.
func (a *App) Once(ctx context.Context, key string, asked [32]byte, do func(context.Context) error, tell func(error) once.Answer) (once.Answer, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	return a.conf.Keeper.Once(ctx, once.Request{Owner: Who(ctx).Caller(), Key: key, Hash: asked}, func(ctx context.Context) once.Answer {
		err := do(ctx)
		if errors.Is(err, once.ErrSeen) { // no problem of anybody's: neither logged nor counted
			return once.Answer{}
		}
		return tell(err)
	})
}

// Problem translates an error for a page, and logs a defect.
func (a *App) Problem(c *fiber.Ctx, err error) *Problem {
	return a.problem(err, string(c.Response().Header.Peek(requestIDHeader)))
}

// TellPages lets show answer what goes wrong below a path: whoever reads there
// is a person with a browser.
func (a *App) TellPages(path string, show func(c *fiber.Ctx, p *Problem) error) {
	a.pagesAt, a.pages = path, show
}
