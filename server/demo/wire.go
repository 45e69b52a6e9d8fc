package demo

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// actor is one person with a phone.
type actor struct {
	name, number, openID string
	token                string
}

// answer is a decoded JSON object with getters that follow a dotted path, such
// as "case.materials.0.state".
type answer map[string]any

func (a answer) at(path string) any {
	var v any = map[string]any(a)
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) text(path string) string {
	s, _ := a.at(path).(string)
	return s
}

func (a answer) list(path string) (list []answer) {
	in, _ := a.at(path).([]any)
	for _, v := range in {
		if m, ok := v.(map[string]any); ok {
			list = append(list, m)
		}
	}
	return list
}

// moment reads an RFC 3339 time.
func (p *play) moment(a answer, path string) time.Time {
	t, err := time.Parse(time.RFC3339, a.text(path))
	p.expect("a time at "+path, err == nil, a.at(path))
	return t
}

// get, post and put expect 200; refused expects a problem with this code.
func (p *play) get(who *actor, path string) answer {
	return p.call(who, http.MethodGet, path, nil, "")
}

func (p *play) post(who *actor, path string, body any) answer {
	return p.call(who, http.MethodPost, path, body, "")
}

func (p *play) put(who *actor, path string, body any) answer {
	return p.call(who, http.MethodPut, path, body, "")
}

func (p *play) refused(who *actor, path string, body any, code string) answer {
	return p.call(who, http.MethodPost, path, body, code)
}

func (p *play) call(who *actor, method, path string, body any, code string) answer {
	var content []byte
	if body != nil {
		var err error
		content, err = json.Marshal(body)
		p.must(err)
	}
	return p.send(who, method, path, "application/json", content, code)
}

// upload sends a file as wx.uploadFile does.
func (p *play) upload(who *actor, path, material, name string, content []byte) answer {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	p.must(form.WriteField("material", material))
	part, err := form.CreateFormFile("file", name)
	p.must(err)
	_, err = part.Write(content)
	p.must(err)
	p.must(form.Close())
	return p.send(who, http.MethodPost, path, form.FormDataContentType(), body.Bytes(), "")
}

func (p *play) send(who *actor, method, path, media string, content []byte, code string) answer {
	req, err := http.NewRequestWithContext(p.ctx, method, p.stage.API+path, bytes.NewReader(content))
	p.must(err)
	if content != nil {
		req.Header.Set("Content-Type", media)
	}
	if method == http.MethodPost {
		req.Header.Set("Idempotency-Key", rand.Text())
	}
	if who != nil && who.token != "" {
		req.Header.Set("Authorization", "Bearer "+who.token)
	}
	p.asked = method + " " + path + " " + shown(media, content)
	status, got := p.do(req)
	var a answer
	if !expected(status, got, code) || json.Unmarshal(got, &a) != nil {
		p.stop(fmt.Sprintf("%d %s", status, got), wanted(code))
	}
	return a
}

func (p *play) do(req *http.Request) (int, []byte) {
	resp, err := p.http.Do(req)
	p.must(err)
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	p.must(err)
	return resp.StatusCode, got
}

func expected(status int, got []byte, code string) bool {
	if code == "" {
		return status == http.StatusOK
	}
	var problem struct {
		Code string `json:"code"`
	}
	return json.Unmarshal(got, &problem) == nil && problem.Code == code
}

func wanted(code string) string {
	if code == "" {
		return "200 and a JSON object"
	}
	return "a problem with the code " + code
}

func shown(media string, content []byte) string {
	if strings.HasPrefix(media, "multipart/") {
		return fmt.Sprintf("(a form of %d bytes)", len(content))
	}
	return string(content)
}

// wechat asks the local WeChat for something, such as a login code.
func (p *play) wechat(path string, body any) answer {
	content, err := json.Marshal(body)
	p.must(err)
	req, err := http.NewRequestWithContext(p.ctx, http.MethodPost, p.stage.WeChat+path, bytes.NewReader(content))
	p.must(err)
	status, got := p.do(req)
	p.expect("200 from the local WeChat", status == http.StatusOK, string(got))
	var a answer
	p.must(json.Unmarshal(got, &a))
	return a
}

func (p *play) wechatList(path string) (list []answer) {
	req, err := http.NewRequestWithContext(p.ctx, http.MethodGet, p.stage.WeChat+path, nil)
	p.must(err)
	_, got := p.do(req)
	p.must(json.Unmarshal(got, &list))
	return list
}

func query(pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return "?" + v.Encode()
}
