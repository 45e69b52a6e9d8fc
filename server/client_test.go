package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

// client is somebody's phone.
type client struct {
	t      testing.TB
	town   *town
	person sandbox.Person
	token  string
}

// in is the same phone in a subtest.
func (p *client) in(t testing.TB) *client {
	q := *p
	q.t = t
	return &q
}

// login logs in anew.
func (p *client) login() {
	p.t.Helper()
	r := p.post("/api/v1/sessions", map[string]string{"code": p.town.in.sandbox.LoginCode(p.person.OpenID)}).ok()
	p.token = r.text("token")
}

// prove binds the phone and proves the real name.
func (p *client) prove() {
	p.t.Helper()
	p.post("/api/v1/me/phone", map[string]string{"code": p.town.in.sandbox.PhoneCode(p.person.OpenID)}).ok()
	p.post("/api/v1/me/real-name", map[string]string{"name": p.person.Name, "number": p.person.IDNumber}).ok()
}

// get, post, put and delete send JSON; every post has a key of its own.
func (p *client) get(path string) *reply {
	p.t.Helper()
	return p.send(request{method: http.MethodGet, path: path})
}

func (p *client) post(path string, body any) *reply {
	p.t.Helper()
	return p.postAs(rand.Text(), path, body)
}

// postAs posts under a given Idempotency-Key.
func (p *client) postAs(key, path string, body any) *reply {
	p.t.Helper()
	return p.send(request{method: http.MethodPost, path: path, key: key, body: encoded(body), media: jsonMedia})
}

func (p *client) put(path string, body any) *reply {
	p.t.Helper()
	return p.send(request{method: http.MethodPut, path: path, body: encoded(body), media: jsonMedia})
}

func (p *client) delete(path string) *reply {
	p.t.Helper()
	return p.send(request{method: http.MethodDelete, path: path})
}

// upload sends a file of a material as wx.uploadFile does.
func (p *client) upload(path, material string, content []byte) *reply {
	p.t.Helper()
	body, media := formOf(map[string]string{"material": material}, "photo.jpg", content)
	return p.send(request{method: http.MethodPost, path: path, key: rand.Text(), body: body, media: media})
}

// request is one request, good or bad.
type request struct {
	method, path, key, media string
	body                     []byte
	header                   http.Header // wins over what the client would send
}

const jsonMedia = "application/json"

func (p *client) send(r request) *reply {
	p.t.Helper()
	req, err := http.NewRequest(r.method, p.town.url+r.path, bytes.NewReader(r.body))
	require.NoError(p.t, err)
	set := func(name, value string) {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	set("Idempotency-Key", r.key)
	if len(r.body) > 0 {
		set("Content-Type", r.media)
	}
	if p.token != "" {
		set("Authorization", "Bearer "+p.token)
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	resp, err := p.town.http.Do(req)
	require.NoError(p.t, err, "%s %s", r.method, r.path)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(p.t, err)
	return replyOf(p.t, r.method+" "+r.path, resp.StatusCode, resp.Header, raw)
}

func replyOf(t testing.TB, asked string, status int, header http.Header, raw []byte) *reply {
	a := &reply{t: t, asked: asked, status: status, header: header, raw: raw}
	_ = json.Unmarshal(raw, &a.body)
	return a
}

func encoded(body any) []byte {
	switch b := body.(type) {
	case nil:
		return nil
	case []byte:
		return b
	case string:
		return []byte(b)
	}
	b, err := json.Marshal(body)
	if err != nil {
		panic(err) // the test's own values
	}
	return b
}

// formOf encodes an upload; each call draws a new boundary.
func formOf(fields map[string]string, name string, content []byte) (body []byte, media string) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for k, v := range fields {
		_ = form.WriteField(k, v)
	}
	part, _ := form.CreateFormFile("file", name)
	_, _ = part.Write(content)
	_ = form.Close()
	return b.Bytes(), form.FormDataContentType()
}

// photo is a small JPEG such as a phone would send.
var photo = func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16)), nil); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}()

// reply is an answer as it came.
type reply struct {
	t      testing.TB
	asked  string
	status int
	header http.Header
	raw    []byte
	body   map[string]any
}

// ok demands a 200.
func (r *reply) ok() *reply {
	r.t.Helper()
	require.Equal(r.t, http.StatusOK, r.status, "%s: %s", r.asked, r.raw)
	return r
}

// refused demands a whole problem with this status and code.
func (r *reply) refused(status int, code string) *reply {
	r.t.Helper()
	requireProblem(r.t, r)
	require.Equal(r.t, code, r.text("code"), "%s: %s", r.asked, r.raw)
	require.Equal(r.t, status, r.status, "%s: %s", r.asked, r.raw)
	return r
}

// at follows a dotted path such as "case.materials.0.state".
func (r *reply) at(path string) any { return at(r.body, path) }

func (r *reply) text(path string) string { return textAt(r.body, path) }

// list gives the objects of an array.
func (r *reply) list(path string) []map[string]any { return listAt(r.body, path) }

// material finds a material of the case at path ("" = the answer itself).
func (r *reply) material(path, code string) map[string]any {
	for _, m := range r.list(strings.TrimPrefix(path+".materials", ".")) {
		if m["material"] == code {
			return m
		}
	}
	return nil
}

func at(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func textAt(v any, path string) string {
	s, _ := at(v, path).(string)
	return s
}

func listAt(v any, path string) (list []map[string]any) {
	in, _ := at(v, path).([]any)
	for _, e := range in {
		if m, ok := e.(map[string]any); ok {
			list = append(list, m)
		}
	}
	return list
}

// fileNameOf reads the name out of a Content-Disposition.
func fileNameOf(t testing.TB, disposition string) string {
	t.Helper()
	_, params, err := mime.ParseMediaType(disposition)
	require.NoError(t, err, disposition)
	return params["filename"]
}
