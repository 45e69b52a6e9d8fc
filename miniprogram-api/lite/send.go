package lite

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/once"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// post takes a form: one of ours, proved, by somebody who may, once.
func (p *Pages) post(c *fiber.Ctx, pg page, a act) error {
	v := p.visit(c)
	if !v.ours() {
		return p.refuse(v, ErrForeign)
	}
	if err := v.read(); err != nil {
		return p.refuse(v, err)
	}
	if a.own != nil {
		return a.own(c, v)
	}
	ctx, err := v.enter(a.op)
	if a.data != nil {
		return p.sendData(ctx, v, a, err)
	}
	if err != nil {
		return p.refuse(v, err)
	}
	if !v.proved() {
		return p.showWith(ctx, v, pg, nil, ErrOldForm)
	}
	if a.find != nil {
		found, err := a.find(ctx, v)
		return p.showWith(ctx, v, pg, found, err)
	}
	if a.anew {
		to, err := a.do(ctx, v)
		if err != nil {
			return p.showWith(ctx, v, pg, nil, err)
		}
		return v.c.Redirect(to, fiber.StatusSeeOther)
	}
	return p.doOnce(ctx, v, pg, a)
}

// sendData answers a script, problems too.
func (p *Pages) sendData(ctx context.Context, v *visit, a act, err error) error {
	if err == nil && !v.proved() {
		err = ErrOldForm
	}
	var out any
	if err == nil {
		out, err = a.data(ctx, v)
	}
	if err != nil {
		problem := p.app.Problem(v.c, err)
		return v.c.Status(problem.Status).JSON(problem, problem.ContentType(""))
	}
	return v.c.JSON(out)
}

// doOnce does an act under the key of its form. Sent again, whether by a double
// tap or after going back, the form leads to where it led the first time.
func (p *Pages) doOnce(ctx context.Context, v *visit, pg page, a act) error {
	var to string
	var failed error
	do := func(ctx context.Context) (err error) {
		to, err = a.do(ctx, v)
		return err
	}
	kept, _, err := p.app.Once(ctx, v.key(), v.asked(), do, func(err error) once.Answer {
		if failed = err; err != nil {
			return refusal(p.app.Problem(v.c, err))
		}
		return once.Answer{Status: fiber.StatusSeeOther, Body: []byte(to)}
	})
	switch {
	case errors.Is(err, once.ErrKeyReused):
		return p.showWith(ctx, v, pg, nil, ErrSentOnce)
	case err != nil:
		return p.showWith(ctx, v, pg, nil, err)
	case kept.Status == fiber.StatusSeeOther:
		v.c.Set(fiber.HeaderCacheControl, "no-store")
		return v.c.Redirect(string(kept.Body), fiber.StatusSeeOther)
	case failed == nil:
		failed = refusedBefore(kept)
	}
	return p.showWith(ctx, v, pg, nil, failed)
}

func refusal(p *api.Problem) once.Answer {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // a wire type that cannot be encoded is a defect
	}
	return once.Answer{Status: p.Status, Body: b}
}

// refusedBefore is the fault of an answer that was kept: a wrong code, say,
// that was counted.
func refusedBefore(kept once.Answer) error {
	var p api.Problem
	if err := json.Unmarshal(kept.Body, &p); err != nil {
		return err
	}
	for _, f := range fault.All() {
		if f.Code == p.Code {
			return f.Saying(p.Detail)
		}
	}
	return fault.ErrInternal
}

// key names the form: the page's own key and where the form goes to, so that
// all forms of a page can share one.
func (v *visit) key() string {
	sum := sha256.Sum256([]byte(v.typed.Get(onceField) + "|" + v.c.Path()))
	return "lite-" + base64.RawURLEncoding.EncodeToString(sum[:24])
}

// asked is the identity of what was typed.
func (v *visit) asked() [32]byte {
	h := sha256.New()
	io.WriteString(h, v.c.Path()+"\n")
	for _, name := range slices.Sorted(maps.Keys(v.typed)) {
		if !strings.HasPrefix(name, "_") {
			io.WriteString(h, name+"\x00"+strings.Join(v.typed[name], "\x00")+"\x00")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.files)) {
		content, called, _ := v.file(name)
		io.WriteString(h, name+"\x01"+called+"\x00")
		h.Write(content)
	}
	return [32]byte(h.Sum(nil))
}

// refuse answers with the page of a problem: to sign in, to show the second
// factor, or to read what went wrong.
func (p *Pages) refuse(v *visit, err error) error {
	f := fault.From(err)
	switch {
	case f.Kind == fault.Unauthenticated:
		return p.askToSignIn(v, err)
	case errors.Is(err, staff.ErrNeedCode):
		return v.c.Redirect(Root+"/second-factor", fiber.StatusSeeOther)
	}
	return p.tell(v.c, p.app.Problem(v.c, err))
}

// tell shows a problem as a page.
func (p *Pages) tell(c *fiber.Ctx, problem *api.Problem) error {
	v := p.visit(c)
	if v.token != "" { // the menu, where there is one
		_, _ = v.enter("lite-home")
	}
	v.problem = problem
	return p.render(v, page{title: problem.Title, look: "problem"}, problem.Status, nil)
}

// kept are the fields that a form carries over a sign-in.
func (v *visit) kept() []field {
	var list []field
	for _, name := range slices.Sorted(maps.Keys(v.typed)) {
		if strings.HasPrefix(name, "_") {
			continue
		}
		for _, value := range v.typed[name] {
			list = append(list, field{keptPrefix + name, value})
		}
	}
	return list
}

// keptBefore takes the carried fields out of a sign-in's form.
func keptBefore(typed url.Values) []field {
	var list []field
	for _, name := range slices.Sorted(maps.Keys(typed)) {
		if rest, ok := strings.CutPrefix(name, keptPrefix); ok {
			for _, value := range typed[name] {
				list = append(list, field{rest, value})
			}
		}
	}
	return list
}

// field is a hidden field of a form.
type field struct{ Name, Value string }
