package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// chaosInstances is how many instances serve the city while it is broken.
const chaosInstances = 3

// Chaos is a soak of a whole fleet on real engines: instances, PostgreSQL with
// a standby, a Redis Cluster and S3 are killed and stopped in turn while people
// book and open cases.
type Chaos struct {
	Length   time.Duration
	Visitors int
	Dir      string
	Out      io.Writer // what was broken, and how long nobody was answered

	Serve func(env ...string) *exec.Cmd       // serves, by its environment
	Play  func(address string) *exec.Cmd      // the local WeChat
	Audit func(env ...string) (string, error) // of the ledger
}

// Outcome is what came of it.
type Outcome struct {
	Result
	Cases    int           // opened, each answered once
	Broken   int           // kills and stops
	Failover time.Duration // from the primary's death to the first answered write
	Audit    string
}

// fleet is everything that runs.
type fleet struct {
	pg        *cluster
	redis     []*peer
	bucket    *peer
	play      *peer
	instances []*peer
	balance   *balancer
	env       []string
}

// Run breaks everything once and again until the time is over, the primary
// last, for good. The error says that it could not be done.
func (c Chaos) Run(ctx context.Context) (o Outcome, err error) {
	f, err := c.fleet(ctx)
	defer f.end()
	if err != nil {
		return o, err
	}
	h := &history{begun: time.Now()}
	s := &server{url: fleetURL, play: "http://" + f.play.name, http: f.balance.client()}
	visitors, err := (Appointments{Visitors: c.Visitors}).visitors(ctx, s, h)
	if err != nil {
		return o, err
	}
	slots, err := visitors[0].offered(ctx)
	if err != nil {
		return o, err
	}
	load, stop := context.WithCancel(ctx)
	defer stop()
	until := make(chan struct{})
	failed := make([]error, len(visitors))
	opened := make([]int, len(visitors))
	var all sync.WaitGroup
	for i, v := range visitors {
		all.Go(func() { opened[i], failed[i] = v.busy(load, slots, until) })
	}
	o.Broken, o.Failover, err = c.breakAll(ctx, f)
	close(until)
	all.Wait()
	if err = errors.Join(append(failed, err)...); err != nil {
		return o, errors.Join(err, f.defects())
	}
	for i, v := range visitors {
		if err := errors.Join(v.account(ctx), v.countCases(ctx, opened[i])); err != nil {
			return o, err
		}
		o.Cases += opened[i]
	}
	if _, err := visitors[0].look(ctx, slots); err != nil {
		return o, err
	}
	o.Result = h.judge(slots)
	o.Audit, err = c.Audit(f.env...)
	return o, err
}

// fleet starts everything.
func (c Chaos) fleet(ctx context.Context) (f *fleet, err error) {
	f = &fleet{balance: newBalancer()}
	if f.pg, err = newCluster(ctx, c.Dir); err != nil {
		return f, err
	}
	var redis, files string
	if f.redis, redis, err = newRedisCluster(ctx, c.Dir); err != nil {
		return f, err
	}
	if f.bucket, files, err = newBucket(ctx, c.Dir); err != nil {
		return f, err
	}
	play, err := freeAddress()
	if err != nil {
		return f, err
	}
	f.play = &peer{name: play, up: answersOn(play), command: func() *exec.Cmd { return c.Play(play) }}
	if err := f.play.start(ctx); err != nil {
		return f, err
	}
	f.env = []string{"YIMEN_DB=" + f.pg.url, "YIMEN_REDIS=" + redis, "YIMEN_FILES=" + files, "YIMEN_DATA=" + c.Dir + "/var",
		"YIMEN_S3_ACCESS_KEY=" + BucketKey, "YIMEN_S3_SECRET_KEY=" + BucketSecret, "YIMEN_WECHAT_BASE_URL=http://" + play, "YIMEN_LIMITS=off", "YIMEN_DB_CONNS=8"}
	for i := range chaosInstances {
		if err := f.add(ctx, c, i+1); err != nil {
			return f, err
		}
	}
	go f.balance.watch(ctx)
	return f, nil
}

// add starts one more instance.
func (f *fleet) add(ctx context.Context, c Chaos, n int) error {
	at, err := freeAddress()
	if err != nil {
		return err
	}
	f.balance.add(at)
	p := &peer{name: fmt.Sprintf("instance %d", n), command: func() *exec.Cmd { return c.Serve(append(f.env, "YIMEN_ADDR="+at)...) },
		up: func(ctx context.Context) error { return ready(ctx, at) }}
	f.instances = append(f.instances, p)
	return p.start(ctx)
}

