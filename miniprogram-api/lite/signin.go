package lite

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// signInView is what the sign-in shows: where to go on, and what was typed
// when the session was found to have ended.
type signInView struct {
	To   string
	Kept []field
}

// signIn is the page on which a code from the phone is typed. Signing in
// during a form gives the form back, filled in as it was.
func (p *Pages) signIn() page {
	return page{path: "/sign-in", title: "登录", look: "sign_in", open: true, acts: []act{
		{name: "code", op: "enter-pages", own: p.typeCode},
		{name: "out", op: "logout", own: p.signOut},
		{name: "large", own: p.enlarge},
	}}
}

// askToSignIn shows the sign-in in the place of a page or of a form's answer.
func (p *Pages) askToSignIn(v *visit, err error) error {
	view := signInView{To: v.c.Path()}
	if v.c.Method() == fiber.MethodPost {
		view.Kept = v.kept()
		v.problem = p.app.Problem(v.c, err)
	} else if v.token != "" {
		v.problem = p.app.Problem(v.c, err)
	}
	return p.render(v, page{title: "登录", look: "sign_in"}, fiber.StatusUnauthorized, view)
}

// typeCode signs in.
func (p *Pages) typeCode(c *fiber.Ctx, v *visit) error {
	view := signInView{To: ownPath(v.typed.Get(toField))}
	for _, f := range keptBefore(v.typed) {
		view.Kept = append(view.Kept, field{keptPrefix + f.Name, f.Value})
	}
	again := func(err error) error {
		v.problem = p.app.Problem(c, err)
		return p.render(v, page{title: "登录", look: "sign_in"}, v.problem.Status, view)
	}
	ended := v.token
	v.token = "" // whoever was signed in before is not asking
	if _, err := v.enter("enter-pages"); err != nil {
		return again(err)
	}
	v.token = ended
	if !v.proved() {
		return again(ErrOldForm)
	}
	token, _, err := p.Door.EnterPages(v.ctx, v.text("code"), citizen.DeviceOf(c.Get(fiber.HeaderUserAgent)))
	if err != nil {
		return again(err)
	}
	v.token = token
	v.cookie(sessionCookie, token)
	if kept := keptBefore(v.typed); len(kept) > 0 {
		_, _ = v.enter("lite-home")
		return p.render(v, page{title: "接着提交", look: "resume"}, fiber.StatusOK, signInView{view.To, kept})
	}
	return c.Redirect(view.To, fiber.StatusSeeOther)
}

// ownPath lets nobody be sent elsewhere.
func ownPath(to string) string {
	if !strings.HasPrefix(to, Root+"/") || strings.ContainsAny(to, "\\\r\n") || strings.HasPrefix(to, Root+"/sign-in") {
		return Root + "/"
	}
	return to
}

// signOut ends the session; what the browser keeps of the pages goes with it.
func (p *Pages) signOut(c *fiber.Ctx, v *visit) error {
	if ctx, err := v.enter("logout"); err == nil {
		if !v.proved() {
			return p.refuse(v, ErrOldForm)
		}
		if err := p.Door.Logout(ctx, api.Who(ctx).Account.ID, v.token); err != nil {
			return p.refuse(v, err)
		}
	}
	v.cookie(sessionCookie, "")
	c.Set("Clear-Site-Data", `"cache"`)
	return c.Redirect(Root+"/sign-in", fiber.StatusSeeOther)
}

// enlarge switches large type on or off, for this browser.
func (p *Pages) enlarge(c *fiber.Ctx, v *visit) error {
	value := "1"
	if c.Cookies(largeCookie) != "" {
		value = ""
	}
	v.cookie(largeCookie, value)
	return c.Redirect(ownPath(v.typed.Get(toField)), fiber.StatusSeeOther)
}

// secondFactor is where administrators and auditors show their code.
func (p *Pages) secondFactor() page {
	return page{path: "/second-factor", op: "lite-home", title: "动态验证", look: "second_factor", acts: []act{
		{name: "show", op: "show-code", do: func(ctx context.Context, v *visit) (string, error) {
			return Root + "/", p.Gate.Raise(ctx, v.who(), v.text("code"))
		}},
	}}
}

// home leads everybody to the first page of their menu.
func (p *Pages) home() page {
	return page{path: "/", op: "lite-home", title: "一门", look: "home", acts: nil,
		show: func(_ context.Context, v *visit) (any, error) {
			m := v.who().Member
			return m != nil && m.Twofold() && !v.who().Raised, nil
		}}
}

// may says whether the visitor may use a row of the table of roles.
func (v *visit) may(op string) bool {
	grants, ok := staff.Grants(op)
	return ok && staff.Allows(grants, v.who())
}
