package api

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/pkg/once"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Enter finds out who asks for a page, as for an operation: the limits and the
// row id of the table of roles hold alike. The context knows whoever it is,
// also where the error refuses them. Whoever calls has checked that the
// request comes from a page of ours.
func (a *App) Enter(c *fiber.Ctx, id, token string) (context.Context, error) {
	grants, ok := staff.Grants(id)
	if !ok {
		panic(id + ": no row in the table of roles (pkg/staff)")
	}
	c.Locals(operationKey{}, id)
	r := &request{id: string(c.Response().Header.Peek(requestIDHeader)), token: token}
	err := a.known(c, id, grants, r)
	return context.WithValue(c.UserContext(), requestKey{}, r), err
}

// Once runs do once for the caller and key, as for an operation: what was
// asked before in the same words is answered again.
func (a *App) Once(ctx context.Context, key string, asked [32]byte, do func(context.Context) once.Answer) (once.Answer, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	return a.conf.Keeper.Once(ctx, once.Request{Owner: Who(ctx).Caller(), Key: key, Hash: asked}, do)
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
