// Package maps (地图服务) asks other people's engines for travel times: OSRM and
// Tencent Location Service. It decides when not to: an engine that is slow, down
// or out of quota is left alone for a while, and somebody else answers.
package maps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/yimen-gov/yimen/pkg/circle"
)

// Limits bounds what is asked of an engine. The zero value takes the defaults.
type Limits struct {
	Timeout time.Duration // for all calls of one question; 0 = 800 ms
	Rest    time.Duration // how long an engine that failed is left alone; 0 = 30 s
	Batch   int           // places in one call; 0 = what the engine documents
}

const (
	defaultTimeout = 800 * time.Millisecond
	defaultRest    = 30 * time.Second
	tripAfter      = 5       // failures in a row
	answerMost     = 4 << 20 // bytes
)

// engine is what the two have in common.
type engine struct {
	client  *http.Client
	timeout time.Duration
	breaker *gobreaker.CircuitBreaker[[]circle.Estimate]
}

func newEngine(name string, client *http.Client, l Limits) engine {
	if l.Timeout <= 0 {
		l.Timeout = defaultTimeout
	}
	if l.Rest <= 0 {
		l.Rest = defaultRest
	}
	return engine{
		client: client, timeout: l.Timeout,
		breaker: gobreaker.NewCircuitBreaker[[]circle.Estimate](gobreaker.Settings{
			Name: name, Timeout: l.Rest,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripAfter },
			// Somebody who hangs up says nothing about the engine.
			IsExcluded: func(err error) bool { return errors.Is(err, context.Canceled) },
		}),
	}
}

// batches asks for the stops so many at a time, all within the time-out.
func (e *engine) batches(ctx context.Context, to []circle.Stop, size int, ask func(context.Context, []circle.Stop) ([]circle.Estimate, error)) ([]circle.Estimate, error) {
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	times := make([]circle.Estimate, 0, len(to))
	for len(to) > 0 {
		batch := to[:min(size, len(to))]
		to = to[len(batch):]
		got, err := e.breaker.Execute(func() ([]circle.Estimate, error) { return ask(ctx, batch) })
		if err != nil {
			return nil, circle.ErrTravel.Because(fmt.Errorf("%s: %w", e.breaker.Name(), err))
		}
		if len(got) != len(batch) {
			return nil, circle.ErrTravel.Because(fmt.Errorf("%s: %d answers to %d questions", e.breaker.Name(), len(got), len(batch)))
		}
		times = append(times, got...)
	}
	return times, nil
}

// get reads a JSON answer, whatever its status: both engines explain
// themselves in the body.
func (e *engine) get(ctx context.Context, url string, answer any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := e.client.Do(req)
	if err != nil {
		return unwrapped(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(io.LimitReader(resp.Body, answerMost)).Decode(answer); err != nil {
		return fmt.Errorf("status %d: %w", resp.StatusCode, err)
	}
	return nil
}

// unwrapped drops the address from a client's error: it holds the key and
// where somebody stands.
func unwrapped(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
