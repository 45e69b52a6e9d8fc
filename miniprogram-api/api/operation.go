package api

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// timeLimit is how long one request may take in all.
const timeLimit = 15 * time.Second

// Handler decodes nothing and knows no status: huma has filled In, and what it
// returns becomes the answer's body.
type Handler[In, Out any] func(ctx context.Context, in *In) (*Out, error)

// Op names an operation. ID is also its row in the table of roles.
type Op struct {
	ID, Path, Summary, About string
	Tag                      string
	BodyMost                 int64 // bytes; 0 = jsonMost
}

// Write is embedded in the input of every POST.
type Write struct {
	IdempotencyKey string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"8 至 64 位字母、数字、横线或下划线" doc:"Made by the client for each act, the same on each retry: the same key and body give the same answer."`
}

// writing marks inputs that embed Write.
type writing interface{ key() string }

func (w *Write) key() string { return w.IdempotencyKey }

// answer is what goes through huma: bytes that are ready.
type answer struct {
	Status   int
	Type     string `header:"Content-Type" hidden:"true"`
	Replayed string `header:"Idempotent-Replayed" hidden:"true"`
	Retry    string `header:"Retry-After" hidden:"true"`
	Saved    string `header:"Content-Disposition" hidden:"true"`
	Policy   string `header:"Content-Security-Policy" hidden:"true"`
	Tag      string `header:"ETag" hidden:"true"`
	Body     []byte
}

// Get registers a reading operation.
func Get[In, Out any](a *App, op Op, h Handler[In, Out]) {
	register(a, http.MethodGet, op, h, read(a, h))
}

// Post registers an operation that creates or changes; it is done once for
// each Idempotency-Key. In must embed Write.
func Post[In, Out any](a *App, op Op, h Handler[In, Out]) {
	if _, ok := any(new(In)).(writing); !ok {
		panic(op.ID + ": the input of a POST embeds api.Write")
	}
	register(a, http.MethodPost, op, h, write(a, watched(a, op.ID, h)))
}

// Put registers an operation that replaces something: repeating it is harmless.
func Put[In, Out any](a *App, op Op, h Handler[In, Out]) {
	register(a, http.MethodPut, op, h, read(a, h))
}

// Delete registers an operation that ends something: repeating it is harmless.
func Delete[In, Out any](a *App, op Op, h Handler[In, Out]) {
	register(a, http.MethodDelete, op, h, read(a, h))
}

// rowOf is a row of the table of roles. That there is none is a defect.
func rowOf(id string) []staff.Grant {
	grants, ok := staff.Grants(id)
	if !ok {
		panic(id + ": no row in the table of roles (pkg/staff)")
	}
	return grants
}

func register[In, Out any](a *App, method string, op Op, _ Handler[In, Out], run func(context.Context, *In) (*answer, error)) {
	grants := rowOf(op.ID)
	mustBeSeen(reflect.TypeFor[In](), op.ID)
	most := op.BodyMost
	if most == 0 {
		most = jsonMost
	}
	huma.Register(a.huma, huma.Operation{
		OperationID: op.ID, Method: method, Path: op.Path, Summary: op.Summary,
		Description: op.About + allowed(grants), Tags: []string{op.Tag},
		MaxBodyBytes: most, DefaultStatus: http.StatusOK,
		Responses:   responses(a, reflect.TypeFor[Out](), op.ID),
		Middlewares: huma.Middlewares{a.admit(op.ID, grants, bodyOf(reflect.TypeFor[In]()))},
		Security:    security(grants),
	}, run)
}

// mustBeSeen stops the program where an input embeds an unexported type: huma
// would pass over its parameters in silence.
func mustBeSeen(in reflect.Type, id string) {
	for i := range in.NumField() {
		f := in.Field(i)
		if !f.Anonymous {
			continue
		}
		if !f.IsExported() {
			panic(id + ": the input embeds " + f.Name + ", which must be exported to be decoded")
		}
		mustBeSeen(f.Type, id)
	}
}

// responses documents what Out looks like, since huma itself sees only bytes.
func responses(a *App, out reflect.Type, id string) map[string]*huma.Response {
	schemas := a.huma.OpenAPI().Components.Schemas
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	return map[string]*huma.Response{
		"200": {Description: "done", Content: content(schemas, out, id)},
		"default": {Description: "problem", Content: map[string]*huma.MediaType{
			"application/problem+json": {Schema: problem},
		}},
	}
}

func content(schemas huma.Registry, out reflect.Type, id string) map[string]*huma.MediaType {
	if out == reflect.TypeFor[File]() {
		return map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}
	}
	return map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(out, true, id+"-answer")}}
}

func read[In, Out any](a *App, h Handler[In, Out]) func(context.Context, *In) (*answer, error) {
	return func(ctx context.Context, in *In) (*answer, error) {
		limited := &timed{Context: ctx, until: time.Now().Add(timeLimit)}
		defer limited.end()
		out, err := h(limited, in)
		return a.answered(ctx, out, err), nil
	}
}

// answered encodes what a handler returned.
func (a *App) answered(ctx context.Context, out any, err error) *answer {
	if err != nil {
		p := a.problem(err, requestID(ctx))
		return &answer{Status: p.Status, Type: p.ContentType(""), Retry: retry(p), Body: encode(p)}
	}
	if f, ok := out.(*File); ok {
		saved := mime.FormatMediaType("attachment", map[string]string{"filename": f.Name})
		return &answer{Status: http.StatusOK, Type: f.Media, Saved: saved, Policy: filePolicy, Body: f.Content}
	}
	if p, ok := out.(polled); ok {
		return sinceLast(ctx, encode(p))
	}
	return &answer{Status: http.StatusOK, Type: "application/json", Body: encode(out)}
}

// filePolicy: should a browser show a file after all, nothing in it runs.
const filePolicy = "default-src 'none'; sandbox"

func retry(p *Problem) string {
	if p.RetryAfter == 0 {
		return ""
	}
	return strconv.Itoa(p.RetryAfter)
}

// encoded is implemented by answers that keep their bytes ready.
type encoded interface{ JSON() []byte }

func encode(v any) []byte {
	if e, ok := v.(encoded); ok {
		return e.JSON()
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a wire type that cannot be encoded is a defect
	}
	return b
}
