// Package soak (耐久考验) lets many people use a real server for as long as one
// likes while it is killed, restarted and its clock is set, and then decides
// from what everybody was answered whether all of it can be true.
package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"sync"
	"time"
)

// Appointments is a soak of holding, booking, moving and cancelling.
type Appointments struct {
	Length   time.Duration
	Visitors int
	KillEach time.Duration // SIGKILL and restart so often; 0 = never
	Dir      string        // data of the server
	Out      io.Writer     // progress, one line a restart

	// Serve makes a command that serves on an address from a data folder, with
	// a clock that is ahead of the machine's.
	Serve func(ctx context.Context, addr, play, dir string, ahead time.Duration) *exec.Cmd
}

// Result is what came of it.
type Result struct {
	Acts     int // answered requests that change something
	Retried  int // requests sent again because no answer came
	Kills    int
	Seats    int // taken
	Refused  int // because a slot was full
	Lapsed   int // holds that time ended
	Problems []string
}

// Run soaks. The error says that it could not be done; what the server did
// wrong is in the result.
func (a Appointments) Run(ctx context.Context) (r Result, err error) {
	s, err := newServer(ctx, a)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.kill()) }()
	h := &history{begun: time.Now()}
	visitors, err := a.visitors(ctx, s, h)
	if err != nil {
		return r, err
	}
	slots, err := visitors[0].offered(ctx)
	if err != nil {
		return r, err
	}
	until := time.Now().Add(a.Length)
	var all sync.WaitGroup
	failed := make([]error, len(visitors))
	for i, v := range visitors {
		all.Go(func() { failed[i] = v.visit(ctx, slots, until) })
	}
	kills, err := a.disturb(ctx, s, until)
	all.Wait()
	if err = errors.Join(append(failed, err)...); err != nil {
		return r, err
	}
	for _, v := range visitors {
		if err := v.account(ctx); err != nil {
			return r, err
		}
	}
	if _, err := visitors[0].look(ctx, slots); err != nil {
		return r, err
	}
	r = h.judge(slots)
	r.Kills = kills
	return r, nil
}

func (a Appointments) visitors(ctx context.Context, s *server, h *history) ([]*visitor, error) {
	list := make([]*visitor, a.Visitors)
	for i := range list {
		list[i] = &visitor{number: i, server: s, history: h, random: rand.New(rand.NewPCG(uint64(i), 1))}
		if err := list[i].enter(ctx); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// disturb kills and restarts the server until the end; each time its clock
// jumps, sometimes back.
func (a Appointments) disturb(ctx context.Context, s *server, until time.Time) (kills int, err error) {
	jumps := []time.Duration{7 * time.Minute, 2 * time.Minute, 20 * time.Minute, 20 * time.Minute, 0}
	for a.KillEach > 0 && time.Now().Add(a.KillEach).Before(until) {
		select {
		case <-ctx.Done():
			return kills, ctx.Err()
		case <-time.After(a.KillEach):
		}
		if err := s.kill(); err != nil {
			return kills, err
		}
		ahead := jumps[kills%len(jumps)]
		kills++
		begun := time.Now()
		if err := s.start(ctx, ahead); err != nil {
			return kills, err
		}
		fmt.Fprintf(a.Out, "killed and back after %v, its clock %v ahead\n", time.Since(begun).Round(time.Millisecond), ahead)
	}
	return kills, nil
}
