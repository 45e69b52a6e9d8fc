package bench

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"
)

// The local WeChat allows a person 100 logins a minute, and a code lives five
// minutes: codes for a whole measurement are drawn before it.
const (
	loginClients = 16
	loginCodes   = 90   // a person
	loginMost    = 2000 // a second, more than is reached
)

// logins measures how many people a second get in: WeChat's answer, the
// account, the session, durable.
func logins(ctx context.Context, r *Report) error {
	return withHouse(ctx, r, func(house House) error {
		client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: loginClients}}
		codes, err := drawCodes(ctx, &phone{house: house, http: client}, int(r.Length.Seconds()*loginMost)+loginCodes)
		if err != nil {
			return err
		}
		start := time.Now()
		each, err := letIn(ctx, house, client, codes, start.Add(r.Length))
		if err != nil {
			return err
		}
		took := time.Since(start).Seconds()
		slices.Sort(each)
		if err := r.Tell("logins a second, 16 phones", float64(len(each))/took, "1/s"); err != nil {
			return err
		}
		return r.Tell("login, 99 of 100 within", milliseconds(percentile(each, 0.99)), "ms")
	})
}

func drawCodes(ctx context.Context, p *phone, n int) (chan string, error) {
	codes := make(chan string, n+loginCodes)
	for len(codes) < n {
		who, err := p.newcomer(ctx)
		if err != nil {
			return nil, err
		}
		for range loginCodes {
			code, err := p.code(ctx, who)
			if err != nil {
				return nil, err
			}
			codes <- code
		}
	}
	close(codes)
	return codes, nil
}

// letIn logs in until the deadline or until no code is left.
func letIn(ctx context.Context, house House, client *http.Client, codes <-chan string, until time.Time) (each []time.Duration, err error) {
	var all sync.WaitGroup
	took := make([][]time.Duration, loginClients)
	failed := make([]error, loginClients)
	for i := range loginClients {
		all.Go(func() {
			for code := range codes {
				start := time.Now()
				if start.After(until) {
					return
				}
				if failed[i] = (&phone{house: house, http: client}).login(ctx, code); failed[i] != nil {
					return
				}
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	all.Wait()
	for i := range took {
		if failed[i] != nil {
			return nil, failed[i]
		}
		each = append(each, took[i]...)
	}
	return each, nil
}
