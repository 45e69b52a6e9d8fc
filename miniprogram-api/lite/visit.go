package lite

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// visit is one request for a page.
type visit struct {
	c       *fiber.Ctx
	pages   *Pages
	ctx     context.Context // once entered
	token   string          // of the session, "" = none
	typed   url.Values      // what a form carried
	files   map[string][]*multipart.FileHeader
	problem *api.Problem
	found   any
	choices []choice
}

func (p *Pages) visit(c *fiber.Ctx) *visit {
	return &visit{c: c, pages: p, ctx: c.UserContext(), token: c.Cookies(sessionCookie), typed: url.Values{}}
}

// enter finds out who asks and whether they may; v.ctx knows them from then on.
func (v *visit) enter(op string) (context.Context, error) {
	ctx, err := v.pages.app.Enter(v.c, op, v.token)
	v.ctx = ctx
	return ctx, err
}

// who is the principal, nobody before enter.
func (v *visit) who() staff.Principal { return api.Who(v.ctx) }

// me is the post of whoever asks; only where the page's row names posts.
func (v *visit) me() staff.Member { return *v.who().Member }

// id is the part of the path that names a thing.
func (v *visit) id() string { return v.c.Params("id") }

// text is a field of the form, without the space around it.
func (v *visit) text(name string) string { return strings.TrimSpace(v.typed.Get(name)) }

// all are the values of a field that may be there several times.
func (v *visit) all(name string) []string { return v.typed[name] }

// group gives the fields whose names begin with prefix, by the rest.
func (v *visit) group(prefix string) map[string]string {
	list := map[string]string{}
	for name, values := range v.typed {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" {
			list[rest] = strings.TrimSpace(values[len(values)-1])
		}
	}
	return list
}

// fileMost is one byte more than a file may have, so that one too large is
// seen to be so.
const fileMost = 10<<20 + 1

// file reads a file of the form; content is nil where none was chosen.
func (v *visit) file(name string) (content []byte, called string, err error) {
	list := v.files[name]
	if len(list) == 0 || list[0].Size == 0 {
		return nil, "", nil
	}
	f, err := list[0].Open()
	if err != nil {
		return nil, "", api.ErrMalformed.Because(err)
	}
	defer f.Close()
	content, err = io.ReadAll(io.LimitReader(f, fileMost))
	return content, list[0].Filename, err
}

// What a form may carry.
const (
	fieldsMost = 400
	textMost   = 4000 // bytes of one field; a signature is a picture, see pictureMost
	// pictureMost bounds a field whose name ends in _picture or _batch: a
	// drawing as a data address, or what a page kept without network.
	pictureMost = 200 << 10
)

// ErrForm tells that a form is none of ours.
var ErrForm = fault.New(fault.Invalid, "page.form", "表单内容无法识别，请返回上一页重新填写后再提交")

// read takes the form in.
func (v *visit) read() error {
	if strings.HasPrefix(v.c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		form, err := v.c.MultipartForm()
		if err != nil {
			return ErrForm.Because(err)
		}
		v.typed, v.files = form.Value, form.File
	} else {
		for key, value := range v.c.Request().PostArgs().All() {
			v.typed.Add(string(key), string(value))
		}
	}
	return v.sound()
}

// sound looks whether the form's texts are texts and not too many or long.
func (v *visit) sound() error {
	if len(v.typed) > fieldsMost {
		return ErrForm.Because(errors.New("too many fields"))
	}
	for name, values := range v.typed {
		most := textMost
		if strings.HasSuffix(name, "_picture") || strings.HasSuffix(name, "_batch") {
			most = pictureMost
		}
		bad := slices.ContainsFunc(values, func(s string) bool {
			return len(s) > most || !utf8.ValidString(s) || strings.ContainsRune(s, 0)
		})
		if bad || len(name) > 80 {
			return ErrForm.Because(errors.New("field " + name))
		}
	}
	return nil
}
