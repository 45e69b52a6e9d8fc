package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhatWasAnsweredSurvivesSIGKILL kills the process in the middle of writes;
// whatever was answered is there afterwards, and is answered again.
func TestWhatWasAnsweredSurvivesSIGKILL(t *testing.T) {
	dir := t.TempDir()
	p := launch(t, dir, []string{anyPort}).ready()
	play := regexp.MustCompile(`page=(http://\S+)/sandbox/`).FindStringSubmatch(p.out.String())[1]
	c := &town{url: p.url, http: &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	var people []*client
	for i := range 8 {
		people = append(people, remoteCitizen(t, c, play, i))
	}
	done := hammer(t, c, people, 1500*time.Millisecond, func() { require.NoError(t, p.cmd.Process.Kill()) })
	p.status()
	require.Greater(t, len(done), 20, "writes answered before the end")

	again := launch(t, dir, []string{anyPort}).ready()
	c.url = again.url
	for _, w := range done {
		r := w.who.postAs(w.key, "/api/v1/cases", map[string]string{"item": permitItem, "office": villageOffice}).ok()
		require.Equal(t, "true", r.header.Get(replayedHeader))
		require.Equal(t, w.answer, string(r.raw))
	}
	for _, who := range people {
		// One write each may have become durable without its answer leaving.
		n := len(walked(t, who, "/api/v1/cases", 100, nil))
		require.Contains(t, []int{countOf(done, who), countOf(done, who) + 1}, n)
	}
}

// written is a write that was answered.
type written struct {
	who         *client
	key, answer string
}

func countOf(done []written, who *client) (n int) {
	for _, w := range done {
		if w.who == who {
			n++
		}
	}
	return n
}

// hammer opens cases as fast as everybody can, until the end comes.
func hammer(t testing.TB, c *town, people []*client, until time.Duration, end func()) (done []written) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), until)
	defer cancel()
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, who := range people {
		group.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("kill-%08d", i)
				raw, ok := tryOpen(c, who, key)
				if !ok {
					return
				}
				mu.Lock()
				done = append(done, written{who, key, raw})
				mu.Unlock()
			}
		})
	}
	<-ctx.Done()
	end()
	group.Wait()
	return done
}

// tryOpen opens a case; false once nobody answers any more.
func tryOpen(c *town, who *client, key string) (raw string, ok bool) {
	body := encoded(map[string]string{"item": permitItem, "office": villageOffice})
	req, err := http.NewRequest(http.MethodPost, c.url+"/api/v1/cases", bytes.NewReader(body))
	if err != nil {
		return "", false
	}
	req.Header = http.Header{"Content-Type": {jsonMedia}, "Idempotency-Key": {key}, "Authorization": {"Bearer " + who.token}}
	resp, err := c.http.Do(req)
	if err != nil {
		return "", false
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(resp.Body)
	return b.String(), err == nil && resp.StatusCode == http.StatusOK
}

// remoteCitizen signs somebody in whose WeChat is another process.
func remoteCitizen(t testing.TB, c *town, play string, i int) *client {
	t.Helper()
	wechat := &client{t: t, town: &town{url: play, http: c.http}}
	person := wechat.post("/sandbox/persons", map[string]string{"name": madeUp(int64(i))}).ok()
	code := wechat.post("/sandbox/login-code", map[string]string{"openid": person.text("openid")}).ok().text("code")
	p := &client{t: t, town: c}
	p.token = p.post("/api/v1/sessions", map[string]string{"code": code}).ok().text("token")
	p.post("/api/v1/me/real-name", map[string]string{"name": person.text("name"), "number": person.text("id_number")}).ok()
	return p
}
