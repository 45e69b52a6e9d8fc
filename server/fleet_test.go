package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/storage/storetest"
)

// balancer sends each request to the next instance, and on to another one where
// nobody listens, as any load balancer does.
type balancer struct {
	urls [2]atomic.Pointer[string]
	next atomic.Int64
	http *http.Client
}

func (b *balancer) open(token, key string) (status int, answer string, err error) {
	body := encoded(map[string]string{"item": permitItem, "office": villageOffice})
	for range 200 {
		url := *b.urls[b.next.Add(1)%2].Load()
		req, err := http.NewRequest(http.MethodPost, url+"/api/v1/cases", bytes.NewReader(body))
		if err != nil {
			return 0, "", err
		}
		req.Header = http.Header{"Content-Type": {jsonMedia}, "Idempotency-Key": {key}, "Authorization": {"Bearer " + token}}
		resp, err := b.http.Do(req)
		if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
			continue
		}
		if err != nil {
			return 0, "", err
		}
		defer resp.Body.Close()
		raw, err := io.ReadAll(resp.Body)
		return resp.StatusCode, string(raw), err
	}
	return 0, "", errors.New("nobody listens")
}

// TestARollingRestartFailsNoRequest replaces two instances on one database one
// after the other while people write.
func TestARollingRestartFailsNoRequest(t *testing.T) {
	if !storetest.OnPostgres() {
		t.Skip("is about PostgreSQL")
	}
	dir := t.TempDir()
	fleet := []*process{launch(t, dir, []string{anyPort, "YIMEN_LIMITS=off"}).ready(), launch(t, dir, []string{anyPort, "YIMEN_LIMITS=off"}).ready()}
	b := &balancer{http: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	for i, p := range fleet {
		b.urls[i].Store(&p.url)
	}
	play := regexp.MustCompile(`page=(http://\S+)/sandbox/`).FindStringSubmatch(fleet[0].out.String())[1]
	c := &town{url: fleet[0].url, http: b.http}
	var people []*client
	for i := range 4 {
		people = append(people, remoteCitizen(t, c, play, i))
	}
	var stop atomic.Bool
	var written atomic.Int64
	var group sync.WaitGroup
	for n, who := range people {
		group.Go(func() {
			for i := 0; !stop.Load(); i++ {
				status, answer, err := b.open(who.token, fmt.Sprintf("rolling-%d-%06d", n, i))
				if err != nil || status != http.StatusOK {
					t.Errorf("request failed: %d %v %s", status, err, answer)
					return
				}
				written.Add(1)
			}
		})
	}
	for i, p := range fleet {
		time.Sleep(300 * time.Millisecond)
		require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
		require.Zero(t, p.status(), "%s", &p.out)
		fleet[i] = launch(t, dir, []string{anyPort, "YIMEN_LIMITS=off"}).ready()
		b.urls[i].Store(&fleet[i].url)
	}
	time.Sleep(300 * time.Millisecond)
	stop.Store(true)
	group.Wait()
	c.url = fleet[1].url
	have := 0
	for _, who := range people {
		have += len(walked(t, who, "/api/v1/cases", 100, nil))
	}
	require.EqualValues(t, written.Load(), have, "every answered write, once")
	require.Greater(t, have, 20)
}
