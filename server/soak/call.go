package soak

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// answer is what the server said in the end.
type answer struct {
	status int
	body   map[string]any
}

func (a answer) text(key string) string {
	s, _ := a.body[key].(string)
	return s
}

// patience is how long an answer may take, restarts included.
const patience = 90 * time.Second

// call sends a request, and sends it again with the same key until it is
// answered: what a phone in a lift does. Now and then it hangs up early.
func (v *visitor) call(ctx context.Context, method, url string, body any) (a answer, err error) {
	key := rand.Text()
	content, err := json.Marshal(body)
	if err != nil {
		return a, err
	}
	if body == nil {
		content = nil
	}
	end := time.Now().Add(patience)
	for try := 0; ctx.Err() == nil; try++ {
		a, err = v.once(ctx, method, url, key, content, try == 0 && v.random.IntN(20) == 0)
		if err == nil && a.status >= http.StatusBadRequest && a.text("code") == "" {
			v.history.problem("%s %s: %d without a code: %v", method, url, a.status, a.body)
		}
		if err == nil && a.status < http.StatusInternalServerError {
			return a, nil
		}
		if err == nil && a.status == http.StatusInternalServerError {
			return a, fmt.Errorf("%s %s: 500 %v", method, url, a.body)
		}
		if time.Now().After(end) {
			return a, fmt.Errorf("%s %s: no answer within %v: %v %w", method, url, patience, a, err)
		}
		if try%100 == 99 { // seconds without an answer
			if err := v.server.check(); err != nil {
				return a, err
			}
		}
		v.history.retried.Add(1)
		time.Sleep(time.Duration(5+v.random.IntN(20)) * time.Millisecond)
	}
	return a, ctx.Err()
}

// once sends a request once; hasty hangs up after a few milliseconds.
func (v *visitor) once(ctx context.Context, method, url, key string, content []byte, hasty bool) (a answer, err error) {
	if hasty {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(1+v.random.IntN(6))*time.Millisecond)
		defer cancel()
	}
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(content))
	if err != nil {
		return a, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	if v.token != "" {
		req.Header.Set("Authorization", "Bearer "+v.token)
	}
	resp, err := v.server.http.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, err
	}
	a.status = resp.StatusCode
	return a, json.Unmarshal(raw, &a.body)
}

// must is call where anything but success is an error.
func (v *visitor) must(ctx context.Context, method, url string, body any) (answer, error) {
	a, err := v.call(ctx, method, url, body)
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("%s %s: %d %v", method, url, a.status, a.body)
	}
	return a, err
}
