package lite

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// page is one page: where it lies, who may see it, what it shows, and what can
// be done on it.
type page struct {
	path  string // below Root, such as "/cases/:id"
	op    string // row of the table of roles that lets somebody see it
	title string
	menu  string // its word in the menu, "" = not there
	look  string // its template: look/<look>.html
	open  bool   // for whoever is not signed in as well
	// show reads what the page shows.
	show func(ctx context.Context, v *visit) (any, error)
	acts []act
}

// act is a form of a page, sent to the page's path and the act's name.
type act struct {
	name string
	op   string // row of the table of roles
	// do changes something, once however often the form is sent, and says where
	// to go then.
	do func(ctx context.Context, v *visit) (to string, err error)
	// anew does it each time: it opens something by a link that ends soon.
	anew bool
	// find looks something up instead; what it returns is the page's Found. It
	// is sent as a form so that what is looked for stands in no address.
	find func(ctx context.Context, v *visit) (any, error)
	// data answers a script of ours.
	data func(ctx context.Context, v *visit) (any, error)
	// own replaces all of the above for forms that nobody is signed in for.
	own func(c *fiber.Ctx, v *visit) error
}

// open registers a page and its acts.
func (p *Pages) open(pg page) {
	if pg.op != "" {
		p.app.Need(pg.op)
	}
	p.app.Fiber.Get(Root+pg.path, func(c *fiber.Ctx) error { return p.get(c, pg) })
	for _, a := range pg.acts {
		if a.op != "" {
			p.app.Need(a.op)
		}
		at := Root + pg.path
		if pg.path == "/" {
			at = Root
		}
		p.app.Fiber.Post(at+"/"+a.name, func(c *fiber.Ctx) error { return p.post(c, pg, a) })
		p.app.Fiber.Get(at+"/"+a.name, func(c *fiber.Ctx) error {
			return c.Redirect(strings.TrimSuffix(c.Path(), "/"+a.name), fiber.StatusSeeOther)
		})
	}
}

// get shows a page.
func (p *Pages) get(c *fiber.Ctx, pg page) error {
	v := p.visit(c)
	if pg.open {
		return p.render(v, pg, fiber.StatusOK, nil)
	}
	ctx, err := v.enter(pg.op)
	if err != nil {
		return p.refuse(v, err)
	}
	return p.showWith(ctx, v, pg, nil, nil)
}

// showWith shows a page as it is now, with what a form has found or the error
// that it met.
func (p *Pages) showWith(ctx context.Context, v *visit, pg page, found any, failed error) error {
	status := fiber.StatusOK
	if failed != nil {
		v.problem = p.app.Problem(v.c, failed)
		status = v.problem.Status
	}
	v.found = found
	if pg.show == nil {
		return p.render(v, pg, status, nil)
	}
	data, err := pg.show(ctx, v)
	if err != nil && failed != nil {
		return p.refuse(v, failed)
	}
	if err != nil {
		return p.refuse(v, err)
	}
	return p.render(v, pg, status, data)
}
