package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

// phone is somebody's mini-program, for benchmarks of what people do.
type phone struct {
	house House
	http  *http.Client
	token string
}

// withHouse opens a fresh instance for as long as do works.
func withHouse(ctx context.Context, r *Report, do func(House) error) error {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	house, err := r.Open(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(do(house), house.Close())
}

// call sends a body and decodes the answer; any status but 200 is an error.
func (p *phone) call(ctx context.Context, method, url string, body, into any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if body == nil {
		content = nil
	}
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(content))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", rand.Text())
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	resp, err := p.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %d %s", method, url, resp.StatusCode, got)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(got, into)
}

// person is somebody of the local WeChat.
type person struct {
	Name   string `json:"name"`
	Number string `json:"id_number"`
	OpenID string `json:"openid"`
}

// newcomer makes a person in the local WeChat.
func (p *phone) newcomer(ctx context.Context) (who person, err error) {
	err = p.call(ctx, http.MethodPost, p.house.WeChat+"/sandbox/persons", map[string]string{"name": "甄样本"}, &who)
	return who, err
}

// code draws a login code.
func (p *phone) code(ctx context.Context, who person) (string, error) {
	var given struct{ Code string }
	err := p.call(ctx, http.MethodPost, p.house.WeChat+"/sandbox/login-code", map[string]string{"openid": who.OpenID}, &given)
	return given.Code, err
}

// login turns a code into a session.
func (p *phone) login(ctx context.Context, code string) error {
	var session struct{ Token string }
	err := p.call(ctx, http.MethodPost, p.house.URL+"/api/v1/sessions", map[string]string{"code": code}, &session)
	p.token = session.Token
	return err
}
