package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/yimen-gov/yimen/server/soak"
)

type soakCmd struct {
	Appointments soakAppointmentsCmd `cmd:"" help:"Hold, book, move and cancel from many phones while the server is killed, restarted and its clock set; then judge whether all answers can be true."`
	Chaos        soakChaosCmd        `cmd:"" help:"Three instances on PostgreSQL with a standby, a Redis Cluster and S3: kill and stop each in turn while people book and open cases; then judge. Needs postgres, redis-server and versitygw."`
	Serve        soakServeCmd        `cmd:"" hidden:""`
}

type soakAppointmentsCmd struct {
	Minutes  float64       `default:"1" help:"How long."`
	Visitors int           `default:"32" help:"How many people at once."`
	KillEach time.Duration `default:"5s" help:"SIGKILL and restart the server so often; 0 for never."`
}

// Validate refuses what cannot be soaked.
func (c soakAppointmentsCmd) Validate() error {
	if c.Minutes <= 0 || c.Visitors < 1 || c.Visitors > 1000 || c.KillEach < 0 {
		return errors.New("--minutes more than 0, --visitors 1 to 1000, --kill-each not negative")
	}
	return nil
}

// Run soaks on a server of its own; answers that cannot all be true are an error.
func (c soakAppointmentsCmd) Run(s streams) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "yimen-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r, err := soak.Appointments{
		Length: time.Duration(c.Minutes * float64(time.Minute)), Visitors: c.Visitors, KillEach: c.KillEach,
		Dir: dir, Out: s.out, Serve: soakServer,
	}.Run(ctx)
	if err != nil {
		return err
	}
	return judged(s, r)
}

func judged(s streams, r soak.Result) error {
	fmt.Fprintf(s.out, "%d acts answered, %d asked again, %d kills; %d seats taken, %d refused as full, %d lapsed\n",
		r.Acts, r.Retried, r.Kills, r.Seats, r.Refused, r.Lapsed)
	for _, p := range r.Problems {
		fmt.Fprintln(s.out, "PROBLEM:", p)
	}
	if len(r.Problems) > 0 {
		return fmt.Errorf("%d problems", len(r.Problems))
	}
	fmt.Fprintln(s.out, "all answers can be true: every booking is there, none twice, no slot oversold at any moment")
	return nil
}

// soakServer makes a server whose clock is ahead.
func soakServer(ctx context.Context, addr, play, dir string, ahead time.Duration) *exec.Cmd {
	return self(ctx, "soak", "serve", "--ahead", ahead.String(), "--addr", addr, "--sandbox-addr", play, "--data", dir, "--limits", "off")
}

// soakServeCmd serves with a clock that is set ahead.
type soakServeCmd struct {
	Ahead time.Duration `required:""`
}

// Run serves until it is killed.
func (c soakServeCmd) Run(conf *Config, s streams) error {
	ctx := context.Background()
	in, err := openInstance(ctx, conf, newLog(conf, s), func() time.Time { return time.Now().Add(c.Ahead) })
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", conf.Addr)
	if err != nil {
		return err
	}
	return in.serve(ctx, l)
}