// ready asks an instance whether it is.
func ready(ctx context.Context, at string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+at+"/readyz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %d", res.StatusCode)
	}
	return nil
}

// defects are what the instances have logged of failures that are ours.
func (f *fleet) defects() error {
	var list []error
	for _, p := range f.instances {
		p.kill() // so that nothing writes into what is read
		for line := range strings.Lines(p.said.String()) {
			if strings.Contains(line, "code=internal") || strings.Contains(line, "panic") {
				list = append(list, errors.New(p.name+": "+strings.TrimSpace(line)))
			}
		}
	}
	return errors.Join(list...)
}

// end kills whatever runs.
func (f *fleet) end() {
	list := append(append([]*peer{f.play, f.bucket}, f.instances...), f.redis...)
	if f.pg != nil {
		list = append(list, f.pg.primary, f.pg.standby)
	}
	for _, p := range list {
		if p != nil {
			p.thaw()
			p.kill()
		}
	}
}

// breakAll kills and stops one after the other until the time is over; then
// the primary dies and the standby takes over.
func (c Chaos) breakAll(ctx context.Context, f *fleet) (broken int, failover time.Duration, err error) {
	list := append(append([]*peer{f.bucket, f.pg.standby, f.pg.primary}, f.instances...), f.redis...)
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	until := time.Now().Add(c.Length)
	for i := 0; time.Now().Before(until); i++ {
		p := list[i%len(list)]
		if err := c.breakOne(ctx, f, p, i/len(list)%2 == i%2); err != nil {
			return broken, 0, err
		}
		broken++
	}
	f.balance.beat.reset()
	begun := time.Now()
	f.pg.primary.kill()
	if err := f.pg.promote(ctx); err != nil {
		return broken, 0, err
	}
	for f.balance.beat.first().Before(begun) {
		if time.Since(begun) > time.Minute {
			return broken, 0, errors.New("nobody was answered for a minute after the standby took over")
		}
		time.Sleep(5 * time.Millisecond)
	}
	failover = f.balance.beat.first().Sub(begun)
	fmt.Fprintf(c.Out, "primary killed, standby promoted: first write answered after %v\n", failover.Round(time.Millisecond))
	time.Sleep(2 * time.Second)
	return broken + 1, failover, nil
}

// breakOne kills or stops a peer for a second and tells for how long nobody's
// write was answered meanwhile.
func (c Chaos) breakOne(ctx context.Context, f *fleet, p *peer, kill bool) error {
	f.balance.beat.reset()
	what := "SIGSTOP"
	if kill {
		what = "SIGKILL"
		p.kill()
	} else {
		p.freeze()
	}
	time.Sleep(time.Second)
	if kill {
		if err := p.start(ctx); err != nil {
			return err
		}
	} else {
		p.thaw()
	}
	time.Sleep(1500 * time.Millisecond)
	fmt.Fprintf(c.Out, "%s %s: longest time without an answered write %v\n", what, p.name, f.balance.beat.longest().Round(time.Millisecond))
	return nil
}

// busy books and opens cases until it is told to stop; what is under way is
// finished.
func (v *visitor) busy(ctx context.Context, slots []slot, until chan struct{}) (opened int, err error) {
	for {
		select {
		case <-until:
			if v.had[v.id] == "held" {
				return opened, v.book(ctx)
			}
			return opened, nil
		default:
		}
		if err := v.act(ctx, slots); err != nil {
			return opened, err
		}
		if v.random.IntN(4) > 0 {
			continue
		}
		if _, err := v.must(ctx, http.MethodPost, v.server.url+"/api/v1/cases", map[string]string{"item": item, "office": office}); err != nil {
			return opened, err
		}
		opened++
	}
}

// countCases compares the cases that are there with those answered.
func (v *visitor) countCases(ctx context.Context, opened int) error {
	have := 0
	for cursor := ""; ; {
		a, err := v.must(ctx, http.MethodGet, v.server.url+"/api/v1/cases?limit=100&cursor="+cursor, nil)
		if err != nil {
			return err
		}
		have += len(maps(a.body["items"]))
		if cursor = a.text("next_cursor"); cursor == "" {
			break
		}
	}
	if have != opened {
		v.history.problem("visitor %d was told of %d cases and has %d", v.number, opened, have)
	}
	return nil
}
