package api

import (
	"context"
	"crypto/sha256"
	"io"
	"mime/multipart"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/pkg/once"
)

// write runs a handler once for its key: change and answer become durable
// together, before the answer leaves.
func write[In, Out any](a *App, h Handler[In, Out]) func(context.Context, *In) (*answer, error) {
	return func(ctx context.Context, in *In) (*answer, error) {
		var out *Out
		var first *answer
		do := func(ctx context.Context) (err error) {
			out, err = h(ctx, in)
			return err
		}
		kept, replayed, err := a.Once(ctx, any(in).(writing).key(), of(ctx).hash, do, func(err error) once.Answer {
			first = a.answered(ctx, out, err)
			return once.Answer{Status: first.Status, Body: first.Body}
		})
		switch {
		case err != nil:
			return a.answered(ctx, nil, err), nil
		case replayed:
			return again(kept), nil
		}
		return first, nil
	}
}

// again is a kept answer on its way for the second time.
func again(kept once.Answer) *answer {
	r := &answer{Status: kept.Status, Type: "application/json", Replayed: "true", Body: kept.Body}
	if kept.Status != http.StatusOK {
		r.Type = "application/problem+json"
	}
	return r
}

// hashRequest is the identity of what was asked. Of a form it takes the parts,
// since each retry draws a new boundary.
func hashRequest(ctx huma.Context) (sum [32]byte, err error) {
	c := humafiber.Unwrap(ctx)
	h := sha256.New()
	io.WriteString(h, c.Method()+" "+c.OriginalURL()+"\n")
	if !isMultipart(c) {
		h.Write(c.Body())
	} else if err := hashForm(h, c); err != nil {
		return sum, ErrMalformed.Because(err)
	}
	return [32]byte(h.Sum(nil)), nil
}

func hashForm(h io.Writer, c *fiber.Ctx) error {
	form, err := c.MultipartForm()
	if err != nil {
		return err
	}
	for _, name := range sorted(form.Value) {
		for _, v := range form.Value[name] {
			io.WriteString(h, name+"\x00"+v+"\x00")
		}
	}
	for _, name := range sorted(form.File) {
		for _, f := range form.File[name] {
			if err := hashFile(h, name, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func hashFile(h io.Writer, name string, f *multipart.FileHeader) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	io.WriteString(h, name+"\x01"+f.Filename+"\x00")
	_, err = io.Copy(h, r)
	return err
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
